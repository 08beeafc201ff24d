import { expect, test } from "vitest";
import { colours } from "../cli/terminal.ts";
import { ALL_KINDS, type Kind } from "../steps/kinds.ts";
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
	expect(await later(14)).toMatchObject({ powers: "0 of 14 in use" });
	expect(await later(13)).toMatchObject({
		seccomp: expect.stringMatching(/^\d+ filters?$/),
	});
});

test("the address of its network, its user, and the names of its capabilities", async () => {
	const { pid } = await startContainer(14);
	const { powers, rows } = await lookAt(pid);
	const text = (kind: Kind) =>
		rows.filter((it) => it.kind === kind).map((it) => it.inside.text);
	expect(text("net")).toEqual([
		expect.stringMatching(/^10(\.\d+){3} eth0 lo$/),
	]);
	expect(text("user")).toEqual(["uid 65534"]);
	expect(powers).toHaveLength(14);
	expect(powers).toContain("NET_BIND_SERVICE");
	expect(powers).not.toContain("SYS_ADMIN");
});

test("the names of the capabilities are drawn where there are lines for them", async () => {
	const { pid } = await startContainer(12);
	const view = await lookAt(pid);
	const drawn = (rows: number) =>
		drawView(view, { columns: 80, rows }, colours(1));
	expect(drawn(24).join("\n")).not.toContain("SETFCAP");
	for (const name of view.powers) expect(drawn(40).join(" ")).toContain(name);
	for (const line of drawn(40)) expect(line.length).toBeLessThanOrEqual(80);
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
