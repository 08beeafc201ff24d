/** The measures of the live page's picture: for a wide screen, with and without the namespaces' numbers, and for half a screen. */

import { escapeHtml } from "./escape.ts";

export interface Form {
	/** How site.css chooses it. */
	classes: string;
	width: number;
	/** Where the wall between the rooms is. */
	wall: number;
	/** The heights of a row, of one where there are many, and of a process. */
	row: number;
	low: number;
	token: number;
	/** The sizes of the type: words, values and processes, numbers. */
	size: { word: number; value: number; number: number };
	/** The left ends of what a row shows. Without numbers, `outer` and `inner` are where the values end. */
	column: {
		label: number;
		outside: number;
		outer: number;
		inside: number;
		inner: number;
		word: number;
	};
	numbers: boolean;
}

const WIDE: Form = {
	classes: "wide numbered",
	width: 1200,
	wall: 600,
	row: 36,
	low: 28,
	token: 38,
	size: { word: 24, value: 20, number: 18 },
	column: {
		label: 44,
		outside: 184,
		outer: 434,
		inside: 652,
		inner: 896,
		word: 1036,
	},
	numbers: true,
};

export const FORMS: Form[] = [
	WIDE,
	{
		...WIDE,
		classes: "wide plain",
		column: { ...WIDE.column, outer: 556, inner: 1016 },
		numbers: false,
	},
	{
		classes: "narrow plain",
		width: 640,
		wall: 306,
		row: 28,
		low: 25,
		token: 28,
		size: { word: 19, value: 16, number: 16 },
		column: {
			label: 26,
			outside: 122,
			outer: 266,
			inside: 346,
			inner: 522,
			word: 530,
		},
		numbers: false,
	},
];

/** A letter of the widest monospaced fonts, and a generous one of the others, in parts of the type's size. */
export const LETTER = 0.605;
const WIDEST = 0.6;

/** As many letters of a monospaced type as there is room for. A path keeps its end. */
export function cut(words: string, size: number, room: number): string {
	const most = Math.floor(room / (size * LETTER));
	if (words.length <= most) return words;
	return words.startsWith("/")
		? `…${words.slice(1 - most)}`
		: `${words.slice(0, most - 1)}…`;
}

/** A text that is squeezed if it could be wider than its room. */
export function drawText(
	kind: string,
	[x, y]: [x: number, y: number],
	words: string,
	{ size, room, anchor }: { size: number; room: number; anchor?: string },
): string {
	if (words === "") return "";
	const squeezed =
		words.length * size * WIDEST > room
			? ` textLength="${Math.min(room, Math.round(words.length * size * 0.55))}" lengthAdjust="spacingAndGlyphs"`
			: "";
	return `<text class="${kind}" x="${x}" y="${y}" font-size="${size}"${anchor ? ` text-anchor="${anchor}"` : ""}${squeezed}>${escapeHtml(words)}</text>`;
}
