/** Markdown as text for a terminal of a given width. */

import type { MarkedToken, Token, Tokens } from "marked";
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import type { colours } from "../cli/terminal.ts";
import type { Isolation } from "../steps/kinds.ts";
import { drawText } from "./diagram.ts";
import { unescapeHtml } from "./escape.ts";
import { highlightPieces } from "./highlight.ts";
import { type Fold, parse } from "./markdown.ts";

type Colours = ReturnType<typeof colours>;

export interface Look {
	/** Columns: no line is wider, but for code and words that can't be broken. */
	width: number;
	colours: Colours;
	/** Whether the terminal makes links of OSC 8 sequences. */
	links: boolean;
	/** Whether folded answers are open. */
	answers: boolean;
	/** What a ```diagram shows. */
	isolation: Isolation;
}

/** Below this nothing is indented any further. */
const NARROWEST = 16;

export function render(markdown: string, look: Look): string {
	const visible = showControls(markdown);
	const lines = blocks(parse(visible), look.width, look);
	return lines.length > 0 ? `${lines.join("\n")}\n` : "";
}

/** Control characters could move the cursor: shown as the pictures that Unicode has of them. */
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

/** Blocks below each other, a blank line between them unless the list they stand in is tight. */
function blocks(
	tokens: Token[],
	width: number,
	look: Look,
	tight = false,
): string[] {
	const lines: string[] = [];
	for (const token of tokens) {
		const block = renderBlock(token as MarkedToken | Fold, width, look);
		if (block.length === 0) continue;
		if (lines.length > 0 && !tight) lines.push("");
		lines.push(...block);
	}
	return lines;
}

function renderBlock(
	token: MarkedToken | Fold,
	width: number,
	look: Look,
): string[] {
	const { dim } = look.colours;
	switch (token.type) {
		case "space":
		case "def":
		case "checkbox":
			return [];
		case "heading":
			return heading(token, width, look);
		case "paragraph":
		case "text":
			return wrap(inline(token.tokens ?? [token], look), width);
		case "code":
			return code(token, width, look);
		case "list":
			return list(token, width, look);
		case "blockquote":
			return beside("│ ", "│ ", width, (inner) =>
				blocks(token.tokens, inner, look),
			).map((line) => line.replace(/^│ ?/, (bar) => dim(bar)));
		case "table":
			return table(token, width, look);
		case "hr":
			return [dim("─".repeat(width))];
		case "fold":
			return fold(token as Fold, width, look);
		case "html":
			return token.text
				.trimEnd()
				.split("\n")
				.flatMap((line: string) => wrap(line, width));
		default:
			return wrap(inline([token], look), width);
	}
}

function heading(
	{ depth, tokens }: Tokens.Heading,
	width: number,
	{ colours, ...look }: Look,
): string[] {
	const { bold, cyan, dim } = colours;
	const lines = wrap(inline(tokens, { ...look, colours }), width);
	if (depth > 2) return lines.map((line) => bold(line));
	const rule = depth === 1 ? "━" : "─";
	const length = Math.max(0, ...lines.map((line) => stringWidth(line)));
	return [
		...lines.map((line) => bold(cyan(line))),
		dim(rule.repeat(Math.min(length, width))),
	];
}

/** Lines with something before them: the first line has one mark, the others another of the same width. */
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

function list(token: Tokens.List, width: number, look: Look): string[] {
	const { cyan } = look.colours;
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
				blocks(item.tokens, inner, look, !token.loose),
			),
		);
	}
	return lines;
}

/** An answer: its question alone, or with --answers the whole of it. */
function fold({ summary, tokens }: Fold, width: number, look: Look): string[] {
	const { bold, cyan, dim } = look.colours;
	const question = bold(inline(summary, look));
	if (!look.answers)
		return beside(cyan("▸ "), "  ", width, (inner) =>
			wrap(`${question} ${dim("…")}`, inner),
		);
	return [
		...beside(cyan("▾ "), "  ", width, (inner) => wrap(question, inner)),
		...beside("  ", "  ", width, (inner) => blocks(tokens, inner, look)),
	];
}

function code(token: Tokens.Code, width: number, look: Look): string[] {
	const { dim } = look.colours;
	const [language = "", ...words] = (token.lang ?? "").split(/\s+/);
	if (language === "diagram") return drawText(look.isolation, look.colours);

	const margin = " ".repeat(width < 60 ? 2 : 4);
	const text = token.text.replace(/\n+$/, "").replaceAll("\t", margin);
	const body =
		language === "console"
			? text.split("\n").map((line) => transcriptLine(line, look))
			: colourCode(text, language, look);
	const title =
		language === "console"
			? transcriptPlace(words)
			: words.filter(Boolean).join(" ");
	return [
		...(title ? wrap(title, width).map((line) => dim(line)) : []),
		...body.map((line) => (line === "" ? "" : margin + line)),
	];
}

