/** `npm run look` at real containers of the reference. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import stringWidth from "string-width";
import { describe, expect, onTestFinished, test } from "vitest";
import { colours } from "../cli/terminal.ts";
import { startOf } from "../proc/process.ts";
import { statusField } from "../proc/status.ts";
import { familyOf, listProcesses } from "../proc/table.ts";
import { listSteps } from "../steps/catalog.ts";
import { accumulate, expectedOwnership, type Kind } from "../steps/kinds.ts";
import { readPage } from "../steps/page.ts";
import {
	execute,
	KIT,
	openTerminal,
	plain,
	run,
	scriptWords,
	until,
} from "../testing/kit.ts";
import { compare, snapshot } from "./compare.ts";
import { containerOf, findContainers } from "./containers.ts";
import { drawView } from "./draw.ts";
import { follow } from "./follow.ts";
import { type View, viewOf } from "./view.ts";

/** A container of the reference that does nothing until the test ends, or until it is told to. */
async function startContainer(
	step: number,
	script = "echo ready; read -r line",
): Promise<{
	pid: number;
	supervisor: ChildProcess;
	type: (line: string) => void;
}> {
	const [node = "", ...words] = scriptWords("solution");
	const supervisor = spawn(node, [...words, String(step), "sh", "-c", script], {
		cwd: KIT,
		stdio: ["pipe", "pipe", "inherit"],
	});
	onTestFinished(async () => {
		supervisor.kill("SIGKILL");
		if (supervisor.exitCode === null && supervisor.signalCode === null)
			await once(supervisor, "exit");
	});
	let said = "";
	supervisor.stdout.on("data", (text) => {
		said += text;
	});
	await until(() => said.includes("ready"));
	const own = containersOf(supervisor);
	return {
		pid: own[0]?.pid ?? 0,
		supervisor,
		type: (line) => void supervisor.stdin.write(`${line}\n`),
	};
}

const containersOf = ({ pid }: ChildProcess) =>
	findContainers(listProcesses()).filter(
		({ supervisor }) => supervisor === pid,
	);

/** What `npm run look -- --json` says of a container. */
async function lookAt(pid: number): Promise<View> {
	const { stdout, stderr, status } = await run("look", [
		...["--json", "--pid", String(pid)],
	]);
	expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
	return JSON.parse(stdout);
}

const ownershipsOf = ({ rows }: Pick<View, "rows">) =>
	Object.fromEntries(rows.map(({ kind, ownership }) => [kind, ownership]));

/** What each step's container is to have, as the pages' front matter says. */
const ISOLATIONS = accumulate(listSteps().map(({ page }) => readPage(page)));

describe.each(listSteps())("step $number", ({ number }) => {
	test("what is its own, what is shared, and what the step has added", async () => {
		const { pid, supervisor } = await startContainer(number);
		const view = await lookAt(pid);
		const isolation = ISOLATIONS[number - 1];
		if (!isolation) throw new Error("the step has no isolation");
		const { added, own, values } = isolation;
		expect(ownershipsOf(view)).toEqual(
			Object.fromEntries(
				view.rows.map(({ kind }) => [kind, expectedOwnership(kind, isolation)]),
			),
		);
		expect(
			view.rows.filter((row) => row.added).map(({ kind }) => kind),
		).toEqual(added);
		for (const { kind, ownership, outside, inside } of view.rows) {
			if (outside.namespace === "") continue;
			expect([kind, outside.namespace]).toEqual([
				kind,
				expect.stringMatching(/^\d+$/),
			]);
			expect(outside.namespace === inside.namespace).toBe(
				ownership === "shared",
			);
		}
		const row = (kind: Kind) => view.rows.find((it) => it.kind === kind);
		for (const [kind, value] of Object.entries(values))
			expect(row(kind as Kind)?.inside.text).toBe(value);
		if (values.uts === undefined)
			expect(row("uts")?.inside.text).toBe(row("uts")?.outside.text);
		expect(row("pid")?.outside.text).toBe(String(pid));
		expect(row("pid")?.inside.text).toBe(
			own.includes("pid") ? "1" : String(pid),
		);
		if (own.includes("root")) expect(row("directory")?.inside.text).toBe("/");
		expect(row("directory")?.outside.text).toBe(KIT);
		expect(view.processes).toEqual([
			expect.objectContaining({ pid: supervisor.pid, depth: 0 }),
			expect.objectContaining({
				pid,
				depth: 1,
				inside: own.includes("pid") ? 1 : pid,
			}),
		]);
		expect(view.mounts.inside).toEqual(
			own.includes("proc") ? [expect.stringMatching(/^proc on .*\/proc$/)] : [],
		);
		expect(view.mounts.outside).toEqual([]);
	});
});

