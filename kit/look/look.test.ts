/** The view of real containers of the reference. */

import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { colours } from "../cli/terminal.ts";
import { addedMounts, mountsOf } from "../proc/mounts.ts";
import { statusField } from "../proc/status.ts";
import { familyOf } from "../proc/table.ts";
import { listSteps } from "../steps/catalog.ts";
import { accumulate, expectedOwnership, type Kind } from "../steps/kinds.ts";
import { readPage } from "../steps/page.ts";
import { lookAt, ownershipsOf, startContainer } from "../testing/containers.ts";
import { execute, HOME, plain, run, scriptWords } from "../testing/kit.ts";
import { compare, snapshot } from "./compare.ts";
import { drawView } from "./draw.ts";
import { follow } from "./follow.ts";
import type { View } from "./view.ts";

/** What each step's container should have, by the pages' front matter. */
const ISOLATIONS = accumulate(listSteps().map(({ page }) => readPage(page)));

describe.each(listSteps())("step $number", ({ number }) => {
	test("what is its own, what is shared, and what the step has added", async () => {
		const before = mountsOf(process.pid);
		const { pid, supervisor } = await startContainer(number);
		const view = await lookAt(pid);
		const after = mountsOf(process.pid);
		// What others on this machine have mounted or unmounted meanwhile is not the container's.
		const others = [
			...addedMounts(before, after),
			...addedMounts(after, before),
		].map(({ type, target }) => `${type} on ${target}`);
		const notOthers = (mounts: string[]) =>
			mounts.filter((mount) => !others.includes(mount));
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
		expect(row("directory")?.outside.text).toBe(HOME);
		expect(view.processes).toEqual([
			expect.objectContaining({ pid: supervisor.pid, depth: 0 }),
			expect.objectContaining({
				pid,
				depth: 1,
				inside: own.includes("pid") ? 1 : pid,
			}),
		]);
		// Of a new root mount, the dev container's mounts are out of reach.
		if (own.includes("top")) {
			expect(view.mounts.outside).not.toEqual([]);
			return;
		}
		expect(notOthers(view.mounts.inside)).toEqual(
			own.includes("proc") ? [expect.stringMatching(/^proc on .*\/proc$/)] : [],
		);
		expect(notOthers(view.mounts.outside)).toEqual([]);
	});
});

test("what can't be read is marked, and nothing else is lost", async () => {
	const { pid } = await startContainer(6);
	// A process with more capabilities than the reader can't be read: ptrace(2).
	const { stdout, stderr, status } = await execute(
		[
			...["setpriv", "--bounding-set", "-sys_ptrace,-net_raw", "--"],
			...scriptWords("look"),
			...["--once", "--pid", String(pid)],
		],
		{ cwd: HOME },
	);
	expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
	expect(stdout).toMatch(/^UTS .* unreadable .* \?$/m);
	expect(stdout).toMatch(/^root .* unreadable .* \?$/m);
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
