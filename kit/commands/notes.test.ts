import { spawnSync } from "node:child_process";
import {
	appendFileSync,
	mkdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { copyKit, resultsOf } from "../book/fixtures/pages.ts";

const COPY = copyKit();
const HINTS = join(COPY, "steps", ".hints.json");
const RESULTS = join(COPY, "steps", ".progress.json");

// A command takes two or three tenths of a second, and one second on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

afterAll(() => rmSync(COPY, { recursive: true }));
afterEach(() => {
	for (const file of [HINTS, RESULTS])
		rmSync(file, { recursive: true, force: true });
});

/** `npm run notes …`, started as npm starts it. */
function run(command: "notes" | "hint", args: string[], shell = "") {
	const node = [process.execPath, "kit/launch.cjs", command];
	const { NO_COLOR, FORCE_COLOR, ...env } = process.env;
	const { status, stdout, stderr } = spawnSync(
		"sh",
		["-c", `"$@" ${shell}`, "sh", ...node, ...args],
		{ cwd: COPY, env, encoding: "utf8" },
	);
	return { status, stdout, stderr };
}

test("a page by number and by name, plain in a pipe and 80 columns wide", () => {
	const { status, stdout, stderr } = run("notes", ["3"]);
	expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
	expect(stdout).toMatch(
		/^Step 3 · The page of hostname\n━+\n\nA rename inside/,
	);
	expect(stdout).toContain("10 minutes · new: `sethostname(2)`");
	expect(stdout).not.toContain("\x1b");
	expect(stdout).not.toContain("Inner answer");
	expect(stdout).toMatch(/With the answers: npm run notes 3 -- --answers\n$/);
	expect(run("notes", ["hostname"]).stdout).toBe(stdout);
	expect(run("notes", ["3", "--answers"]).stdout).toContain("Inner answer");
});

test("the step at hand is new in its diagram, and those before it are not", () => {
	const { stdout } = run("notes", ["4"]);
	expect(stdout).toMatch(/root +┃ +own +◀ new/);
	expect(stdout).toMatch(/UTS +┃ +own: container +│/);
	expect(stdout).toMatch(/PID +╌+ shared/);
	expect(stdout).toMatch(/\/proc +│ +none/);
	expect(run("notes", ["3"]).stdout).toMatch(/UTS +┃ +own: container +◀ new/);
	expect(run("notes", ["1"]).stdout).toMatch(/┬ container ◀ new ─+┐/);
});

test("the first page and the instructor's", () => {
	expect(run("notes", ["0"]).stdout).toMatch(/^Start here/);
	expect(run("notes", ["start"]).stdout).toMatch(/^Start here/);
	expect(run("notes", ["instructor"]).stdout).toMatch(/^For the instructor/);
});

test("a reader that goes away after one line is no error", () => {
	const { status, stdout, stderr } = run("notes", ["3"], "| head -1");
	expect(stderr).toBe("");
	expect(stdout).toBe("Step 3 · The page of hostname\n");
	expect(status).toBe(0);
});

test("wrong words get the list of steps and status 2", () => {
	for (const [command, ...args] of [
		["notes", "77"],
		["notes", "3", "4"],
		["notes", "--what"],
		["hint", "abc"],
	] as const) {
		const { status, stdout, stderr } = run(command, [...args]);
		expect({ args, status, stdout }).toEqual({ args, status: 2, stdout: "" });
		expect(stderr).toContain(`Usage: npm run ${command}`);
	}
	expect(run("hint", ["77"]).stderr).toContain("  3  hostname\n");
});

test("without a step: the first that is not known to be right", () => {
	const first = join(COPY, "steps/01-exec/container.ts");
	const before = readFileSync(first, "utf8");
	expect(run("notes", []).stdout).toMatch(/^Step 1 /);
	appendFileSync(first, "// begun\n");
	expect(run("notes", ["--list"]).stdout).toMatch(
		/◐ 1 .*◀ you are here[\s\S]*○ 2 /,
	);

	writeFileSync(RESULTS, resultsOf(COPY, "01-exec", false));
	expect(run("hint", []).stdout).toMatch(/^Step 1, hint 1 of 3/);
	writeFileSync(RESULTS, resultsOf(COPY, "01-exec", true));
	expect(run("notes", []).stdout).toMatch(/^Step 2 /);
	expect(run("notes", ["--list"]).stdout).toMatch(/✔ 1 /);
	writeFileSync(first, before);
});

test("hints come one at a time, from the nudge to the last", () => {
	expect(run("hint", ["3"]).stdout).toMatch(
		/^Step 3, hint 1 of 3\n.*UTS namespace[\s\S]*2 more are left: npm run hint 3\n$/,
	);
	// Another step has its own count.
	expect(run("hint", ["4"]).stdout).toMatch(/^Step 4, hint 1 of 3\n/);
	expect(run("hint", ["3"]).stdout).toMatch(
		/hint 2 of 3[\s\S]*One more is left/,
	);
	expect(run("hint", ["3"]).stdout).toMatch(/hint 3 of 3[\s\S]*the last one/);
	expect(run("hint", ["3"]).stdout).toMatch(/^You have had all 3 hints/);
});

test("--again repeats the shown hints, --all shows every hint", () => {
	run("hint", ["3"]);
	run("hint", ["3"]);
	const again = run("hint", ["3", "--again"]).stdout;
	expect(again.match(/hint \d of 3/g)).toEqual(["hint 1 of 3", "hint 2 of 3"]);
	expect(run("hint", ["3"]).stdout).toContain("hint 3 of 3");
	expect(
		run("hint", ["5", "--all"]).stdout.match(/hint \d of 3/g),
	).toHaveLength(3);
	expect(run("hint", ["5"]).stdout).toMatch(/^You have had all/);
});

test("a hint is shown even if the count can't be written, or is broken", () => {
	mkdirSync(HINTS);
	const { status, stdout, stderr } = run("hint", ["3"]);
	expect(status).toBe(0);
	expect(stdout).toMatch(/^Step 3, hint 1 of 3/);
	expect(stderr).toMatch(/can't write steps\/\.hints\.json \(EISDIR\)/);
	rmSync(HINTS, { recursive: true });
	for (const broken of [
		"{",
		"null",
		'{"03-hostname": "x"}',
		'{"03-hostname": -1}',
		'{"03-hostname": 99}',
	]) {
		writeFileSync(HINTS, broken);
		expect(run("hint", ["3"]).status).toBe(0);
	}
});

test("on a terminal: the pager where the page is longer, links that can be clicked, colour unless it is unwanted", () => {
	/** On a terminal of 24 rows and 60 columns, which `script` (in every Debian) makes. */
	const onTerminal = (settings: string) => {
		const command = `stty rows 24 cols 60; ${settings} ${process.execPath} kit/launch.cjs notes 3`;
		const { CI, NO_COLOR, FORCE_COLOR, ...env } = process.env;
		return spawnSync("script", ["-qec", command, "/dev/null"], {
			cwd: COPY,
			env: { ...env, TERM: "xterm-256color" },
			encoding: "utf8",
		}).stdout.replaceAll("\r\n", "\n");
	};
	const paged = onTerminal("PAGER='head -n 2' VTE_VERSION=");
	expect(paged.startsWith("\x1b[1m")).toBe(true);
	expect(paged).toMatch(/^.*Step 3 · .*\n.*━+.*\n$/);
	const whole = onTerminal("PAGER=cat VTE_VERSION=6800");
	expect(whole).toContain("\x1b]8;;https://man7.org/");
	expect(whole).toContain("─".repeat(60));
	expect(whole).not.toContain("─".repeat(61));
	expect(onTerminal("PAGER=cat NO_COLOR=1 VTE_VERSION=6800")).not.toContain(
		"\x1b",
	);
	// Without the pager, the page is printed.
	expect(onTerminal("PAGER=no-such-pager")).toContain("With the answers:");
});
