/** Parses a page's Markdown into marked's tokens, for the terminal and the book. */

import { Marked, type Token, type Tokens } from "marked";

/** `<details><summary>…</summary> … </details>`: a folded answer. */
export interface Fold extends Tokens.Generic {
	type: "fold";
	summary: Token[];
	tokens: Token[];
}

/** The only HTML that a page may use. Other HTML is shown as text. */
export const fold = {
	name: "fold",
	level: "block" as const,
	childTokens: ["summary", "tokens"],
	start: (text: string) => text.search(/^<details>/m),
	tokenizer,
};

const marked = new Marked({ extensions: [fold] });

/** The instructor's page marks a mistake with the requirements that fail by it. Readers don't see the mark. */
export const FAILS = / *<!-- fails: ([a-z][a-z -]*) -->/g;

/** The tokens of a page. */
export function parse(markdown: string): Token[] {
	return marked.lexer(markdown.replace(FAILS, ""));
}

/** The plain text of tokens, for a heading's id. */
export function plainText(tokens: Token[]): string {
	return tokens
		.map((token) =>
			"tokens" in token && token.tokens
				? plainText(token.tokens)
				: "text" in token
					? token.text
					: "",
		)
		.join("");
}

interface Lexing {
	lexer: {
		inline(text: string, tokens: Token[]): Token[];
		blockTokens(text: string, tokens: Token[]): Token[];
	};
}

function tokenizer(this: unknown, text: string): Fold | undefined {
	const opening = /^<details>\s*<summary>(.*?)<\/summary>/s.exec(text);
	if (!opening) return;
	const length = foldLength(text);
	if (length === 0) return;
	const raw = text.slice(0, length);
	const { lexer } = this as Lexing;
	const token: Fold = { type: "fold", raw, summary: [], tokens: [] };
	lexer.inline((opening[1] ?? "").trim(), token.summary);
	const inside = raw.slice(opening[0].length, -"</details>".length);
	lexer.blockTokens(inside, token.tokens);
	return token;
}

/** The length of the fold at the start, with the folds inside it. 0 if it has no end: then it is text. */
function foldLength(text: string): number {
	let depth = 0;
	for (const tag of text.matchAll(/<(\/?)details>/g)) {
		depth += tag[1] ? -1 : 1;
		if (depth === 0) return tag.index + tag[0].length;
	}
	return 0;
}
