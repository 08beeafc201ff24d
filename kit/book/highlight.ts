/** Code with its words marked, for the terminal and the book: highlight.js with the few languages of the pages. */

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
	if (!hljs.getLanguage(language)) return [{ text: code, kind: "" }];
	const { _emitter } = hljs.highlight(code, { language, ignoreIllegals: true });
	const pieces: Piece[] = [];
	for (const { text, kind } of piecesOf(
		(_emitter as unknown as TokenTree).rootNode,
		"",
	)) {
		// A comment comes in many parts, and is one piece.
		const last = pieces.at(-1);
		if (last?.kind === kind) last.text += text;
		else pieces.push({ text, kind });
	}
	return pieces;
}

/** What highlight.js makes of a code before it writes HTML; its types leave this out. */
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