test("two at once: the newest, a list of both, and either by its PID", async () => {
	const first = await startContainer(2);
	const second = await startContainer(6);
	const view: View = JSON.parse((await run("look", ["--json"])).stdout);
	expect(view.container).toMatchObject({ pid: second.pid, step: 6 });
	expect(view.others).toBeGreaterThanOrEqual(1);
	const { stdout, status } = await run("look", ["--list"]);
	expect(status).toBe(0);
	expect(stdout).toContain(`solution 2  npm run look -- --pid ${first.pid}\n`);
	expect(stdout).toContain(`solution 6  npm run look -- --pid ${second.pid}\n`);
	expect((await lookAt(first.pid)).container.step).toBe(2);

	const nextView = follow();
	expect(nextView()?.container.pid).toBe(second.pid);
	second.supervisor.kill("SIGKILL");
	await once(second.supervisor, "exit");
	await until(() => nextView()?.container.pid === first.pid);
});

test("a container of the grader's is none of the learner's", async () => {
	const grading = run("check", ["--solutions", "6"]);
	const seen = new Set<number | undefined>();
	let over = false;
	void grading.then(() => {
		over = true;
	});
	while (!over) {
		for (const { step } of findContainers(listProcesses())) seen.add(step);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	expect((await grading).status).toBe(0);
	expect([...seen]).toEqual([]);
});

test("killed at any moment of being drawn, it is shown as ended", async () => {
	for (let round = 0; round < 10; round++) {
		const { pid, supervisor } = await startContainer(6);
		const nextView = follow(pid);
		expect(nextView()?.ended).toBe(false);
		setTimeout(() => supervisor.kill("SIGKILL"), round);
		await until(() => {
			const view = nextView();
			if (!view) throw new Error("it was seen, and is forgotten");
			const lines = drawView(view, { columns: 80, rows: 24 }, colours(1));
			expect(lines.join()).not.toContain("undefined");
			return view.ended;
		});
		const last = nextView();
		expect(last?.ended).toBe(true);
		expect(ownershipsOf(last as View).pid).toBe("own");
	}
}, 60_000);

test("one after the other, each is shown as ended, however soon it ends", async () => {
	const nextView = follow();
	for (let round = 0; round < 6; round++) {
		const { pid, supervisor } = await startContainer(6);
		expect(nextView()).toMatchObject({ container: { pid }, ended: false });
		supervisor.kill("SIGKILL");
		await once(supervisor, "exit");
		await until(() => nextView()?.ended === true);
	}
});

test("the view is the same object until something changes", async () => {
	const { pid, type } = await startContainer(
		3,
		"echo ready; read -r line; cd /tmp; read -r line",
	);
	const nextView = follow(pid);
	let last = nextView();
	// Processes are born elsewhere on this machine, and each is a reason to read all anew.
	await until(() => {
		const before = last;
		last = nextView();
		return last === before;
	});
	type("");
	await until(
		() =>
			nextView()?.rows.find(({ kind }) => kind === "directory")?.inside.text ===
			"/tmp",
	);
	expect(nextView()).not.toBe(last);
});

test("a PID that was given to another process is not the container", async () => {
	const { pid } = await startContainer(6);
	const [entry] = listProcesses([pid]);
	if (!entry) throw new Error("it has ended");
	const container = containerOf(entry);
	const here = snapshot(process.pid);
	expect(viewOf(here, container, [entry])).toBeDefined();
	const other = { ...container, start: container.start - 1 };
	expect(viewOf(here, other, [entry])).toBeUndefined();
	expect(startOf(pid)).toBe(container.start);
});

test("a zombie inside is named as one, and a container that is one has ended", async () => {
	const { pid } = await startContainer(
		6,
		// The shell becomes a program that never asks how its children ended.
		"sleep 0.01 & echo ready; exec sleep 1000",
	);
	const nextView = follow(pid);
	const zombies = () =>
		nextView()?.processes.filter(({ zombie }) => zombie) ?? [];
	await until(() => zombies().length === 1);
	expect(zombies()[0]?.name).toBe("sleep");
	const view = nextView() as View;
	expect(
		plain(drawView(view, { columns: 80, rows: 24 }, colours(1)).join("\n")),
	).toMatch(/└ sleep {2}zombie/);
	const entries = listProcesses([pid]).map((it) => ({ ...it, zombie: true }));
	expect(
		viewOf(snapshot(process.pid), view.container, entries),
	).toBeUndefined();
});

test("what may not be read is said to be so, and nothing else is lost", async () => {
	const { pid } = await startContainer(6);
	// A process that can do more than the reader keeps its secrets: ptrace(2).
	const { stdout, stderr, status } = await execute(
		[
			...["setpriv", "--bounding-set", "-sys_ptrace,-net_raw", "--"],
			...scriptWords("look"),
			...["--once", "--pid", String(pid)],
		],
		{ cwd: KIT },
	);
	expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
	expect(stdout).toMatch(/^UTS .* may not be read .* \?$/m);
	expect(stdout).toMatch(/^root .* may not be read .* \?$/m);
	expect(stdout).toMatch(new RegExp(`^ +${pid} +1 +└ sh$`, "m"));
});

test("names that would move the cursor do not", async () => {
	const { pid } = await startContainer(
		3,
		`hostname "$(printf 'a\\033[2Jb')" 2>/dev/null; printf 'x\\033[2Jy' >/proc/$$/comm; echo ready; read -r line`,
	);
	const { stdout } = await run("look", ["--once", "--pid", String(pid)]);
	expect(stdout).not.toContain("\u001b");
	expect(stdout).toContain("└ x�[2Jy");
});

test("500 processes inside: all are counted, and the screen is not overrun", async () => {
	const { pid } = await startContainer(
		6,
		"for i in $(seq 500); do sleep 1000 & done; echo ready; read -r line",
	);
	const nextView = follow(pid);
	const view = nextView() as View;
	expect(view.processes).toHaveLength(502);
	expect(familyOf(pid)).toHaveLength(501);
	expect(view.rows.find(({ kind }) => kind === "proc")?.inside.text).toBe(
		"501 processes",
	);
	const lines = drawView(view, { columns: 80, rows: 24 }, colours(1));
	expect(lines.length).toBeLessThanOrEqual(24);
	const shown = lines.filter((line) => /└ /.test(line)).length;
	expect(plain(lines.at(-1) ?? "")).toMatch(
		new RegExp(`and ${501 - shown} more$`),
	);
}, 60_000);

test.each([60, 80])(
	"it fits a terminal of %i columns",
	async (columns) => {
		for (const { number } of listSteps()) {
			const { pid } = await startContainer(number);
			const view = follow(pid)() as View;
			for (const ended of [false, true]) {
				const lines = drawView(
					{ ...view, ended, others: 3 },
					{ columns, rows: 24 },
					colours(1),
				);
				expect(lines.length).toBeLessThanOrEqual(24);
				for (const line of lines)
					expect([stringWidth(line) <= columns, line]).toEqual([true, line]);
			}
		}
	},
	60_000,
);

describe("on a terminal", () => {
	const SCREEN = "stty rows 24 cols 80; ";

	test("it waits, shows a container, its changes and its end, and leaves the terminal as it was", async () => {
		const { type, sees, text, ended } = openTerminal([
			...["sh", "-c"],
			`${SCREEN}echo "was $(stty -g)."; npm run --silent look; s=$?; echo; echo "$s is $(stty -g)."`,
		]);
		const [, was] = /was (.*)\./.exec(await sees(/was .*\./)) ?? [];
		await sees(/No container is running/);
		await sees("npm run step");
		const container = await startContainer(
			3,
			"echo ready; read -r line; hostname renamed; cd /tmp; read -r line; exec sleep 1000",
		);
		await sees(/Solution 3 · /);
		await sees(/UTS .* container .* own ◀ new/);
		container.type("");
		await sees(/UTS .* renamed .* own ◀ new/);
		await sees(/directory .* \/tmp .* shared/);
		container.type("");
		await sees("└ sleep");
		container.supervisor.kill("SIGKILL");
		await sees("ended");
		await sees("q quit");
		type("q");
		const [, status, is] =
			/(\d+) is (.*)\./.exec(await sees(/\n\d+ is .*\./)) ?? [];
		expect([status, is]).toEqual(["0", was]);
		expect(await ended).toBe(0);
		// The other screen, the cursor, the wrapping: all taken back.
		for (const [on, off] of [
			["\u001b[?1049h", "\u001b[?1049l"],
			["\u001b[?25l", "\u001b[?25h"],
			["\u001b[?7l", "\u001b[?7h"],
		] as const)
			expect(text().lastIndexOf(off)).toBeGreaterThan(text().lastIndexOf(on));
		// Nothing is wiped before it is drawn.
		expect(text()).not.toContain("\u001b[2J");
	});

	test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)(
		"%s leaves as q does",
		async (signal) => {
			const { sees, pid, ended, text } = openTerminal(scriptWords("look"));
			await sees("q quit");
			process.kill(familyOf(pid).at(-1) ?? 0, signal);
			expect(await ended).toBe(0);
			expect(text()).toContain("\u001b[?1049l");
		},
	);

	test("nothing is drawn while nothing changes", async () => {
		const { pid } = await startContainer(6);
		const { sees, text, type, ended } = openTerminal([
			...scriptWords("look"),
			...["--pid", String(pid)],
		]);
		await sees("q quit");
		const picture = (drawn: string) =>
			drawn.replaceAll(/\d+ processes/g, "some processes");
		await new Promise((resolve) => setTimeout(resolve, 1000));
		const frames = new Set(text().split("\u001b[H").slice(1).map(picture));
		// Elsewhere on this machine processes come and go, and are counted.
		expect(frames.size).toBe(1);
		type("q");
		expect(await ended).toBe(0);
	});

	test("a step's shell says how to watch it, and closes with what was its own and what it shared", async () => {
		const { type, sees, ended } = openTerminal([
			...scriptWords("solution"),
			"5",
		]);
		await sees(/Watch it in a second terminal: .*npm run look\n/);
		await sees(/container:[^\n]*# $/);
		type("exit 3\n");
		await sees(
			"The container's own: UTS, PID, root, directory.\nShared with the dev container: mount, network, IPC, user, cgroup, time.\n",
		);
		expect(await ended).toBe(3);
	});

	test("so does the shortest command; it has inherited nothing of that", async () => {
		const { sees, ended } = openTerminal([
			...scriptWords("solution"),
			...["1", "ls", "/proc/self/fd"],
		]);
		// 3 is the folder that ls lists.
		expect(await sees("own: nothing.")).toMatch(/^0\s+1\s+2\s+3\s+The/);
		expect(await ended).toBe(0);
	});
});

describe("what was typed", () => {
	test.each([
		[["--pid", "abc"], 2, /--pid abc is no process number/],
		[["--pid", "0"], 2, /--pid 0 is no process number/],
		[["--pid"], 2, /--pid/],
		[["--no-such"], 2, /--no-such.*Usage: npm run look/s],
		[["3"], 2, /Usage: npm run look/],
		[["--pid", "4194304"], 1, /There is no process 4194304 here.*--list/],
	])("%j is refused", async (words, status, says) => {
		const refused = await run("look", words);
		expect(refused.status).toBe(status);
		expect(refused.stderr).toMatch(says);
		expect(refused.stderr).not.toMatch(/\n\s+at /);
		expect(refused.stdout).toBe("");
	});

	test("an option that npm kept", async () => {
		const { status, stderr } = await execute(
			["npm", "run", "--silent", "look", "--once"],
			{ cwd: KIT },
		);
		expect(status).toBe(2);
		expect(stderr).toMatch(/two dashes/);
	});

	test("outside the dev container it refuses, as a step does", async () => {
		const { WORKSHOP_SANDBOX, ...env } = process.env;
		const { status, stderr } = await run("look", [], { env });
		expect(status).toBe(125);
		expect(stderr).toMatch(/This is not the dev container/);
	});
});

test("any process can be looked at: the reader's own shares all", async () => {
	const here = snapshot(process.pid);
	for (const { kind, ownership } of compare(here, here))
		expect([kind, ownership]).toEqual([kind, "shared"]);
	const view = await lookAt(process.pid);
	expect(view.container.step).toBeUndefined();
	expect(view.container.supervisor).toBe(
		Number(statusField(process.pid, "PPid")),
	);
});
