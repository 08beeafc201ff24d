/** Real containers of the reference, followed from their start to their end. */

import { once } from "node:events";
import { expect, test } from "vitest";
import { colours } from "../cli/terminal.ts";
import { startOf } from "../proc/process.ts";
import { listProcesses } from "../proc/table.ts";
import { lookAt, ownershipsOf, startContainer } from "../testing/containers.ts";
import { plain, run, until } from "../testing/kit.ts";
import { snapshot } from "./compare.ts";
import { containerOf, findContainers } from "./containers.ts";
import { drawView } from "./draw.ts";
import { follow } from "./follow.ts";
import { type View, viewOf } from "./view.ts";

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
	// Other processes start on this machine, and each is a reason to read everything again.
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
		// The shell becomes a program that never waits for its children.
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
