/** The live page's picture: the running container, as a house with two rooms. */

import wrapAnsi from "wrap-ansi";
import { type Cell, ownAndShared, type Row } from "../look/compare.ts";
import { wordFor } from "../look/draw.ts";
import type { Member, View } from "../look/view.ts";
import { ALL_KINDS, LATER_KINDS } from "../steps/kinds.ts";
import { currentStep } from "../steps/progress.ts";
import { escapeHtml } from "./escape.ts";
import { drawBricks, drawHouse, drawOpening, type Plan } from "./house.ts";

/** The house, and under it the same in words. */
export function drawLive(view: View | undefined): string {
	const words = view
		? ownAndShared(view.rows).join(" ")
		: "No container is running.";
	return `${view ? drawContainer(view) : drawWaiting()}<p class="hidden" role="status">${escapeHtml(words)}</p>`;
}

const [WIDTH, MIDDLE, RIGHT] = [1200, 600, 1180];
/** The top of the first row, the height of a row and the width of the wall. */
const [TOP, TALLEST_ROW, WALL] = [124, 36, 30];
/** The bottom of the rows: the processes are below it. */
const FLOOR = TOP + (ALL_KINDS.length - LATER_KINDS.length) * TALLEST_ROW;
/** The left ends of each side's texts and numbers, and of the word for the ownership. */
const COLUMN = {
	label: 44,
	outside: 172,
	outer: 430,
	inside: 652,
	inner: 900,
	word: 1030,
};
/** Where the names of capabilities begin, below one line of processes. */
const NAMES = FLOOR + 62;
const PLAN: Plan = {
	width: WIDTH,
	wall: MIDDLE,
	margin: 20,
	top: 78,
	ground: FLOOR + 120,
	base: 44,
	names: { outside: COLUMN.label, inside: COLUMN.inside, below: 32 },
};

/** A word at the top of the right room, at its right end. */
function drawCorner(kind: string, word: string): string {
	return `<text class="${kind}" x="${RIGHT - 24}" y="${PLAN.top + 32}" text-anchor="end">${word}</text>`;
}

function drawWaiting(): string {
	const command = `npm run step ${currentStep().number}`;
	const text = (y: number, words: string, kind: string) =>
		`<text class="${kind}" x="900" y="${y}" text-anchor="middle">${words}</text>`;
	const style = {
		classes: "house empty",
		label: "A house with two rooms. The second one is empty.",
	};
	return drawHouse(
		PLAN,
		style,
		text(330, "No container is running.", "shared") +
			text(376, command, "command"),
	);
}

function drawContainer({
	container,
	title,
	others,
	ended,
	rows,
	powers,
	processes,
}: View): string {
	const { script, step, pid } = container;
	const what = script
		? `Step ${step}${title && ` · ${title}`}`
		: `Process ${pid}`;
	const [run, ...members] = processes;
	const more = others > 0 ? `${others} more` : "";
	const style = {
		classes: `house ${ended ? "ended" : "running"}`,
		label: ownAndShared(rows).join(" "),
	};
	return drawHouse(
		PLAN,
		style,
		[
			`<text class="title" x="${MIDDLE}" y="${PLAN.top - 14}" text-anchor="middle">${escapeHtml(what)}</text>`,
			drawCorner(ended ? "over" : "label", ended ? "ended" : more),
			...rows.map((row, index) => drawRow(row, index, rowHeight(rows))),
			drawProcesses(run ? [run] : [], COLUMN.label, MIDDLE - WALL),
			// The names of the capabilities take the place of the second line of tokens.
			drawProcesses(
				members,
				COLUMN.inside,
				RIGHT - 10,
				powers.length > 0 ? NAMES : PLAN.ground,
			),
			...drawPowers(powers),
		].join(""),
	);
}

/** The rows of Part two are few more, and fit in the same room. */
function rowHeight({ length }: Row[]): number {
	return Math.min(TALLEST_ROW, (FLOOR - TOP) / length);
}

