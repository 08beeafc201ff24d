/** Markdown as text for a terminal of a given width. */

import type { MarkedToken, Token, Tokens } from "marked";
import stringWidth from "string-width";
import { type Fold, parse, type Room } from "./markdown.ts";
import type { PageStyle } from "./page-style.ts";
import { code } from "./terminal-code.ts";
import { inline } from "./terminal-inline.ts";
import { table } from "./terminal-table.ts";
import { wrap } from "./wrap.ts";

/** Below this width nothing is indented any further. */
const NARROWEST = 16;

export function render(markdown: string, style: PageStyle): string {
	const visible = showControls(markdown);
	const lines = blocks(parse(visible), style.width, style);
	return lines.length > 0 ? `${lines.join("\n")}\n` : "";
}

/** Replaces control characters, which could move the cursor, with their Unicode pictures. */
function showControls(text: string): string {
	return text
		.replace(/\r\n?/g, "\n")
		.replace(
			// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
			/[\0-\x08\x0b-\x1f]/g,
			(control) => String.fromCodePoint(0x2400 + control.charCodeAt(0)),
		)
		.replace(/[\x7f-\x9f\u2028\u2029]/g, "\ufffd");
}

/** Blocks below each other, with blank lines between them, except in a tight list. */
function blocks(
	tokens: Token[],
	width: number,
	style: PageStyle,
	tight = false,
): string[] {
	const lines: string[] = [];
	for (const token of tokens) {
		const block = renderBlock(token as MarkedToken | Fold | Room, width, style);
		if (block.length === 0) continue;
		if (lines.length > 0 && !tight) lines.push("");
		lines.push(...block);
	}
	return lines;
}

function renderBlock(
	token: MarkedToken | Fold | Room,
	width: number,
	style: PageStyle,
): string[] {
	const { dim } = style.colours;
	switch (token.type) {
		case "space":
		case "def":
		case "checkbox":
			return [];
		case "heading":
			return heading(token, width, style);
		case "paragraph":
		case "text":
			return wrap(inline(token.tokens ?? [token], style), width);
		case "code":
			return code(token, width, style);
		case "list":
			return list(token, width, style);
		case "blockquote":
			return beside("│ ", "│ ", width, (inner) =>
				blocks(token.tokens, inner, style),
			).map((line) => line.replace(/^│ ?/, (bar) => dim(bar)));
		case "table":
			return table(token, width, style);
		case "hr":
			return [dim("─".repeat(width))];
		case "room":
			return blocks(token.tokens, width, style);
		case "fold":
			return fold(token as Fold, width, style);
		case "html":
			return token.text
				.trimEnd()
				.split("\n")
				.flatMap((line: string) => wrap(line, width));
		default:
			return wrap(inline([token], style), width);
	}
}

function heading(
	{ depth, tokens }: Tokens.Heading,
	width: number,
	{ colours, ...style }: PageStyle,
): string[] {
	const { bold, cyan, dim } = colours;
	const lines = wrap(inline(tokens, { ...style, colours }), width);
	if (depth > 2) return lines.map((line) => bold(line));
	const rule = depth === 1 ? "━" : "─";
	const length = Math.max(0, ...lines.map((line) => stringWidth(line)));
	return [
		...lines.map((line) => bold(cyan(line))),
		dim(rule.repeat(Math.min(length, width))),
	];
}

/** Lines with a mark before each: one for the first line, another of the same width for the others. */
function beside(
	first: string,
	others: string,
	width: number,
	content: (width: number) => string[],
): string[] {
	const inner = width - stringWidth(first);
	if (inner < NARROWEST) return [first.trimEnd(), ...content(width)];
	const lines = content(inner);
	if (lines.length === 0) return [first.trimEnd()];
	return lines.map((line, index) =>
		(index === 0 ? first : others).concat(line).trimEnd(),
	);
}

function list(token: Tokens.List, width: number, style: PageStyle): string[] {
	const { cyan } = style.colours;
	const lines: string[] = [];
	const last = String(Number(token.start) + token.items.length - 1);
	for (const [index, item] of token.items.entries()) {
		const number = `${Number(token.start) + index}.`.padStart(last.length + 1);
		const bullet = token.ordered ? number : "•";
		const box = item.task ? (item.checked ? " [x]" : " [ ]") : "";
		const mark = `${bullet}${box} `;
		if (token.loose && index > 0) lines.push("");
		lines.push(
			...beside(cyan(mark), " ".repeat(mark.length), width, (inner) =>
				blocks(item.tokens, inner, style, !token.loose),
			),
		);
	}
	return lines;
}

/** A folded answer: the question only, or with --answers all of it. */
function fold(
	{ summary, tokens }: Fold,
	width: number,
	style: PageStyle,
): string[] {
	const { bold, cyan, dim } = style.colours;
	const question = bold(inline(summary, style));
	if (!style.answers)
		return beside(cyan("▸ "), "  ", width, (inner) =>
			wrap(`${question} ${dim("…")}`, inner),
		);
	return [
		...beside(cyan("▾ "), "  ", width, (inner) => wrap(question, inner)),
		...beside("  ", "  ", width, (inner) => blocks(tokens, inner, style)),
	];
}
