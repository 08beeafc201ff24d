/**
 * The diagram of a step as text: two rooms, the dev container and the
 * container. Between them is a wall for each kind that is the container's own, and
 * an opening for each kind that both share.
 */

import type { colours } from "../cli/terminal.ts";
import {
	ALL_KINDS,
	expectedOwnership,
	type Isolation,
	isShown,
	KINDS,
	type Kind,
	type Ownership,
} from "../steps/kinds.ts";

type Colours = ReturnType<typeof colours>;

/** One kind of isolation in a step's diagram. */
export interface DiagramRow {
	kind: Kind;
	label: string;
	ownership: Ownership;
	/** The ownership in words: "own: container", "shared". */
	words: string;
	/** Whether this step has added it. */
	added: boolean;
}

/** The row of each kind after a step. */
export function diagramRows(isolation: Isolation): DiagramRow[] {
	return ALL_KINDS.map((kind) => {
		const ownership = expectedOwnership(kind, isolation);
		const value = isolation.values[kind];
		return {
			kind,
			label: KINDS[kind],
			ownership,
			words: value === undefined ? ownership : `${ownership}: ${value}`,
			added: isolation.added.includes(kind),
		};
	}).filter(({ kind, ownership }) => isShown(kind, ownership));
}

/** The widths of the two rooms. With the three walls the diagram is 40 columns wide. */
const [LEFT, RIGHT] = [15, 22];
const NEW = "◀ new";

/** In box-drawing characters, 40 columns wide. */
export function drawText(isolation: Isolation, colours: Colours): string[] {
	const { bold, dim, yellow } = colours;
	const rows = diagramRows(isolation).map((row) => drawRow(row, colours));
	const container = isolation.first
		? `${bold("container")} ${yellow(NEW)} ${"─".repeat(RIGHT - 17)}`
		: `${bold("container")} ${"─".repeat(RIGHT - 11)}`;
	const ground = "one Linux kernel, shared by both";
	const rest = " ".repeat(LEFT + RIGHT - ground.length);
	return [
		`┌ ${bold("dev container")} ┬ ${container}┐`,
		...rows,
		`├${"─".repeat(LEFT)}┴${"─".repeat(RIGHT)}┤`,
		`│ ${dim(ground)}${rest}│`,
		`└${"─".repeat(LEFT + 1 + RIGHT)}┘`,
	];
}

function drawRow(
	{ label, ownership, words, added }: DiagramRow,
	{ bold, dim, yellow }: Colours,
): string {
	const wall =
		ownership === "own"
			? ` ${added ? yellow("┃") : "┃"} `
			: ownership === "shared"
				? `${dim("╌╌╌")} `
				: " │  ";
	const room = RIGHT - NEW.length - (ownership === "own" ? 3 : 4);
	const paint = added ? (text: string) => bold(yellow(text)) : String;
	const mark = added ? yellow(NEW) : " ".repeat(NEW.length);
	return `│${` ${label}`.padEnd(LEFT - 1)}${wall}${paint(words.padEnd(room))} ${mark} │`;
}
