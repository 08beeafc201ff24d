/** `npm run look` on a terminal, and its errors. */

import { describe, expect, test } from "vitest";
import { familyOf } from "../proc/table.ts";
import { startContainer } from "../testing/containers.ts";
import {
	execute,
	HOME,
	openTerminal,
	run,
	scriptWords,
} from "../testing/kit.ts";

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
		// The alternate screen, the cursor and the wrapping are restored.
		for (const [on, off] of [
			["\u001b[?1049h", "\u001b[?1049l"],
			["\u001b[?25l", "\u001b[?25h"],
			["\u001b[?7l", "\u001b[?7h"],
		] as const)
			expect(text().lastIndexOf(off)).toBeGreaterThan(text().lastIndexOf(on));
		// Nothing is cleared before it is drawn.
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
		// Other processes on this machine come and go, and are counted.
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
		[["--pid", "abc"], 2, /--pid abc is not a process number/],
		[["--pid", "0"], 2, /--pid 0 is not a process number/],
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
			{ cwd: HOME },
		);
		expect(status).toBe(2);
		expect(stderr).toMatch(/^npm consumed --once: write it after --$/m);
	});

	test("outside the dev container it refuses, as a step does", async () => {
		const { WORKSHOP_SANDBOX, ...env } = process.env;
		const { status, stderr } = await run("look", [], { env });
		expect(status).toBe(125);
		expect(stderr).toMatch(/This is not the dev container/);
	});
});
