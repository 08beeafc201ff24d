/**
 * The diagram of a step, from data: two rooms of one house, the dev container
 * and the container, and between them a wall where the container has its own of
 * something, or an opening where both share it.
 */

import { CommandError, type colours } from "../cli/terminal.ts";

type Colours = ReturnType<typeof colours>;

/** What a container may have of its own, in the order in which the steps build it: from the ground up. */
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

/** From the roof down, as they are drawn. */
function rows({ own, added }: House): Row[] {
	const unknown = own.find((kind) => !Object.hasOwn(KINDS, kind));
	if (unknown !== undefined)
		throw new CommandError(
			1,
			`A page's front matter has ${unknown} in own, and the diagram knows ${Object.keys(KINDS).join(", ")}.`,
		);
	const upwards = Object.entries(KINDS).map(([kind, label]) => ({
		label,
		own: own.includes(kind),
		added: added.includes(kind),
	}));
	return upwards.reverse();
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
const MIDDLE = WIDTH / 2;
/** Where the first row begins, and how high each is. */
const TOP = 80;
const ROW = 32;
const WALL = 24;

/** As SVG, with the classes that site.css gives colours to. */
export function drawSvg(house: House): string {
	const kinds = rows(house);
	const ground = TOP + kinds.length * ROW;
	const body = kinds.map((row, index) => {
		const y = TOP + index * ROW;
		const line = y + ROW / 2 + 5;
		const word = row.added
			? `<rect class="new" x="240" y="${y + 5}" width="92" height="${ROW - 10}" rx="11"/><text class="on-new" x="286" y="${line}" text-anchor="middle">own · new</text>`
			: `<text class="${row.own ? "own" : "shared"}" x="250" y="${line}">${row.own ? "own" : "shared"}</text>`;
		return [
			`<text x="32" y="${line}">${row.label}</text>`,
			row.own
				? bricks(MIDDLE - WALL / 2, y, WALL, ROW, row.added)
				: opening(MIDDLE, y + ROW / 2),
			word,
		].join("");
	});
	const top = kinds.findIndex(({ own }) => own);
	const wall = top === -1 ? ground : TOP + top * ROW;
	return [
		`<svg class="house" viewBox="0 0 ${WIDTH} ${ground + 36}" role="img" aria-label="${describe(kinds)}">`,
		`<path class="roof" d="M6 48 L${MIDDLE} 6 L${WIDTH - 6} 48Z"/>`,
		`<path class="room" d="M16 48H${WIDTH - 16}V${ground}H16Z"/>`,
		`<path class="inside" d="M${MIDDLE} ${wall}H${WIDTH - 16}V${ground}H${MIDDLE}Z"/>`,
		`<text class="name" x="32" y="70">dev container</text>`,
		`<text class="name" x="250" y="70">container</text>`,
		...body,
		`<rect class="ground" x="6" y="${ground}" width="${WIDTH - 12}" height="34"/>`,
		`<text class="on-ground" x="${MIDDLE}" y="${ground + 22}" text-anchor="middle">one Linux kernel, shared by both</text>`,
		"</svg>",
	].join("");
}

/** The wall alone, small, for the list of steps. It says nothing that the list doesn't. */
export function drawSmall(house: House): string {
	const kinds = rows(house);
	const row = 9;
	const body = kinds.map(({ own, added }, index) =>
		own
			? bricks(36, 26 + index * row, 12, row, added)
			: `<path class="way" d="M28 ${30.5 + index * row}h28"/>`,
	);
	return [
		'<svg class="house small" viewBox="0 0 84 100" aria-hidden="true">',
		'<path class="roof" d="M2 22 L42 4 L82 22Z"/><path class="room" d="M5 22H79V89H5Z"/>',
		...body,
		'<rect class="ground" x="2" y="89" width="80" height="7"/></svg>',
	].join("");
}

/** A piece of wall: two courses of brick. */
export function bricks(
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
export function opening(x: number, y: number): string {
	return `<path class="way" d="M${x - 30} ${y}h60"/><circle class="end" cx="${x - 32}" cy="${y}" r="3"/><circle class="end" cx="${x + 32}" cy="${y}" r="3"/>`;
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
