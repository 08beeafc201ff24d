/** The picture of a container on a terminal: two columns with a wall between them, and the tree below. */

import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import type { colours } from "../cli/terminal.ts";
import type { Ownership } from "../steps/kinds.ts";
import type { Cell, Row } from "./compare.ts";
import type { View } from "./view.ts";

type Colours = ReturnType<typeof colours>;

export interface Size {
	columns: number;
	rows: number;
}

/** Widths of the columns: the kind, each side's text and namespace number, and the wall. */
const [LABEL, TEXT, NUMBER, WALL] = [9, 16, 10, 3];

/** Below this many columns the namespaces' numbers are left out. */
const WIDE = 80;

/** The lines of the picture, as many as fit. */
export function drawView(view: View, size: Size, colours: Colours): string[] {
	const wide = size.columns >= WIDE;
	const lines = [
		drawTitle(view, size.columns, colours),
		"",
		drawHeader(wide, colours),
		...view.rows.map((row) => drawRow(row, wide, colours)),
		...drawMounts(view, size.columns, colours),
		"",
	];
	const room = size.rows - lines.length - 1;
	const names = drawPowers(view, size.columns, colours);
	// The processes come first: the names are there where the terminal has lines for them.
	const spare = room - view.processes.length - 1;
	const powers = names.length <= spare ? names : [];
	return [
		...lines.slice(0, -1),
		...powers,
		"",
		...drawTree(view, room - powers.length, colours),
	];
}

function drawTitle(
	{ container, title, ended, others }: View,
	columns: number,
	{ bold, dim, red, green }: Colours,
): string {
	const { pid, script, step } = container;
	const what =
		script === undefined
			? `Process ${pid}`
			: `${script === "step" ? "Step" : "Solution"} ${step}${title && ` · ${title}`}`;
	const more = others > 0 ? ` · ${others} more: npm run look -- --list` : "";
	const state = ended ? "ended" : `running${more}`;
	const left = shorten(what, columns - stringWidth(state) - 5);
	const gap = Math.max(1, columns - stringWidth(left) - stringWidth(state) - 3);
	return `${bold(left)}${" ".repeat(gap)}${ended ? red("■") : green("●")} ${ended ? bold(state) : dim(state)}`;
}

function drawHeader(wide: boolean, { bold }: Colours): string {
	const side = TEXT + (wide ? 1 + NUMBER : 0);
	return `${" ".repeat(LABEL + 1)}${bold("dev container".padEnd(side))} ${" ".repeat(WALL)} ${bold("container")}`;
}

function drawRow(row: Row, wide: boolean, colours: Colours): string {
	const { bold, dim, yellow } = colours;
	const own = row.ownership === "own";
	const paint = row.added ? yellow : own ? bold : dim;
	const cell = ({ text, namespace }: Cell) =>
		`${padded(text, TEXT)}${wide ? ` ${dim(namespace.padEnd(NUMBER))}` : ""}`;
	const wall = own
		? paint(" ┃ ")
		: dim(row.ownership === "shared" ? "╌╌╌" : "   ");
	return [
		row.label.padEnd(LABEL),
		cell(row.outside),
		wall,
		cell(row.inside),
		row.added ? bold(yellow("own ◀ new")) : paint(wordFor(row.ownership)),
	]
		.join(" ")
		.trimEnd();
}

/** The word for a row's ownership. */
export function wordFor(ownership: Ownership): string {
	return ownership === "unknown" ? "?" : ownership;
}

function drawMounts(
	{ mounts }: View,
	columns: number,
	{ dim }: Colours,
): string[] {
	const told = [
		...mounts.inside.map((it) => `only inside: ${it}`),
		...mounts.outside.map((it) => `only outside: ${it}`),
	];
	if (told.length === 0) return [];
	return [dim(shorten(`mounts    ${told.join(", ")}`, columns - 1))];
}

/** The names of the capabilities, in as many lines as they need. */
function drawPowers(
	{ powers }: View,
	columns: number,
	{ dim }: Colours,
): string[] {
	if (powers.length === 0) return [];
	const indent = " ".repeat(LABEL + 1);
	const lines = wrapAnsi(powers.join(" "), columns - LABEL - 2).split("\n");
	return lines.map((line, index) =>
		dim(`${index === 0 ? "powers".padEnd(LABEL + 1) : indent}${line}`),
	);
}

/** The processes with both PIDs, and a last line with the number of those that do not fit. */
function drawTree(
	{ processes, container, ended }: View,
	room: number,
	{ bold, dim, red }: Colours,
): string[] {
	if (room < 2) return [dim(`… ${processes.length} processes`)].slice(0, room);
	const shown =
		processes.length < room ? processes : processes.slice(0, room - 2);
	const lines = shown.map(({ pid, inside, name, depth, zombie }) => {
		const numbers = `${String(pid).padStart(LABEL)} ${String(inside ?? "–").padStart(8)}   `;
		const branch = depth > 0 ? `${"  ".repeat(Math.min(depth, 12) - 1)}└ ` : "";
		const above = container.script ? "your run, outside" : "above it";
		const mark =
			depth === 0 ? dim(`  ${above}`) : zombie ? red("  zombie") : "";
		return `${numbers}${branch}${depth === 1 ? bold(name) : name}${mark}`;
	});
	const hidden = processes.length - shown.length;
	return [
		dim(
			`${"outside".padStart(LABEL)} ${"inside".padStart(8)}   processes${ended ? ", as they were" : ""}`,
		),
		...lines,
		...(hidden > 0 ? [dim(`${"…".padStart(LABEL)} and ${hidden} more`)] : []),
	];
}

function padded(text: string, width: number): string {
	const cut = shorten(text, width);
	return cut + " ".repeat(width - stringWidth(cut));
}

/** Cuts a text to a width and marks the cut with …. A path keeps its end. */
function shorten(text: string, width: number): string {
	if (stringWidth(text) <= width) return text;
	const path = text.startsWith("/");
	const letters = path ? [...text].reverse() : [...text];
	let kept = "";
	let room = width - stringWidth("…");
	for (const letter of letters) {
		room -= stringWidth(letter);
		if (room < 0) break;
		kept = path ? letter + kept : kept + letter;
	}
	return path ? `…${kept}` : `${kept}…`;
}
