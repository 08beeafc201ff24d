/** The fences of a page as text for a terminal: code, transcripts and the diagram. */

import type { Tokens } from "marked";
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import { drawText } from "./diagram.ts";
import { highlightPieces } from "./highlight.ts";
import type { PageStyle } from "./page-style.ts";
import { wrap } from "./wrap.ts";

export function code(
	token: Tokens.Code,
	width: number,
	style: PageStyle,
): string[] {
	const { dim } = style.colours;
	const [language = "", ...words] = (token.lang ?? "").split(/\s+/);
	if (language === "diagram") return drawText(style.isolation, style.colours);

	const margin = " ".repeat(width < 60 ? 2 : 4);
	const room = width - margin.length;
	const text = token.text.replace(/\n+$/, "").replaceAll("\t", margin);
	const body =
		language === "console"
			? text
					.split("\n")
					.flatMap((line) => wrapCode(transcriptLine(line, style), room))
			: colourCode(
					text
						.split("\n")
						.flatMap((line) => wrapCode(line, room))
						.join("\n"),
					language,
					style,
				);
	const title =
		language === "console"
			? transcriptPlace(words)
			: words.filter(Boolean).join(" ");
	return [
		...(title ? wrap(title, width).map((line) => dim(line)) : []),
		...body.map((line) => (line === "" ? "" : margin + line)),
	];
}

/**
 * A line of code as several that fit: the terminal itself would break a word.
 * The further lines are indented, and those of a comment are comments.
 */
function wrapCode(line: string, width: number): string[] {
	if (stringWidth(line) <= width) return [line];
	const [indent = "", slashes] = /^ *(\/\/ )?/.exec(line) ?? [];
	const further = slashes ? indent : `${indent}  `;
	const [first = "", ...rest] = wrapAnsi(
		line.slice(indent.length),
		width - further.length,
	).split("\n");
	return [indent + first, ...rest.map((part) => further + part)];
}

/** Where the commands of a transcript are typed, unless it is the page's own container. */
export function transcriptPlace(words: string[]): string {
	if (words.includes("dev")) return "In the dev container:";
	if (words.includes("before")) return "In the container of the step before:";
	return "";
}

function transcriptLine(line: string, { colours }: PageStyle): string {
	const [, prompt, command] = /^([$#>] )(.*)$/.exec(line) ?? [];
	if (prompt === undefined || command === undefined)
		return line === "…" ? colours.dim(line) : line;
	return colours.dim(prompt) + colours.bold(command);
}

function colourCode(
	text: string,
	language: string,
	{ colours }: PageStyle,
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
	// Colour line by line: otherwise a colour would run into the margin.
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
