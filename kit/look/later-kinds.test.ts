import { expect, test } from "vitest";
import { colours } from "../cli/terminal.ts";
import { ALL_KINDS } from "../steps/kinds.ts";
import { lookAt, startContainer } from "../testing/containers.ts";
import { drawView } from "./draw.ts";

/** What look shows of the kinds of Part two, with the container's side of each. */
async function later(step: number): Promise<Record<string, string>> {
	const { pid } = await startContainer(step);
	const { rows } = await lookAt(pid);
	const shown = ["top", "dev", "limits", "powers", "seccomp"];
	return Object.fromEntries(
		rows
			.filter(({ kind }) => shown.includes(kind))
			.map(({ kind, inside }) => [kind, inside.text]),
	);
}

test("each step of Part two closes a door more, and Part one closes none of them", async () => {
	expect(await later(6)).toEqual({});
	expect(Object.keys(await later(7))).toEqual(["top"]);
	expect(await later(8)).toEqual({ top: "overlay" });
	expect(await later(9)).toEqual({ top: "overlay", dev: "tmpfs" });
	expect(await later(10)).toMatchObject({
		limits: expect.stringMatching(/^1\/20 (processes|\d+M\/256M)$/),
	});
	expect(await later(12)).toMatchObject({ powers: "14 capabilities" });
	expect(await later(13)).toMatchObject({
		seccomp: expect.stringMatching(/^\d+ filters?$/),
	});
});

test("with a row for each kind, the picture fits a terminal of 24 lines and 80 columns", async () => {
	const { pid } = await startContainer(13);
	const view = await lookAt(pid);
	expect(view.rows).toHaveLength(ALL_KINDS.length);
	const lines = drawView(view, { columns: 80, rows: 24 }, colours(1));
	expect(lines.length).toBeLessThanOrEqual(24);
	for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
	expect(lines.join("\n")).toContain("processes");
});
