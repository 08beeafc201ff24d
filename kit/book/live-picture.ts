/** The live page's picture: the running container, as a house with two rooms. */

import { type Cell, ownAndShared, type Row } from "../look/compare.ts";
import { wordFor } from "../look/draw.ts";
import type { Member, View } from "../look/view.ts";
import { currentStep } from "../steps/progress.ts";
import { escapeHtml } from "./escape.ts";
import { drawBricks, drawHouse, drawOpening, type Plan } from "./house.ts";
import { cut, drawText, FORMS, type Form, LETTER } from "./live-form.ts";

/**
 * The house in each form, of which site.css shows one. Above it are the last command lines, and under it the same in words.
 *
 * @param lines the last command lines that started a container
 */
export function drawLive(view: View | undefined, lines: string[] = []): string {
	const words = view
		? ownAndShared(view.rows).join(" ")
		: "No container is running.";
	const typed = lines.map(
		(line) => `<span class="prompt">$ </span>${escapeHtml(line)}`,
	);
	return [
		typed.length > 0
			? `<pre class="lines" role="group" aria-label="The last commands"><code>${typed.join("\n")}</code></pre>`
			: "",
		...FORMS.map((form) =>
			view ? drawContainer(view, form) : drawWaiting(form),
		),
		`<p class="hidden" role="status">${escapeHtml(words)}</p>`,
	].join("");
}

/** The top of the roof, which has the title above it, of the rooms and of the rows. */
const [ROOF, TOP, ROWS] = [38, 82, 126];
/** More lines of processes make the next form; what does not fit on the last line is counted. */
const [MOST_LINES, LAST_LINE] = [5, 5];

/** The house's measures: it is as high as its rows and processes need. */
function planOf({ width, wall, column, size }: Form, floor: number): Plan {
	return {
		width,
		wall,
		margin: 20,
		roof: ROOF,
		top: TOP,
		ground: floor,
		base: size.word * 1.8,
		names: { outside: column.label, inside: column.inside, below: 32 },
		size: size.word,
	};
}

function drawWaiting(form: Form): string {
	const { classes, column, width, size } = form;
	const room = width - column.inside - 20;
	const middle = column.inside + room / 2;
	const text = (y: number, words: string, kind: string) =>
		drawText(kind, [middle, y], words, {
			size: size.word,
			room,
			anchor: "middle",
		});
	return drawHouse(
		planOf(form, ROWS + form.row * 11 + 120),
		{
			classes: `house empty ${classes}`,
			label: "A house with two rooms. The second one is empty.",
		},
		text(330, "No container is running.", "shared") +
			text(376, `npm run step ${currentStep().number}`, "command"),
	);
}

function drawContainer(
	{ container, title, others, ended, rows, processes }: View,
	form: Form,
): string {
	const { classes, column, size, token, wall, width } = form;
	const row = rows.length > 11 ? form.low : form.row;
	const { script, step, pid } = container;
	const what = script
		? `Step ${step}${title && ` · ${title}`}`
		: `Process ${pid}`;
	const [run, ...members] = processes;
	const floor = ROWS + rows.length * row + 14;
	const outer = drawProcesses(
		run ? [run] : [],
		column.label,
		wall - 20,
		floor,
		form,
	);
	const inner = drawProcesses(members, column.inside, width - 30, floor, form);
	const lines = Math.max(2, outer.lines, inner.lines);
	const corner = ended ? "ended" : others > 0 ? `${others} more` : "";
	return drawHouse(
		planOf(form, floor + lines * (token + 8) + 4),
		{
			classes: `house ${ended ? "ended" : "running"} ${classes}`,
			label: ownAndShared(rows).join(" "),
		},
		[
			drawText("title", [width / 2, 26], what, {
				size: size.word + 2,
				room: width - 40,
				anchor: "middle",
			}),
			drawText(ended ? "over" : "label", [width - 44, TOP + 32], corner, {
				size: size.word,
				room: 100,
				anchor: "end",
			}),
			...rows.map((it, index) =>
				drawRow(it, ROWS + index * row, { ...form, row }),
			),
			outer.svg,
			inner.svg,
		].join(""),
	);
}

