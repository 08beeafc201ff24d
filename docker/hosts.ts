/**
 * Boots another host and runs a script there: one with AppArmor and cgroup v2 only, or one of another
 * architecture. The boot scripts are not part of the kit: $WORKSHOP_HOSTS names their folder, by default
 * ../shared/hosts beside the checkout.
 */

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError } from "../kit/cli/terminal.ts";
import { HOME } from "../kit/steps/catalog.ts";

const HOSTS = process.env.WORKSHOP_HOSTS || join(HOME, "../shared/hosts");

/** A host's boot script, and the longest that an emulated one takes. */
const NAMES = ["x86-64", "arm64"] as const;

export type HostName = (typeof NAMES)[number];

/** Run before the tests: prints one line if there is no such host to boot. */
export function main(): number {
	const missing = NAMES.filter((name) => !existsSync(join(HOSTS, name)));
	if (missing.length > 0)
		throw new CommandError(
			1,
			`There is no script that boots a host: ${missing.map((name) => join(HOSTS, name)).join(", ")}. WORKSHOP_HOSTS names their folder.`,
		);
	return 0;
}

/**
 * Boots a host and runs a shell script in it, as root.
 *
 * @param what what the host gets: an image of this machine's engine, or a checkout of the kit
 * @returns what the script printed, and its status
 */
export async function onHost(
	name: HostName,
	what: string,
	script: string,
): Promise<{ text: string; status: number }> {
	const folder = mkdtempSync(join(tmpdir(), "host-"));
	try {
		const file = join(folder, "script.sh");
		writeFileSync(file, script);
		const console = await output(join(HOSTS, name), [what, file]);
		const [, text = "", status] =
			/GUEST-BEGIN\r?\n([\s\S]*?)GUEST-END (\d+)/.exec(console) ?? [];
		if (status === undefined)
			throw new Error(`the host did not run the script:\n${console}`);
		return { text: text.replaceAll("\r", ""), status: Number(status) };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function output(program: string, args: string[]): Promise<string> {
	const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
	let text = "";
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (data) => {
			text += data;
		});
	return new Promise((resolve, reject) =>
		child.on("error", reject).on("close", () => resolve(text)),
	);
}

/** The JSON objects in what a script printed: each begins and ends on a line of its own. */
export function objectsIn(text: string): unknown[] {
	return (text.match(/^\{\n[\s\S]*?^\}$/gm) ?? []).map((it) => JSON.parse(it));
}
