/** The inline parts of a page as text for a terminal: emphasis, code, links. */

import type { MarkedToken, Token, Tokens } from "marked";
import { unescapeHtml } from "./escape.ts";
import type { Room } from "./markdown.ts";
import type { PageStyle } from "./page-style.ts";

/** Inline tokens as one string, its lines not yet wrapped. */
export function inline(tokens: Token[], style: PageStyle): string {
	return tokens
		.map((token) => inlineToken(token as MarkedToken | Room, style))
		.join("");
}

function inlineToken(token: MarkedToken | Room, style: PageStyle): string {
	const { bold, italic, strikethrough, cyan, $ } = style.colours;
	switch (token.type) {
		case "text":
			return token.tokens
				? inline(token.tokens, style)
				: unescapeHtml(token.text).replaceAll("\n", " ");
		case "escape":
			return token.text;
		case "strong":
			return bold(inline(token.tokens, style));
		case "em":
			return italic(inline(token.tokens, style));
		case "del":
			return $.enabled
				? strikethrough(inline(token.tokens, style))
				: `~~${inline(token.tokens, style)}~~`;
		case "codespan":
			return $.enabled ? cyan(token.text) : `\`${token.text}\``;
		case "room":
			return inline(token.tokens, style);
		case "br":
			return "\n";
		case "link":
			return link(token, style);
		case "image":
			return [token.text, `(${token.href})`].filter(Boolean).join(" ");
		case "checkbox":
			return "";
		default:
			return token.raw.replaceAll("\n", " ");
	}
}

function link(token: Tokens.Link, style: PageStyle): string {
	const { underline, dim } = style.colours;
	const text = inline(token.tokens, style);
	const page = /^(\d\d|next|instructor)[\w-]*\.md(#.*)?$/.exec(token.href)?.[1];
	if (page) {
		const word = page === "00" ? "start" : page.replace(/^0/, "");
		return `${text} ${dim(`(npm run notes ${word})`)}`;
	}
	const href = unescapeHtml(token.href);
	if (/^https?:/i.test(href) && style.links)
		return `\x1b]8;;${encodeURI(decodeSafe(href))}\x07${underline(text)}\x1b]8;;\x07`;
	const shown = [token.text, `mailto:${token.text}`].includes(token.href);
	return shown || href.startsWith("#") ? text : `${text} ${dim(`(${href})`)}`;
}

/** Decodes an address for encodeURI, which would encode a percent sign twice. */
function decodeSafe(href: string): string {
	try {
		return decodeURI(href);
	} catch {
		return href;
	}
}
