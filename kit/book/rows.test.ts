/** The pages' diagrams, `npm run look` and the live page have the same rows, in the order of the table of kinds. */

import { expect, test } from "vitest";
import { colours } from "../cli/terminal.ts";
import { compare, snapshot } from "../look/compare.ts";
import { drawView } from "../look/draw.ts";
import type { View } from "../look/view.ts";
import { listSteps } from "../steps/catalog.ts";
import { ALL_KINDS, KINDS, LATER_KINDS } from "../steps/kinds.ts";
import { readPage } from "../steps/page.ts";
import { drawLive } from "./live-picture.ts";

/** The rows that every picture has. The others are there where the container has something of its own. */
const LABELS: string[] = ALL_KINDS.filter(
	(kind) => !LATER_KINDS.includes(kind),
).map((kind) => KINDS[kind]);
const GROUND = "one Linux kernel, shared by both";
const LATER_LABELS = LATER_KINDS.map((kind) => KINDS[kind]);

const here = snapshot(process.pid);
const view: View = {
	container: { pid: process.pid, supervisor: process.ppid, start: 0 },
	title: "",
	others: 0,
	ended: false,
	rows: compare(here, here),
	mounts: { inside: [], outside: [] },
	powers: [],
	processes: [],
};

test.each(listSteps())("the diagram on the page of step $id", ({ page }) => {
	const [, diagram = ""] =
		/^```diagram\n([^`]*)```$/m.exec(readPage(page).body) ?? [];
	const rows = [...diagram.matchAll(/^│ *(\S+(?: \S+)*) {2}/gm)].map(
		([, label]) => label,
	);
	const later = rows.slice(LABELS.length, -1);
	expect(rows).toEqual([...LABELS, ...later, GROUND]);
	expect(LATER_LABELS.filter((it) => later.includes(it))).toEqual(later);
});

test("look", () => {
	const size = { columns: 100, rows: 40 };
	const lines = drawView(view, size, colours(1)).slice(3);
	const labels = lines.slice(0, LABELS.length).map((it) => it.split(" ")[0]);
	expect(labels).toEqual(LABELS);
});

test("the live page names the capabilities that are left", () => {
	const svg = drawLive({ ...view, powers: ["CHOWN", "NET_BIND_SERVICE"] });
	expect(svg).toMatch(/<text class="names"[^>]*>CHOWN NET_BIND_SERVICE</);
});

test("the live page", () => {
	const houses = drawLive(view).match(/<svg.*?<\/svg>/gs) ?? [];
	expect(houses).toHaveLength(3);
	for (const svg of houses) {
		const labels = [...svg.matchAll(/<text class="label"[^>]*>([^<]+)</g)];
		expect(labels.map(([, label]) => label)).toEqual(LABELS);
	}
});
