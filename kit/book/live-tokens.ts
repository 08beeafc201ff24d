/** The bottom of the live page's rooms: the processes, and the names of the capabilities. */

import wrapAnsi from "wrap-ansi";
import type { Member } from "../look/view.ts";
import { escapeHtml } from "./escape.ts";
import { drawText, type Form, LETTER } from "./live-form.ts";

/** More lines of processes make the next form; what does not fit on the last line is counted. */
const [MOST_LINES, LAST_LINE] = [5, 5];

/** From one line of names to the next, in parts of the type's size. */
export const LEADING = 1.3;

/** A picture with no room for so many lines of names, under one line of processes, shows their number alone. */
const MOST_NAMES = 4;

/** The names of the capabilities that are left, in lines that fit. */
export function powerLines(
	powers: string[],
	room: number,
	size: number,
): string[] {
	if (powers.length === 0) return [];
	const lines = wrapAnsi(
		powers.join(" "),
		Math.floor(room / (size * LETTER)),
	).split("\n");
	return lines.length > MOST_NAMES ? [] : lines;
}

interface Tokens {
	svg: string;
	lines: number;
}

/** The processes on as few lines as can be: where they are many, without their PIDs outside, and then by short names. */
export function drawProcesses(
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
