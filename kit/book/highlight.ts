/** Highlights code for the terminal and the book: highlight.js with the languages of the pages. */

import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import json from "highlight.js/lib/languages/json";
import typescript from "highlight.js/lib/languages/typescript";
import { escapeHtml } from "./escape.ts";

hljs.registerLanguage("bash", bash);
hljs.registerLanguage("c", c);
hljs.registerLanguage("dockerfile", dockerfile);
hljs.registerLanguage("json", json);
hljs.registerLanguage("typescript", typescript);
hljs.registerAliases(["console"], { languageName: "bash" });

/** The code as HTML with highlight.js's classes. In an unknown language it is only escaped. */
export function highlight(code: string, language: string): string {
	if (!hljs.getLanguage(language)) return escapeHtml(code);
	return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}

/** A piece of code and the class of the innermost span around it. */
export interface Piece {
	text: string;
	kind: string;
}

/** The same as pieces, for output that is not HTML. */
export function highlightPieces(code: string, language: string): Piece[] {
	if (!hljs.getLanguage(language)) return [{ text: code, kind: "" }];
	const { _emitter } = hljs.highlight(code, { language, ignoreIllegals: true });
	const pieces: Piece[] = [];
	for (const { text, kind } of piecesOf(
		(_emitter as unknown as TokenTree).rootNode,
		"",
	)) {
		// highlight.js splits a comment into parts: join them.
		const last = pieces.at(-1);
		if (last?.kind === kind) last.text += text;
		else pieces.push({ text, kind });
	}
	return pieces;
}

/** highlight.js's tree before it writes HTML. Its types leave this out. */
interface TokenTree {
	rootNode: TokenNode;
}

interface TokenNode {
	/** "keyword", "title.function": the part before the dot is the class. */
	scope?: string;
	children: (TokenNode | string)[];
}

function piecesOf({ scope, children }: TokenNode, around: string): Piece[] {
	const kind = scope?.split(".")[0] ?? around;
	return children.flatMap((child) =>
		typeof child === "string" ? { text: child, kind } : piecesOf(child, kind),
	);
}
