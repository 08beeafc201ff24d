/** Types the commands of a transcript again, in a sandbox. */

import { spawn, spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOTFS } from "../../runtime/rootfs.ts";
import { prepareRootfs } from "../host/rootfs.ts";
import { HOME, listSteps } from "../steps/catalog.ts";
import { starter } from "../steps/starter.ts";
import type { Transcript } from "./transcripts.ts";

const LIMIT_MS = 180_000;
/** Mounts the steps and a forgetful root file system, then runs the session. */
const PREPARE = join(import.meta.dirname, "play.sh");

/** Whether transcripts can be played here: by root on Linux, where namespaces may be made. */
export function playable(): boolean {
	return spawnSync("unshare", [...sandbox(), "true"]).status === 0;
}

/**
 * Types a transcript's commands into one shell, in a sandbox that leaves
 * nothing behind: no process, no mount, no host name, and in the root file
 * system no file.
 *
 * @returns what appeared after each command
 */
export async function play({
	step,
	starter: beginning,
	exchanges,
}: Pick<Transcript, "step" | "starter" | "exchanges">): Promise<string[]> {
	const mark = `-- ${Math.random().toString(36).slice(2)} --`;
	// The mark keeps $? for the next command to see.
	const typed = [
		`mark() { set -- $?; printf '\\n%s\\n' '${mark}'; return $1; }`,
		...exchanges.map(({ command }) => `${command}\nmark`),
	].join("\n");
	const shell =
		existsSync("/bin/bash") && existsSync(`${ROOTFS}/bin/bash`) ? "bash" : "sh";
	const session = step
		? [
				"sh",
				"-c",
				`${solutionCommand()} "$@"`,
				"sh",
				String(step.number),
				shell,
				"-c",
				typed,
			]
		: [shell, "-c", typed];

	const appeared = await inSandbox(session, beginning);
	const pieces = appeared.split(`\n${mark}\n`);
	return exchanges.map((_, index) => {
		// What comes after the last mark belongs to the last command.
		const last = index === exchanges.length - 1;
		const text = last ? pieces.slice(index).join("") : (pieces[index] ?? "");
		return atPrompt(text, shell);
	});
}

/** What `npm run solution` runs. */
function solutionCommand(): string {
	const { scripts } = JSON.parse(
		readFileSync(join(HOME, "package.json"), "utf8"),
	);
	return scripts.solution;
}

/** A shell that reads no terminal puts the line into its errors: `bash: line 3: kill: …`. */
function atPrompt(text: string, shell: string): string {
	return text.replace(/^(bash|sh): (line )?\d+: /gm, `${shell}: `);
}

/** Under Docker the PIDs and /proc stay as they are, for the pages speak of what Docker has done to them; its container ends all. */
function sandbox(): string[] {
	const kinds = ["--mount", "--uts", "--ipc"];
	if (process.env.WORKSHOP_SANDBOX === "docker") return kinds;
	return [...kinds, "--pid", "--fork", "--kill-child", "--mount-proc"];
}

async function inSandbox(
	session: string[],
	beginning: boolean,
): Promise<string> {
	prepareRootfs(() => {});
	const folder = mkdtempSync(join(tmpdir(), "transcript-"));
	try {
		mkdirSync(join(folder, "layer"));
		mkdirSync(join(folder, "steps"));
		for (const step of listSteps())
			writeFileSync(
				join(folder, "steps", step.id),
				beginning ? starter(step) : readFileSync(step.solution),
			);
		const forgetful = session.some((word) => word.includes("apt-get"));
		return await output("unshare", [
			...sandbox(),
			...["sh", PREPARE, folder, forgetful ? ROOTFS : ""],
			...session,
		]);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** What a program prints, on stdout and stderr in the order of its doing so. */
async function output(program: string, args: string[]): Promise<string> {
	const child = spawn(program, args, {
		cwd: HOME,
		env: environment(),
		stdio: ["ignore", "pipe", "inherit"],
		timeout: LIMIT_MS,
		killSignal: "SIGKILL",
		detached: true,
	});
	let text = "";
	child.stdout.setEncoding("utf8").on("data", (data) => {
		text += data;
	});
	await new Promise((resolve, reject) =>
		child.on("error", reject).on("close", resolve),
	);
	endGroup(child.pid ?? 0);
	return text;
}

/** What a session left in the background: under Docker no PID namespace of the sandbox's ends it. */
function endGroup(leader: number): void {
	try {
		process.kill(-leader, "SIGKILL");
	} catch {
		// Nothing was left.
	}
}

/** A learner's: without what npm and the test runner add. This Node is the one that the kit runs on. */
function environment(): NodeJS.ProcessEnv {
	const { HOME: home, PATH, WORKSHOP_SANDBOX, WORKSHOP_ROOTFS } = process.env;
	return {
		HOME: home,
		PATH: `${dirname(process.execPath)}:${PATH}`,
		TERM: "xterm",
		LANG: "C.UTF-8",
		NO_COLOR: "1",
		npm_config_update_notifier: "false",
		// The sandbox around it makes any machine safe.
		WORKSHOP_SANDBOX: WORKSHOP_SANDBOX || "vm",
		...(WORKSHOP_ROOTFS ? { WORKSHOP_ROOTFS } : {}),
	};
}
