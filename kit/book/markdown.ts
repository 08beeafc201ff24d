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

const MARK = /^<!-- (room|home) -->$/;

const marked = new Marked({ extensions: [fold] });

/** What a page marks for the room: blocks, or the sentences of one. */
export interface Room extends Tokens.Generic {
	type: "room";
	/** Whether the tokens are whole blocks. */
	block: boolean;
	tokens: Token[];
}

/** The instructor's page marks a mistake with the requirements that fail by it. Readers don't see the mark. */
export const FAILS = / *<!-- fails: ([a-z][a-z -]*) -->/g;

/** The tokens of a page. */
export function parse(markdown: string): Token[] {
	return gatherRoom(marked.lexer(markdown.replace(FAILS, "")), true);
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

/**
 * Gathers what the page marks for the room. `<!-- room -->` on a line of its own
 * marks the block below it; within a paragraph or an item it marks what follows,
 * up to `<!-- home -->`. A host of code shows neither.
 */
function gatherRoom(tokens: Token[], blocks: boolean): Token[] {
	const gathered: Token[] = [];
	let room: Room | undefined;
	for (const token of tokens) {
		const mark = markOf(token);
		if (mark === "room")
			room = { type: "room", raw: "", block: blocks, tokens: [] };
		if (mark === "home") room = undefined;
		if (mark) continue;

		const sentences =
			blocks && room !== undefined && token.type === "paragraph";
		gatherInside(token, sentences);
		if (!room || sentences) {
			gathered.push(token);
			if (token.type !== "space" && blocks) room = undefined;
			continue;
		}
		if (room.tokens.length === 0) gathered.push(room);
		room.tokens.push(token);
		if (blocks) room = undefined;
	}
	return gathered;
}

function markOf(token: Token): string | undefined {
	return token.type === "html" ? MARK.exec(token.raw.trim())?.[1] : undefined;
}

/** @param marked whether a mark stands above the paragraph */
function gatherInside(token: Token, marked: boolean): void {
	if (token.type === "list")
		for (const item of token.items)
			for (const inner of item.tokens) gatherInside(inner, false);
	else if (token.type === "paragraph" || token.type === "text") {
		const above = { type: "html", raw: "<!-- room -->" } as Token;
		if ("tokens" in token && token.tokens)
			token.tokens = gatherRoom(
				marked ? [above, ...token.tokens] : token.tokens,
				false,
			);
	}
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
