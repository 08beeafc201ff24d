/** The live page's picture: the running container, as a house with two rooms. */

import { type Cell, ownAndShared, type Row } from "../look/compare.ts";
import { wordFor } from "../look/draw.ts";
import type { View } from "../look/view.ts";
import { currentStep } from "../steps/progress.ts";
import { escapeHtml } from "./escape.ts";
import { drawBricks, drawHouse, drawOpening, type Plan } from "./house.ts";
import { cut, drawText, FORMS, type Form } from "./live-form.ts";
import { drawProcesses, LEADING, powerLines } from "./live-tokens.ts";

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
	{ container, title, others, ended, rows, powers, processes }: View,
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
	const below = width - 30 - column.inside;
	// Under several lines of processes the names would make the house too high.
	const names = inner.lines <= 1 ? powerLines(powers, below, size.number) : [];
	const lines = Math.max(2, outer.lines, inner.lines);
	const cellar = floor + token + 8;
	const depth = Math.max(
		lines * (token + 8),
		token + 8 + names.length * size.number * LEADING,
	);
	const corner = ended ? "ended" : others > 0 ? `${others} more` : "";
	return drawHouse(
		planOf(form, floor + depth + 4),
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
			...names.map((line, index) =>
				drawText(
					"names",
					[column.inside, cellar + (index + 0.8) * size.number * LEADING],
					line,
					{ size: size.number, room: below },
				),
			),
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
