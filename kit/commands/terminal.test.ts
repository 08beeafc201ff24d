/** The step's shell, and other commands with keys, as a person uses them at a terminal. */

import { execFileSync } from "node:child_process";
import {
	copyFileSync,
	readFileSync,
	readlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import {
	children,
	copyKit,
	descendants,
	execute,
	hasEnded,
	openTerminal,
	plain,
	type Terminal,
	until,
} from "../testing/kit.ts";

const [CTRL_C, CTRL_D, CTRL_Z] = ["\u0003", "\u0004", "\u001a"];
const PROMPT = /:[^\n]*# $/;

/** A shell in the reference's container, started by npm as a learner starts it. */
async function openShell(): Promise<Terminal> {
	const terminal = openTerminal(["npm", "run", "--silent", "solution", "6"]);
	await terminal.sees(PROMPT);
	return terminal;
}

/** The terminal's device, for setting its window size from outside. */
function deviceOf({ pid }: Terminal): string {
	return readlinkSync(`/proc/${children(pid)[0]}/fd/0`);
}

describe("in the step's shell", () => {
	test("Ctrl-C at the prompt drops the line, and ten of them drop nothing more", async () => {
		const { type, sees, ended } = await openShell();
		type(`a line that is not wanted${CTRL_C}`);
		await sees(/\^C\n.*# $/);
		for (let times = 0; times < 10; times++) {
			type(CTRL_C);
			await sees(PROMPT);
		}
		type("echo status $?, pid $$; exit 7\n");
		await sees(/\nstatus 130, pid 1\n/);
		expect(await ended).toBe(7);
	});

	test("Ctrl-C ends the program and not the shell", async () => {
		const { type, sees } = await openShell();
		for (const [round, keys] of [
			["first", CTRL_C],
			["second", CTRL_C],
			["third", CTRL_C.repeat(10)],
		]) {
			type(`echo ${round} begins; sleep 100\n`);
			await sees(`\n${round} begins\n`);
			type(keys ?? "");
			await sees(/\^C\n.*# $/);
			type(`echo "${round} ended with $?"\n`);
			await sees(`\n${round} ended with 130\n`);
		}
	});

	test("Ctrl-D leaves", async () => {
		const { type, ended } = await openShell();
		type(CTRL_D);
		expect(await ended).toBe(0);
	});

	test("Ctrl-Z stops a program, fg and bg go on with it", async () => {
		const { type, sees } = await openShell();
		type("echo begins; sleep 100\n");
		await sees("\nbegins\n");
		type(CTRL_Z);
		await sees(/Stopped +sleep 100\n/);
		type("bg\n");
		await sees(/sleep 100 &\n/);
		type("fg\n");
		await sees(/\nsleep 100\n/);
		type(CTRL_C);
		await sees(/\^C\n.*# $/);
		type("jobs; echo no jobs\n");
		expect(await sees(/\nno jobs\n/)).not.toMatch(/Running|Stopped/);
	});

	// Closes a window with a shell, and the step's shell in it. The PID namespace ends what ignores SIGHUP.
	test.each([
		[1, "sleep 1001"],
		[6, "nohup sleep 1000 >/dev/null 2>&1 & sleep 1001"],
	])("step %i: closed while it runs, nothing survives", async (step, line) => {
		const { type, sees, close, pid } = openTerminal(["bash", "--norc"]);
		await sees("# ");
		type(`npm run --silent solution ${step}\n`);
		await sees("Leave it with: exit");
		await sees(PROMPT);
		type(`${line}\n`);
		await until(() =>
			descendants(pid).some((it) => commandLine(it) === "sleep\u00001001\0"),
		);
		const all = descendants(pid);
		// The shell, npm, its shell, Node, the step's shell and what it runs.
		expect(all.length).toBeGreaterThanOrEqual(6);
		close();
		await until(() => all.every(hasEnded));
	});

	test("the window's size is the terminal's, and follows it", async () => {
		const terminal = await openShell();
		const { type, sees } = terminal;
		for (const [rows, columns] of [
			[24, 80],
			[50, 132],
		]) {
			execFileSync("stty", [
				...["-F", deviceOf(terminal)],
				...["rows", String(rows), "cols", String(columns)],
			]);
			type("stty size; echo $LINES $COLUMNS\n");
			await sees(`\n${rows} ${columns}\n${rows} ${columns}\n`);
		}
	});

	test("it restores the terminal", async () => {
		const { type, sees, ended } = openTerminal([
			...["sh", "-c"],
			'echo "was $(stty -g)."; npm run --silent solution 6; echo "is $(stty -g)."',
		]);
		const [, was] = /was (.*)\./.exec(await sees(/was .*\./)) ?? [];
		await sees(PROMPT);
		type("exit\n");
		const [, is] = /is (.*)\./.exec(await sees(/\nis .*\./)) ?? [];
		expect(await ended).toBe(0);
		expect(is).toBe(was);
	});
});

test("watch: it says where one is, each key does what the menu says and brings it back, and the terminal is given back", {
	timeout: 90_000,
}, async () => {
	const kit = copyKit();
	copyFileSync(
		join(kit, "solutions/01-exec/container.ts"),
		join(kit, "steps/01-exec/container.ts"),
	);
	const { type, sees, ended } = openTerminal(
		[
			...["sh", "-c"],
			'echo "was $(stty -g)."; PAGER=cat npm run --silent watch; echo "$? is $(stty -g)."',
		],
		{ cwd: kit },
	);
	const [, was] = /was (.*)\./.exec(await sees(/was .*\./)) ?? [];
	const at = (number: number, name: string, state = "not started") =>
		`\nwatching · step ${number} ${name} · ${state}\nh hint ${number} · n notes ${number} · s step ${number + 1} · a all · q quit\n`;
	await sees(/✔ 1 exec .*1 of 6 done/s, 30);
	// Step 1 is done: the page that is meant next is that of step 2.
	await sees(at(2, "uts-namespace"));
	type("h");
	await sees("Step 2, hint 1 of");
	await sees(at(2, "uts-namespace"));
	type("n");
	await sees("npm run notes 2 -- --answers");
	await sees(at(2, "uts-namespace"));
	type("s");
	await sees(at(3, "hostname"), 30);
	type("a");
	await sees(/6 proc-mount +not started\n.*1 of 6 done/s, 30);
	await sees(at(3, "hostname"));
	// A pasted line and an arrow are no keys.
	type("npm run step 3\r");
	type("\u001b[A");
	// A save is what the menu follows.
	copyFileSync(
		join(kit, "solutions/02-uts-namespace/container.ts"),
		join(kit, "steps/02-uts-namespace/container.ts"),
	);
	expect(await sees(at(3, "hostname"), 30)).not.toMatch(/○|answers/);
	type("q");
	const [, status, is] =
		/(\d+) is (.*)\./.exec(await sees(/\n\d+ is .*\./)) ?? [];
	expect([status, is]).toEqual(["0", was]);
	expect(await ended).toBe(0);
});

test("watch: what is typed while a page is open opens no other one", async () => {
	const kit = copyKit();
	const { pid, type, sees, text, ended } = openTerminal(
		["sh", "-c", "PAGER='sleep 2; cat' npm run --silent watch"],
		{ cwd: kit },
	);
	await sees("q quit\n", 30);
	const PAGE = "npm run notes 1 -- --answers";
	type("n");
	await until(() => descendants(pid).some((it) => isRunning(it, "sleep")));
	type("n");
	await sees(PAGE);
	await sees("q quit\n");
	type("q");
	expect(await ended).toBe(0);
	expect(plain(text()).split(PAGE)).toHaveLength(2);
});

test("check --watch: Ctrl-C leaves as q does", async () => {
	const { type, sees, ended } = openTerminal(
		["npm", "run", "--silent", "check", "--", "--watch"],
		{ cwd: copyKit() },
	);
	await sees("q quit", 30);
	type(CTRL_C);
	expect(await ended).toBe(0);
});

test.each([
	["at once", 'sethostname("oops");'],
	["and then moves away", 'sethostname("oops"); unshare(CLONE_NEWUTS);'],
])(
	"a run that renames the dev container %s gets a message",
	async (_, body) => {
		const kit = copyKit();
		writeFileSync(
			join(kit, "steps/03-hostname/container.ts"),
			`import { CLONE_NEWUTS, execvp, reexec, sethostname, unshare } from "#runtime";
export async function run(command: string[]) { ${body} return reexec(command); }
export function child(command: string[]): never { execvp(command); }
`,
		);
		// It renames the test's own dev container.
		const { sees, ended } = openTerminal(
			[
				...["unshare", "--uts", "sh", "-c"],
				'hostname here; npm run --silent step 3 true; echo "now $(hostname)"',
			],
			{ cwd: kit },
		);
		await sees("This renamed the dev container itself, from here to oops.");
		await sees(/\n {2}hostname here\n/);
		await sees("now oops\n");
		expect(await ended).toBe(0);
	},
);

test.each([
	["without CLONE_NEWNS", " | CLONE_NEWNS", ""],
	[
		"without MS_PRIVATE",
		'\tmount(null, "/", null, MS_REC | MS_PRIVATE);\n',
		"",
	],
])(
	"a mount that a step 6 %s leaves in the dev container is reported",
	async (_, line, other) => {
		const kit = copyKit();
		const solution = readFileSync(
			join(kit, "solutions/06-proc-mount/container.ts"),
			"utf8",
		);
		expect(solution).toContain(line);
		writeFileSync(
			join(kit, "steps/06-proc-mount/container.ts"),
			solution.replace(line, other),
		);
		// The test's own dev container shares its mounts, as a VM does.
		const { sees, type, ended } = openTerminal(
			[
				...["unshare", "--mount", "--propagation=shared", "sh", "-c"],
				// Type the printed command: afterwards the mount is gone.
				'npm run --silent step 6 true && read -r umount && $umount && ! grep rootfs.*/proc /proc/self/mountinfo; echo "over $?"',
			],
			{ cwd: kit },
		);
		await sees("Your container left a mount in the dev container");
		const told = await sees(/\n {2}umount [^ ]+\/proc\n/);
		type(told.slice(told.indexOf("umount")));
		await sees("over 0\n");
		expect(await ended).toBe(0);
	},
);

test("a procfs mounted over the dev container's own: no wrong closing words", async () => {
	const kit = copyKit();
	const solution = readFileSync(
		join(kit, "solutions/06-proc-mount/container.ts"),
		"utf8",
	);
	const proc = /^\tmount\("proc".*\n/m.exec(solution)?.[0] ?? "";
	writeFileSync(
		join(kit, "steps/06-proc-mount/container.ts"),
		solution
			.replace(proc, "")
			.replace("\tchroot(ROOTFS);", `${proc}\tchroot(ROOTFS);`),
	);
	const { sees, text, ended } = openTerminal(
		["npm", "run", "--silent", "step", "6", "hostname"],
		{ cwd: kit },
	);
	await sees("The kit can't tell what is the container's own");
	expect(await ended).toBe(0);
	expect(text()).not.toMatch(/nothing|This renamed|Your container left/);
});

describe("the kit's own words", () => {
	const commands = [
		["start"],
		["notes", "3"],
		["hint", "3", "--", "--all"],
		["check", "1"],
		["doctor"],
	];
	const line = (words: string[]) => ["npm", "run", "--silent", ...words];

	test.each(commands)("%s has colour on a terminal", async (...words) => {
		const { ended, text } = openTerminal(
			["sh", "-c", 'PAGER=cat "$@"', "sh", ...line(words)],
			{ cwd: copyKit() },
		);
		await ended;
		expect(text()).toContain("\u001b[");
	});

	test.each(commands)("%s has none in a pipe", async (...words) => {
		const { stdout, stderr } = await execute(line(words), { cwd: copyKit() });
		expect(stdout).not.toBe("");
		expect(stdout + stderr).not.toContain("\u001b");
	});

	// The missing root file system has the longest message.
	const narrow = "stty cols 60; export PAGER=cat WORKSHOP_ROOTFS=/nowhere";
	// A page's code and the doctor's paths are not broken, whatever the width.
	test.each([
		"start",
		"hint 3 -- --all",
		"check 1",
		"step 4 true",
		"step 4 ls -l",
		"step 99",
	])("%s fits a terminal of 60 columns", async (words) => {
		const kit = copyKit();
		copyFileSync(
			join(kit, "solutions/04-chroot/container.ts"),
			join(kit, "steps/04-chroot/container.ts"),
		);
		const { ended, text } = openTerminal(
			["sh", "-c", `${narrow}; "$@"`, "sh", ...line(words.split(" "))],
			{ cwd: kit },
		);
		await ended;
		const wide = plain(text())
			.split("\n")
			.filter((it) => stringWidth(it) > 60);
		expect(wide).toEqual([]);
	});
});

function commandLine(pid: number): string {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, "utf8");
	} catch {
		return ""; // it has just ended
	}
}

/** Whether a process runs a program of this name. */
function isRunning(pid: number, name: string): boolean {
	try {
		return readFileSync(`/proc/${pid}/comm`, "utf8") === `${name}\n`;
	} catch {
		return false; // it has ended
	}
}
