/** Errors after the way back to the kit's files has closed. */

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readStatus } from "../proc/status.ts";
import { kitWithChange } from "../testing/changed.ts";
import {
	descendants,
	execute,
	hasEnded,
	type Outcome,
	openTerminal,
	scriptWords,
	until,
} from "../testing/kit.ts";

const NOBODY = "\tsetgroups([]);\n\tsetgid(65534);\n\tsetuid(65534);\n";

/** A kit in whose step 7 a line stands above execvp. */
function kitWithLine(line: string): string {
	return kitWithChange(7, (text) =>
		text
			.replace("\texecvp(command)", `${line}\texecvp(command)`)
			.replace("import {", "import { setgid, setgroups, setuid,"),
	);
}

/** Step 7's container in a kit that is a mount: unmounting the old root takes the kit away, the learner's file with it. */
function inMountedKit(kit: string, ...command: string[]): string[] {
	const place = mkdtempSync(join(tmpdir(), "mounted-kit-"));
	onTestFinished(() => rmSync(place, { recursive: true }));
	return [
		...["unshare", "--mount", "sh", "-c"],
		`mount --bind ${kit} ${place}; cd ${place}; exec "$@"`,
		"sh",
		...scriptWords("step", kit).map((word) => word.replace(kit, place)),
		...["7", ...command],
	];
}

const runIn = (kit: string, ...command: string[]): Promise<Outcome> =>
	execute(inMountedKit(kit, ...command));

describe("after pivot_root and umount", () => {
	test("an error is told with the learner's line, and a caret", async () => {
		const kit = kitWithLine(`\tthrow new Error("my own words");\n`);
		const { status, stderr } = await runIn(kit, "true");
		expect(stderr).toMatch(
			/^✘ steps\/07-pivot-root\/container.ts:\d+:\d+ in child\n {2}\d+ │ \tthrow new Error\("my own words"\);\n +│ \t\s*\^\n {2}Error: my own words\n$/,
		);
		expect(status).toBe(125);
	});

	test("a failed system call is told with its advice", async () => {
		const kit = kitWithLine(`\tmount("nothing", "/nowhere", "tmpfs");\n`);
		const { status, stderr } = await runIn(kit, "true");
		expect(stderr).toMatch(
			/ {2}mount\("nothing", .* failed: E\w+ .*\n {2}here /,
		);
		expect(stderr).toContain('mount("nothing", "/nowhere", "tmpfs");');
		expect(status).toBe(125);
	});

	test("a name that is not imported is told with where it comes from", async () => {
		const kit = kitWithLine(`\tlimitCapabilities([]);\n`);
		const { stderr } = await runIn(kit, "true");
		expect(stderr).toContain(
			'limitCapabilities is not defined: add it to the import from "#runtime"',
		);
	});

	test("a command that is not there: its name, and 127", async () => {
		const { status, stderr } = await runIn(kitWithLine("\n"), "no-such");
		expect(stderr).toMatch(/^✘ no-such: not found in the container/);
		expect(status).toBe(127);
	});

	test("on a narrow terminal the words are wrapped", async () => {
		const kit = kitWithLine(`\tmount("nothing", "/nowhere", "tmpfs");\n`);
		const terminal = openTerminal([
			...["sh", "-c", 'stty cols 50; exec "$@"', "sh"],
			...inMountedKit(kit, "true"),
		]);
		await terminal.sees("here");
		expect(await terminal.ended).toBe(125);
		expect(terminal.text()).not.toContain("    at ");
	});
});

describe("after setuid, too: the child can read nothing any more, and its supervisor can", () => {
	test("an error is told with the learner's line", async () => {
		const kit = kitWithLine(`${NOBODY}\tthrow new Error("my own words");\n`);
		const { status, stderr } = await runIn(kit, "true");
		expect(stderr).toMatch(
			/^✘ steps\/07-pivot-root\/container.ts:(\d+):\d+ in child\n {2}\1 │ .*throw new Error\("my own words"\);\n.*\n {2}Error: my own words\n$/,
		);
		expect(status).toBe(125);
	});

	test("a failed system call is told with the line", async () => {
		const kit = kitWithLine(`${NOBODY}\tmount("x", "/mnt", "tmpfs");\n`);
		const { status, stderr } = await runIn(kit, "true");
		expect(stderr).toMatch(
			/:\d+:\d+ in child\n(.*\n){2} {2}mount\("x", .* failed: EPERM/,
		);
		expect(status).toBe(125);
	});

	test("a command that is not there: its name, and 127", async () => {
		const { status, stderr } = await runIn(kitWithLine(NOBODY), "no-such");
		expect(stderr).toMatch(
			/^✘ no-such: not found in the container \(execvp: ENOENT\)/,
		);
		expect(status).toBe(127);
	});
});

test("a container that has become another user still dies with its supervisor", async () => {
	const kit = kitWithLine(NOBODY);
	const [program = "", ...words] = [
		...scriptWords("step", kit),
		"7",
		"sleep",
		"60",
	];
	const supervisor = spawn(program, words, { cwd: kit, stdio: "ignore" });
	onTestFinished(() => void supervisor.kill("SIGKILL"));
	const command = () =>
		descendants(supervisor.pid).find((pid) =>
			readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("sleep\0"),
		);
	await until(() => command() !== undefined);
	const pid = command();
	onTestFinished(() => {
		if (!hasEnded(pid)) process.kill(pid ?? 0, "SIGKILL");
	});
	expect(readStatus(pid ?? 0)?.get("Uid")).toMatch(/^65534/);
	supervisor.kill("SIGKILL");
	await until(() => hasEnded(pid));
});