/** Where the commands of a transcript are typed, unless it is the page's own container. */
export function transcriptPlace(words: string[]): string {
	if (words.includes("dev")) return "In the dev container:";
	if (words.includes("before")) return "In the container of the step before:";
	return "";
}

function transcriptLine(line: string, { colours }: Look): string {
	const [, prompt, command] = /^([$#>] )(.*)$/.exec(line) ?? [];
	if (prompt === undefined || command === undefined)
		return line === "…" ? colours.dim(line) : line;
	return colours.dim(prompt) + colours.bold(command);
}

function colourCode(
	text: string,
	language: string,
	{ colours }: Look,
): string[] {
	const { magenta, green, yellow, blue, cyan, dim } = colours;
	const paint: Record<string, (text: string) => string> = {
		keyword: magenta,
		string: green,
		regexp: green,
		number: yellow,
		literal: yellow,
		title: blue,
		type: cyan,
		built_in: cyan,
		comment: dim,
		meta: dim,
		doctag: dim,
	};
	// A line at a time: each is moved to the right, and a colour would run into the margin.
	return highlightPieces(text, language)
		.map(({ text, kind }) => {
			const colour = paint[kind];
			if (!colour) return text;
			return text
				.split("\n")
				.map((line) => (line === "" ? line : colour(line)))
				.join("\n");
		})
		.join("")
		.split("\n");
}

function table(token: Tokens.Table, width: number, look: Look): string[] {
	const { bold, dim } = look.colours;
	const head = token.header.map((cell) => bold(inline(cell.tokens, look)));
	const body = token.rows.map((row) =>
		row.map((cell) => inline(cell.tokens, look)),
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
	// Where a cell takes more than one line, a blank line shows where the next row begins.
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
 * The width of each column: its widest cell's, or less, so that all fit. The
 * widest gives way first, and words are broken only where nothing else helps.
 * Undefined: there are too many columns.
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

/** A table of too many columns, a row at a time: "column: cell" below each other. */
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

/** Inline tokens as one string, its lines not yet wrapped. */
function inline(tokens: Token[], look: Look): string {
	return tokens
		.map((token) => inlineToken(token as MarkedToken, look))
		.join("");
}

function inlineToken(token: MarkedToken, look: Look): string {
	const { bold, italic, strikethrough, cyan, $ } = look.colours;
	switch (token.type) {
		case "text":
			return token.tokens
				? inline(token.tokens, look)
				: unescapeHtml(token.text).replaceAll("\n", " ");
		case "escape":
			return token.text;
		case "strong":
			return bold(inline(token.tokens, look));
		case "em":
			return italic(inline(token.tokens, look));
		case "del":
			return $.enabled
				? strikethrough(inline(token.tokens, look))
				: `~~${inline(token.tokens, look)}~~`;
		case "codespan":
			return $.enabled ? cyan(token.text) : `\`${token.text}\``;
		case "br":
			return "\n";
		case "link":
			return link(token, look);
		case "image":
			return [token.text, `(${token.href})`].filter(Boolean).join(" ");
		case "checkbox":
			return "";
		default:
			return token.raw.replaceAll("\n", " ");
	}
}

function link(token: Tokens.Link, look: Look): string {
	const { underline, dim } = look.colours;
	const text = inline(token.tokens, look);
	const page = /^(\d\d|instructor)[\w-]*\.md(#.*)?$/.exec(token.href)?.[1];
	if (page) {
		const word = page === "00" ? "start" : page.replace(/^0/, "");
		return `${text} ${dim(`(npm run notes ${word})`)}`;
	}
	const href = unescapeHtml(token.href);
	if (/^https?:/i.test(href) && look.links)
		return `\x1b]8;;${encodeURI(decodeSafe(href))}\x07${underline(text)}\x1b]8;;\x07`;
	const shown = [token.text, `mailto:${token.text}`].includes(token.href);
	return shown || href.startsWith("#") ? text : `${text} ${dim(`(${href})`)}`;
}

/** Ready for encodeURI, which would encode a percent sign again. */
function decodeSafe(href: string): string {
	try {
		return decodeURI(href);
	} catch {
		return href;
	}
}

/**
 * Lines no wider than the width. Words are kept whole, so that a path or an
 * address can be copied; but scripts that put no spaces between words, and the
 * cells of a table, break anywhere.
 */
function wrap(text: string, width: number, anywhere = false): string[] {
	const spaceless =
		/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
	return wrapAnsi(text.replace(/[ \t]+/g, " "), width, {
		hard: anywhere || spaceless.test(text),
	}).split("\n");
}
