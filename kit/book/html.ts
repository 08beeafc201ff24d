/** Markdown as HTML for the book: in sections, which can be shown one at a time, and without anything executable. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Marked, Renderer, type Token, type Tokens } from "marked";
import { HOME } from "../steps/catalog.ts";
import { type Isolation, NO_ISOLATION } from "../steps/kinds.ts";
import { drawSvg } from "./diagram-svg.ts";
import { escapeHtml } from "./escape.ts";
import { highlight } from "./highlight.ts";
import { type Fold, fold, parse, plainText, type Room } from "./markdown.ts";
import { transcriptPlace } from "./terminal-code.ts";

/** A page's sections: the text before the first heading, and each heading of the first two levels with its text. */
export function renderSections(
	markdown: string,
	isolation: Isolation,
): string[] {
	const sections: Token[][] = [];
	for (const token of parse(markdown)) {
		const begins = token.type === "heading" && token.depth <= 2;
		if (begins || sections.length === 0) sections.push([]);
		sections.at(-1)?.push(token);
	}
	const marked = new Marked({
		renderer: renderer(isolation),
		extensions: [
			{ ...fold, renderer: renderFold },
			{ name: "room", renderer: renderRoom },
		],
	});
	return sections
		.map((tokens) => marked.parser(tokens).trim())
		.filter((html) => html !== "");
}

/** A line of Markdown without a paragraph around it. */
export function renderInline(markdown: string): string {
	const [html = ""] = renderSections(markdown, NO_ISOLATION);
	return html.replace(/^<p>(.*)<\/p>$/s, "$1");
}

function renderer(isolation: Isolation): Partial<Renderer> {
	const ids = new Set<string>();
	return {
		heading({ tokens, depth }: Tokens.Heading): string {
			const id = uniqueId(plainText(tokens), ids);
			// The page's title is its h1.
			const level = Math.max(2, depth);
			return `<h${level} id="${id}">${this.parser?.parseInline(tokens)}</h${level}>\n`;
		},
		code: (token: Tokens.Code) => renderCode(token, isolation),
		codespan: ({ text }: Tokens.Codespan) => `<code>${escapeHtml(text)}</code>`,
		html: ({ text, block }: Tokens.HTML | Tokens.Tag) =>
			block
				? `<p class="raw">${escapeHtml(text.trim())}</p>\n`
				: escapeHtml(text),
		text(token: Tokens.Text | Tokens.Escape): string {
			if ("tokens" in token && token.tokens)
				return this.parser?.parseInline(token.tokens) ?? "";
			if (token.type === "escape") return escapeHtml(token.text);
			return escapeText(token.text);
		},
		checkbox: ({ checked }: Tokens.Checkbox) =>
			`<span class="box" role="img" aria-label="${checked ? "done" : "to do"}">${checked ? "☑" : "☐"}</span> `,
		table(token: Tokens.Table): string {
			const table = Renderer.prototype.table.call(this as Renderer, token);
			return `<div class="wide" role="group" aria-label="Table" tabindex="0">${table}</div>\n`;
		},
		link({ href, tokens }: Tokens.Link): string {
			const text = this.parser?.parseInline(tokens) ?? "";
			const target = linkTarget(href);
			if (target === undefined)
				return `${text} <span class="address">(${escapeText(href)})</span>`;
			return `<a href="${escapeText(target)}"${/^http/i.test(target) ? ' rel="noreferrer"' : ""}>${text}</a>`;
		},
		// The book's own pictures are put into the page. For any other, only its text and address are shown.
		image: ({ href, text }: Tokens.Image) =>
			isOwnPicture(href)
				? `<img src="data:image/png;base64,${readFileSync(join(HOME, "notes", href), "base64")}" alt="${escapeHtml(text)}">`
				: `${escapeText(text)} <span class="address">(${escapeText(href)})</span>`,
	};
}

function isOwnPicture(href: string): boolean {
	return (
		/^pictures\/[\w-]+\.png$/.test(href) &&
		existsSync(join(HOME, "notes", href))
	);
}

/** A link's target in the book. Undefined if the link is not allowed. */
function linkTarget(href: string): string | undefined {
	const [, page, part = ""] =
		/^(?:\.\/|notes\/)?([\w-]+)\.md(#.*)?$/.exec(href) ?? [];
	if (page) return `${page}.html${part}`;
	return /^(https?:\/\/|mailto:|#)/i.test(href) ? href : undefined;
}

interface Rendering {
	parser: { parse(t: Token[]): string; parseInline(t: Token[]): string };
}

/** What is for the room. The slides are made of it. */
function renderRoom(this: Rendering, token: Tokens.Generic): string {
	const { block, tokens } = token as Room;
	return block
		? `<div class="in-room">\n${this.parser.parse(tokens)}</div>\n`
		: `<span class="in-room">${this.parser.parseInline(tokens).trim()}</span> `;
}

function renderFold(this: Rendering, token: Tokens.Generic): string {
	const { summary, tokens } = token as Fold;
	return `<details><summary>${this.parser.parseInline(summary)}</summary>\n${this.parser.parse(tokens)}</details>\n`;
}

function renderCode({ lang, text }: Tokens.Code, isolation: Isolation): string {
	const [language = "", ...words] = (lang ?? "").split(/\s+/);
	if (language === "diagram")
		return `<figure class="diagram">${drawSvg(isolation)}</figure>\n`;
	const console = language === "console";
	const title = console ? transcriptPlace(words) : words.join(" ");
	const body = console
		? text.split("\n").map(transcriptLine).join("\n")
		: highlight(text, language);
	const caption = title
		? `<figcaption>${console ? escapeHtml(title) : `<code>${escapeHtml(title)}</code>`}</figcaption>`
		: "";
	const label = console ? "What the terminal shows" : "Code";
	return `<figure class="${console ? "console" : "code"}">${caption}<pre tabindex="0" role="group" aria-label="${label}"><code>${body.trimEnd()}\n</code></pre></figure>\n`;
}

function transcriptLine(line: string): string {
	const [, prompt, command] = /^([$#>] )(.*)$/.exec(line) ?? [];
	if (prompt === undefined || command === undefined) return escapeHtml(line);
	return `<span class="prompt">${escapeHtml(prompt)}</span><b>${escapeHtml(command)}</b>`;
}

/** Escapes a text, but keeps Markdown's character references (&amp;nbsp;). */
function escapeText(text: string): string {
	return escapeHtml(text).replace(/&amp;(#?\w+;)/g, "&$1");
}

/** A heading's id, as on GitHub: "The idea" is #the-idea, and a second one #the-idea-1. */
function uniqueId(text: string, ids: Set<string>): string {
	const id =
		text
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, "")
			.trim()
			.replace(/\s/g, "-") || "section";
	let unique = id;
	for (let n = 1; ids.has(unique); n++) unique = `${id}-${n}`;
	ids.add(unique);
	return unique;
}