function drawRow(
	{ kind, label, outside, inside, ownership, added }: Row,
	y: number,
	{ column, numbers, row, size, wall, width }: Form,
): string {
	const line = y + row / 2 + size.word * 0.34;
	const [thick, badge] = [row * 0.83, width - 30 - column.word + 8];
	const value = (x: number, end: number, { text, namespace }: Cell) => {
		const room =
			(numbers && namespace === "" ? endOfRoom(x, wall, column) : end) - x - 10;
		return drawText("what", [x, line], cut(text, size.value, room), {
			size: size.value,
			room: Number.POSITIVE_INFINITY,
		});
	};
	const number = (x: number, { namespace }: Cell) =>
		numbers
			? drawText("number", [x, line], namespace, {
					size: size.number,
					room: Number.POSITIVE_INFINITY,
				})
			: "";
	const word = (kind: string, words: string) =>
		drawText(kind, [column.word, line], words, {
			size: size.word,
			room: badge - 16,
		});
	return [
		`<g class="row" data-kind="${kind}" data-state="${ownership}">`,
		drawText("label", [column.label, line], label, {
			size: size.word,
			room: column.outside - column.label - 8,
		}),
		value(column.outside, column.outer, outside),
		number(column.outer, outside),
		ownership === "own"
			? drawBricks(wall - thick / 2, y, thick, row, added)
			: "",
		ownership === "shared" ? drawDoor(wall, y, row) : "",
		value(column.inside, column.inner, inside),
		number(column.inner, inside),
		added
			? `<rect class="new" x="${column.word - 10}" y="${y + 3}" width="${badge}" height="${row - 6}" rx="${row / 2 - 4}"/>${word("on-new", "own · new")}`
			: word(ownership, wordFor(ownership)),
		"</g>",
	].join("");
}

/** Where a value without a number beside it has to end. */
function endOfRoom(x: number, wall: number, column: Form["column"]): number {
	return x < wall ? wall - 44 : column.word - 20;
}

/** An open door, and the way through it. */
function drawDoor(wall: number, y: number, row: number): string {
	const [wide, high] = [row * 0.55, row - 6];
	return `${drawOpening(wall, y + row / 2)}<rect class="door" x="${wall - wide / 2}" y="${y + 3}" width="${wide}" height="${high}" rx="2"/><circle class="end" cx="${wall + wide / 2 - 5}" cy="${y + row / 2 + 5}" r="1.5"/>`;
}

interface Tokens {
	svg: string;
	lines: number;
}

/** The processes on as few lines as can be: where they are many, without their PIDs outside, and then by short names. */
function drawProcesses(
	members: Member[],
	left: number,
	right: number,
	top: number,
	form: Form,
): Tokens {
	const tries = [
		{ outer: form.numbers, letters: 15 },
		{ outer: false, letters: 15 },
		{ outer: false, letters: 8 },
	].map((how) => drawTokens(members, left, right, top, form, how));
	return (
		tries.find(({ lines }) => lines <= MOST_LINES) ?? (tries.at(-1) as Tokens)
	);
}

/** A token for each process: its name, its PID inside, and in brackets its PID outside. */
function drawTokens(
	members: Member[],
	left: number,
	right: number,
	top: number,
	{ size, token }: Form,
	how: { outer: boolean; letters: number },
): Tokens {
	const letter = size.value * LETTER;
	let [x, line] = [left, 0];
	let svg = "";
	for (const [index, { name, pid, inside, depth }] of members.entries()) {
		const outer =
			depth === 0 ? "your run" : inside === pid || !how.outer ? "" : `(${pid})`;
		const short =
			name.length > how.letters ? `${name.slice(0, how.letters - 1)}…` : name;
		const words = `${short} ${inside ?? pid}`;
		const width = (words.length + (outer && ` ${outer}`).length + 2) * letter;
		if (x > left && x + width > right) [x, line] = [left, line + 1];
		const y = top + line * (token + 8);
		if (line === LAST_LINE && index < members.length - 1) {
			const more = `and ${members.length - index} more`;
			svg += drawText("number", [x, y + token * 0.7], more, {
				size: size.value,
				room: right - x,
			});
			return { svg, lines: line + 1 };
		}
		svg += `<g class="process${depth === 1 ? " first" : ""}"><rect x="${x}" y="${y}" width="${width}" height="${token}" rx="${token / 2}"/><text x="${x + letter}" y="${y + token * 0.68}" font-size="${size.value}">${escapeHtml(words)}${outer && ` <tspan class="number">${outer}</tspan>`}</text></g>`;
		x += width + 10;
	}
	return { svg, lines: members.length > 0 ? line + 1 : 0 };
}
