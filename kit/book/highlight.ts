/** Code with its words marked, for the terminal and the book: highlight.js with the few languages of the pages. */

import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import json from "highlight.js/lib/languages/json";
import typescript from "highlight.js/lib/languages/typescript";

hljs.registerLanguage("bash", bash);
hljs.registerLanguage("c", c);
hljs.registerLanguage("dockerfile", dockerfile);
hljs.registerLanguage("json", json);
hljs.registerLanguage("typescript", typescript);
hljs.registerAliases(["console"], { languageName: "bash" });

/** The code as HTML with spans of highlight.js's classes; escaped, and nothing more, in a language it does not know. */
export function highlight(code: string, language: string): string {
	if (!hljs.getLanguage(language)) return escapeHtml(code);
	return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}

/** A piece of code and the class of the innermost span around it. */
export interface Piece {
	text: string;
	kind: string;
}

/** The same as pieces, for those who draw it in some other way. */
export function highlightPieces(code: string, language: string): Piece[] {
	const pieces: Piece[] = [];
	const kinds: string[] = [];
	const tags = /<span class="hljs-([^" ]*)[^"]*">|<\/span>|([^<]+)/g;
	for (const [tag, kind, text] of highlight(code, language).matchAll(tags)) {
		if (text !== undefined)
			pieces.push({ text: unescapeHtml(text), kind: kinds.at(-1) ?? "" });
		else if (tag === "</span>") kinds.pop();
		else kinds.push(kind ?? "");
	}
	return pieces;
}

export function escapeHtml(text: string): string {
	return text
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll('"', "&quot;")
		.replaceAll("'", "&#x27;");
}

/** The characters that Markdown's named and numbered references stand for. One it does not know stays as it is. */
export function unescapeHtml(text: string): string {
	const names: Record<string, string> = {
		amp: "&",
		lt: "<",
		gt: ">",
		quot: '"',
		apos: "'",
		nbsp: "\u00a0",
	};
	return text.replace(
		/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi,
		(whole, decimal, hex, name) => {
			if (name) return names[name] ?? whole;
			const point = decimal ? Number(decimal) : Number.parseInt(hex, 16);
			return point > 31 && point <= 0x10ffff
				? String.fromCodePoint(point)
				: whole;
		},
	);
}
