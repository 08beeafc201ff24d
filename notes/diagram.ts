/**
 * The diagram of a step, from data: two rooms of one house, the dev container
 * and the container, and between them a wall where the container has its own of
 * something, or an opening where both share it.
 */

import type { colours } from "../runtime/terminal.ts";

type Colours = ReturnType<typeof colours>;

/** What a container may have of its own, in the order in which the steps build it. */
const KINDS = {
	process: "process",
	uts: "UTS namespace",
	hostname: "host name",
	root: "root directory",
	pid: "process IDs",
	mount: "mounts",
	proc: "/proc",
};

export interface House {
	/** The kinds that are the container's own. */
	own: string[];
	/** Those of them that the step at hand adds. */
	added: string[];
}

interface Row {
	label: string;
	own: boolean;
	added: boolean;
}

function rows({ own, added }: House): Row[] {
	const unknown = own.find((kind) => !Object.hasOwn(KINDS, kind));
	if (unknown !== undefined)
		throw new Error(
			`A page's front matter has ${unknown} in own, and the diagram knows ${Object.keys(KINDS).join(", ")}.`,
		);
	return Object.entries(KINDS).map(([kind, label]) => ({
		label,
		own: own.includes(kind),
		added: added.includes(kind),
	}));
}

/** In box-drawing characters, 40 columns wide. */
export function drawText(house: House, colours: Colours): string[] {
	const { bold, dim, yellow } = colours;
	const lines = rows(house).map(({ label, own, added }) => {
		const outside = ` ${label.padEnd(15)}`;
		if (!own) return `│${outside}${dim("╌╌╌╌╌╌╌")} shared        │`;
		const wall = added ? yellow("┃") : "┃";
		const word = added ? bold(yellow("own")) : "own";
		const mark = added ? yellow("◀ new") : "     ";
		return `│${outside}   ${wall}    ${word}  ${mark}    │`;
	});
	return [
		`┌─ ${bold("dev container")} ───┬─ ${bold("container")} ──────┐`,
		...lines,
		"├───────────────────┴──────────────────┤",
		`│ ${dim("one Linux kernel, shared by both")}     │`,
		"└──────────────────────────────────────┘",
	];
}

const WIDTH = 400;
const TOP = 78;
const ROW = 32;
/** The left side of the wall, and its thickness. */
const WALL = 212;
const THICK = 16;

/** As SVG, with the classes that site.css gives colours to. */
export function drawSvg(house: House): string {
	const kinds = rows(house);
	const floor = TOP + kinds.length * ROW + 8;
	const middle = WALL + THICK / 2;
	const body = kinds.map((row, index) => {
		const y = TOP + index * ROW;
		const line = y + ROW / 2 + 5;
		return [
			`<text class="kind" x="30" y="${line}">${row.label}</text>`,
			row.own ? bricks(WALL, y, THICK, ROW, row.added) : opening(middle, y),
			row.added
				? `<rect class="new" x="246" y="${y + 5}" width="92" height="${ROW - 10}" rx="11"/><text class="on-new" x="292" y="${line}" text-anchor="middle">own · new</text>`
				: `<text class="${row.own ? "own" : "shared"}" x="256" y="${line}">${row.own ? "own" : "shared"}</text>`,
		].join("");
	});
	return [
		`<svg class="house" viewBox="0 0 ${WIDTH} ${floor + 46}" role="img" aria-label="${describe(kinds)}">`,
		`<path class="roof" d="M8 50 L${middle} 8 L${WIDTH - 8} 50"/>`,
		`<rect class="room" x="16" y="50" width="${WIDTH - 32}" height="${floor - 50}"/>`,
		`<text class="name" x="30" y="70">dev container</text>`,
		`<text class="name" x="246" y="70">container</text>`,
		`<path class="lintel" d="M${middle} 50V${TOP}M${middle} ${floor - 8}V${floor}"/>`,
		...body,
		`<rect class="ground" x="8" y="${floor}" width="${WIDTH - 16}" height="34"/>`,
		`<text class="on-ground" x="${WIDTH / 2}" y="${floor + 22}" text-anchor="middle">one Linux kernel, shared by both</text>`,
		"</svg>",
	].join("");
}

/** The wall alone, small, for the list of steps. It says nothing that the list doesn't. */
export function drawSmall(house: House): string {
	const kinds = rows(house);
	const row = 9;
	const body = kinds.map(({ own, added }, index) =>
		own
			? bricks(38, 24 + index * row, 8, row, added)
			: `<path class="way" d="M30 ${28.5 + index * row}h24"/>`,
	);
	return [
		'<svg class="house small" viewBox="0 0 84 100" aria-hidden="true">',
		'<path class="roof" d="M2 22 L42 4 L82 22"/><rect class="room" x="5" y="22" width="74" height="67"/>',
		...body,
		'<rect class="ground" x="2" y="89" width="80" height="7"/></svg>',
	].join("");
}

/** A piece of wall: two courses of brick. */
function bricks(
	x: number,
	y: number,
	width: number,
	height: number,
	added: boolean,
): string {
	const course = height / 2;
	const joint = Math.min(2, height / 9);
	const brick = (left: number, top: number, wide: number) =>
		`<rect class="${added ? "brick new" : "brick"}" x="${left}" y="${top + joint / 2}" width="${wide}" height="${course - joint}"/>`;
	const half = (width - joint) / 2;
	return (
		brick(x, y, width) +
		brick(x, y + course, half) +
		brick(x + half + joint, y + course, half)
	);
}

/** An opening: a way that leads from one room into the other. */
function opening(middle: number, y: number): string {
	const line = y + ROW / 2;
	return `<path class="way" d="M${middle - 30} ${line}h60"/><circle class="end" cx="${middle - 32}" cy="${line}" r="3"/><circle class="end" cx="${middle + 32}" cy="${line}" r="3"/>`;
}

/** The picture in words. */
function describe(kinds: Row[]): string {
	const list = (some: Row[]) =>
		some.map(({ label }) => label).join(", ") || "nothing";
	const own = list(kinds.filter((row) => row.own));
	const shared = list(kinds.filter((row) => !row.own));
	const added = list(kinds.filter((row) => row.added));
	return `A house with two rooms, the dev container and the container. The container's own: ${own}. New in this step: ${added}. Shared with the dev container: ${shared}. One Linux kernel carries both.`;
}