function drawRow(row: Row, index: number, height: number): string {
	const y = TOP + index * height;
	const line = y + height / 2 + 8;
	const { label, outside, inside, ownership, added } = row;
	const text = (x: number, kind: string, words: string) =>
		words === ""
			? ""
			: `<text class="${kind}" x="${x}" y="${line}">${escapeHtml(words)}</text>`;
	return [
		`<g class="row" data-kind="${row.kind}" data-state="${ownership}">`,
		text(COLUMN.label, "label", label),
		text(COLUMN.outside, "what", short(outside)),
		text(COLUMN.outer, "number", outside.namespace),
		ownership === "own"
			? drawBricks(MIDDLE - WALL / 2, y, WALL, height, added)
			: "",
		ownership === "shared" ? drawDoor(y, height) : "",
		text(COLUMN.inside, "what", short(inside)),
		text(COLUMN.inner, "number", inside.namespace),
		added
			? `<rect class="new" x="${COLUMN.word - 12}" y="${y + 3}" width="150" height="${height - 6}" rx="13"/><text class="on-new" x="${COLUMN.word}" y="${line}">own · new</text>`
			: text(COLUMN.word, ownership, wordFor(ownership)),
		"</g>",
	].join("");
}

/** An open door, and the way through it. */
function drawDoor(y: number, height: number): string {
	const [wide, high] = [20, height - 6];
	return `${drawOpening(MIDDLE, y + height / 2)}<rect class="door" x="${MIDDLE - wide / 2}" y="${y + 3}" width="${wide}" height="${high}" rx="2"/><circle class="end" cx="${MIDDLE + wide / 2 - 5}" cy="${y + height / 2 + 5}" r="1.5"/>`;
}

/** Cuts a text to its column, which is narrower beside a number. A path keeps its end. */
function short({ text, namespace }: Cell): string {
	const most = namespace === "" ? 26 : 16;
	if (text.length <= most) return text;
	return text.startsWith("/")
		? `…${text.slice(1 - most)}`
		: `${text.slice(0, most - 1)}…`;
}

/** The names of the capabilities that are left, at the bottom of the right room. */
function drawPowers(powers: string[]): string[] {
	if (powers.length === 0) return [];
	return wrapAnsi(powers.join(" "), 48)
		.split("\n")
		.map(
			(line, index) =>
				`<text class="names" x="${COLUMN.inside}" y="${NAMES + 16 + index * 18}">${escapeHtml(line)}</text>`,
		);
}

/** A token for each process, as many as fit: its name, its PID inside, and in brackets its PID outside. */
function drawProcesses(
	members: Member[],
	left: number,
	right: number,
	bottom = PLAN.ground,
): string {
	const [HEIGHT, GAP, LETTER] = [38, 10, 11.5];
	let [x, y] = [left, FLOOR + 16];
	let svg = "";
	for (const [index, { name, pid, inside, depth }] of members.entries()) {
		const words = `${name} ${inside ?? pid}`;
		const outer = depth === 0 ? "your run" : inside === pid ? "" : `(${pid})`;
		const width = (words.length + outer.length + 2) * LETTER;
		if (x + width > right) [x, y] = [left, y + HEIGHT + GAP];
		const last = y + HEIGHT * 2 > bottom && x + width + 100 > right;
		if (last && index < members.length - 1)
			return `${svg}<text class="number" x="${x}" y="${y + 27}">and ${members.length - index} more</text>`;
		svg += `<g class="process${depth === 1 ? " first" : ""}"><rect x="${x}" y="${y}" width="${width}" height="${HEIGHT}" rx="${HEIGHT / 2}"/><text x="${x + LETTER}" y="${y + 26}">${escapeHtml(words)} <tspan class="number">${outer}</tspan></text></g>`;
		x += width + GAP;
	}
	return svg;
}
