/** A table of a page as text for a terminal. */

import type { Tokens } from "marked";
import stringWidth from "string-width";
import type { PageStyle } from "./page-style.ts";
import { inline } from "./terminal-inline.ts";
import { wrap } from "./wrap.ts";

export function table(
	token: Tokens.Table,
	width: number,
	style: PageStyle,
): string[] {
	const { bold, dim } = style.colours;
	const head = token.header.map((cell) => bold(inline(cell.tokens, style)));
	const body = token.rows.map((row) =>
		row.map((cell) => inline(cell.tokens, style)),
	);
	const widths = columnWidths([head, ...body], width);
	if (!widths) return records(head, body, width);

	const layOut = (cells: string[]) => {
		const columns = cells.map((cell, index) =>
			wrap(cell, widths[index] ?? 0, true),
		);
		const height = Math.max(1, ...columns.map((lines) => lines.length));
		return Array.from({ length: height }, (_, line) =>
			columns
				.map((lines, index) =>
					align(lines[line] ?? "", widths[index] ?? 0, token.align[index]),
				)
				.join("  ")
				.trimEnd(),
		);
	};
	const rule = dim(widths.map((wide) => "─".repeat(wide)).join("──"));
	const rows = body.map(layOut);
	// If a cell has several lines, blank lines separate the rows.
	const airy = rows.some((lines) => lines.length > 1);
	return [
		...layOut(head),
		rule,
		...rows.flatMap((lines, index) =>
			airy && index > 0 ? ["", ...lines] : lines,
		),
	];
}

/**
 * The width of each column: the width of its widest cell, or less so that all fit.
 * The widest column shrinks first. Words are broken only if nothing else helps.
 * Undefined if there are too many columns.
 */
function columnWidths(rows: string[][], width: number): number[] | undefined {
	const count = rows[0]?.length ?? 0;
	const room = width - 2 * (count - 1);
	const narrowest = 6;
	if (room < count * narrowest) return undefined;
	const columns = Array.from({ length: count }, (_, column) =>
		rows.map((row) => row[column] ?? ""),
	);
	const widest = (texts: string[]) =>
		Math.max(1, ...texts.map((text) => stringWidth(text)));
	const widths = columns.map(widest);
	const words = columns.map((cells) =>
		widest(cells.flatMap((cell) => cell.split(/\s+/))),
	);
	const sum = () => widths.reduce((total, wide) => total + wide, 0);
	while (sum() > room) {
		const canWrap = widths.map((wide, at) =>
			wide > (words[at] ?? 0) ? wide : 0,
		);
		const from = canWrap.some((wide) => wide > 0) ? canWrap : widths;
		const at = from.indexOf(Math.max(...from));
		widths[at] = (widths[at] ?? 0) - 1;
	}
	return widths;
}

/** A table with too many columns, row by row: each cell on its own line, as "column: cell". */
function records(head: string[], body: string[][], width: number): string[] {
	const rows = body.length > 0 ? body : [head.map(() => "")];
	return rows.flatMap((row, index) => [
		...(index > 0 ? [""] : []),
		...row.flatMap((cell, column) => wrap(`${head[column]}: ${cell}`, width)),
	]);
}

function align(
	text: string,
	width: number,
	side: "center" | "left" | "right" | null | undefined,
): string {
	const gap = Math.max(0, width - stringWidth(text));
	const left =
		side === "right" ? gap : side === "center" ? Math.floor(gap / 2) : 0;
	return " ".repeat(left) + text + " ".repeat(gap - left);
}
