/** The pages' diagrams, `npm run look` and the live page have the same rows, in the order of the table of kinds. */

import { expect, test } from "vitest";
import { colours } from "../cli/terminal.ts";
import { compare, snapshot } from "../look/compare.ts";
import { drawView } from "../look/draw.ts";
import type { View } from "../look/view.ts";
import { listSteps } from "../steps/catalog.ts";
import { KINDS } from "../steps/kinds.ts";
import { readPage } from "../steps/page.ts";
import { drawLive } from "./live-picture.ts";

const LABELS: string[] = Object.values(KINDS);

const here = snapshot(process.pid);
const view: View = {
	container: { pid: process.pid, supervisor: process.ppid, start: 0 },
	title: "",
	others: 0,
	ended: false,
	rows: compare(here, here),
	mounts: { inside: [], outside: [] },
	processes: [],
};

test.each(listSteps())("the diagram on the page of step $id", ({ page }) => {
	const [, diagram = ""] =
		/^```diagram\n([^`]*)```$/m.exec(readPage(page).body) ?? [];
	const rows = [...diagram.matchAll(/^│ (\S+) /gm)].map(([, label]) => label);
	expect(rows).toEqual([...LABELS, "one"]); // one Linux kernel
});

test("look", () => {
	const size = { columns: 100, rows: 40 };
	const lines = drawView(view, size, colours(1)).slice(3);
	const labels = lines.slice(0, LABELS.length).map((it) => it.split(" ")[0]);
	expect(labels).toEqual(LABELS);
});

test("the live page", () => {
	const svg = drawLive(view);
	const labels = [...svg.matchAll(/<text class="label"[^>]*>([^<]+)</g)];
	expect(labels.map(([, label]) => label)).toEqual(LABELS);
});
