/** The diagram of a step as SVG, for the book. */

import type { Isolation } from "../steps/kinds.ts";
import { type DiagramRow, diagramRows } from "./diagram.ts";
import { escapeHtml } from "./escape.ts";
import { drawBricks, drawHouse, drawOpening, type Plan } from "./house.ts";

/** The wall is left of the middle, since the words need more room than the labels. */
const [WIDTH, WALL_AT] = [440, 172];
/** The top of the first row, and the height of a row and the width of the wall. */
const [TOP, ROW, WALL] = [80, 26, 24];
/** The left ends of a row's label and of its words. */
const COLUMN = { label: 32, words: 214 };

/** The diagram as SVG. house.css gives its classes their colours. */
export function drawSvg(isolation: Isolation): string {
	const rows = diagramRows(isolation);
	const plan: Plan = {
		width: WIDTH,
		wall: WALL_AT,
		margin: 16,
		top: 48,
		ground: TOP + rows.length * ROW + 4,
		base: 34,
		names: { outside: COLUMN.label, inside: COLUMN.words, below: 22 },
	};
	const body = rows.map((row, index) => drawRow(row, TOP + index * ROW));
	if (isolation.first) body.push(drawBadge(350, 66, "new"));
	const style = { classes: "house", label: describe(isolation, rows) };
	return drawHouse(plan, style, body.join(""));
}

function drawRow(
	{ kind, label, ownership, words, added }: DiagramRow,
	y: number,
): string {
	const line = y + ROW / 2 + 5;
	return [
		`<g class="row" data-kind="${kind}" data-state="${ownership}">`,
		`<text x="${COLUMN.label}" y="${line}">${label}</text>`,
		ownership === "own"
			? drawBricks(WALL_AT - WALL / 2, y, WALL, ROW, added)
			: "",
		ownership === "shared" ? drawOpening(WALL_AT, y + ROW / 2) : "",
		added
			? drawBadge(COLUMN.words, line, `${words} · new`)
			: `<text class="${ownership}" x="${COLUMN.words}" y="${line}">${escapeHtml(words)}</text>`,
		"</g>",
	].join("");
}

/** Words on a badge that is about as wide as they are. */
function drawBadge(x: number, y: number, words: string): string {
	const width = Math.min(words.length * 10.8 + 18, WIDTH - 16 - x + 6);
	return `<rect class="new" x="${x - 8}" y="${y - 15}" width="${width}" height="20" rx="10"/><text class="on-new" x="${x}" y="${y}">${escapeHtml(words)}</text>`;
}

/** A small house for the list of steps. It is decoration: the list has the same information. */
export function drawSmall(isolation: Isolation): string {
	const rows = diagramRows(isolation);
	const [top, height] = [26, 63];
	const row = height / rows.length;
	const body = rows.map(({ ownership, added }, index) => {
		const y = top + index * row;
		if (ownership === "own") return drawBricks(36, y, 12, row, added);
		if (ownership === "none") return "";
		return `<path class="way" d="M28 ${y + row / 2}h28"/>`;
	});
	return [
		'<svg class="house small" viewBox="0 0 84 100" aria-hidden="true">',
		'<path class="roof" d="M2 22 L42 4 L82 22Z"/><path class="room" d="M5 22H79V89H5Z"/>',
		...body,
		'<rect class="ground" x="2" y="89" width="80" height="7"/></svg>',
	].join("");
}

/** The picture in words. */
function describe({ first }: Isolation, rows: DiagramRow[]): string {
	const list = (some: DiagramRow[]) =>
		some
			.map(({ label, words }) =>
				words.includes(": ") ? `${label} (${words.split(": ")[1]})` : label,
			)
			.join(", ") || "nothing";
	const having = (wanted: string) =>
		list(rows.filter(({ ownership }) => ownership === wanted));
	const none = having("none");
	const added = list(rows.filter((row) => row.added));
	return [
		"A house with two rooms, the dev container and the container.",
		`The container's own: ${having("own")}.`,
		`New in this step: ${first ? "the container itself" : added}.`,
		...(none === "nothing" ? [] : [`Not there in the container: ${none}.`]),
		`Shared with the dev container: ${having("shared")}.`,
		"One Linux kernel carries both.",
	].join(" ");
}
