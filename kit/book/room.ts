/** How long a page takes in a class: what of it is for the room, counted. */

import type { Token, Tokens } from "marked";
import { type Fold, parse, plainText, type Room } from "./markdown.ts";

/** What the room reads and types. */
export interface Load {
	/** The words of the marked sentences. */
	words: number;
	/** The commands of the sections that have such sentences. */
	commands: number;
}

/** Half of the readers read English as a second language; a command is typed, waited for and looked at. */
const [WORDS_A_MINUTE, COMMANDS_A_MINUTE] = [130, 2];
/** What a step takes beside reading and trying: the problem on the projector, a question, and the looking up of names. */
const TALK = 2;
/** For a line of code that a learner finds out, writes and gets past the check. */
const MINUTES_A_LINE = 1.5;

/** What of a page's Markdown is for the room. */
export function loadOf(markdown: string): Load {
	const load = { words: 0, commands: 0 };
	let section = { marked: false, commands: 0 };
	const close = () => {
		if (section.marked) load.commands += section.commands;
		section = { marked: false, commands: 0 };
	};
	for (const token of parse(markdown)) {
		if (token.type === "heading" && token.depth <= 2) close();
		if (token.type === "code" && /^console/.test(token.lang ?? ""))
			section.commands += token.text.match(/^\$ /gm)?.length ?? 0;
		const words = wordsOf(token);
		load.words += words;
		if (words > 0) section.marked = true;
	}
	close();
	return load;
}

/** A step's minutes in a class. @param lines the lines of code that the step adds */
export function minutesOf({ words, commands }: Load, lines: number): number {
	return Math.ceil(
		TALK +
			words / WORDS_A_MINUTE +
			commands / COMMANDS_A_MINUTE +
			lines * MINUTES_A_LINE,
	);
}

function wordsOf(token: Token | Room | Fold): number {
	if (token.type === "fold") return 0;
	if (token.type === "room") return count(token.tokens ?? []);
	return ("tokens" in token && token.tokens ? token.tokens : []).reduce(
		(sum: number, inner: Token) => sum + wordsOf(inner),
		0,
	);
}

function count(tokens: Token[]): number {
	return tokens
		.flatMap((token) =>
			token.type === "list"
				? token.items.map((item: Tokens.ListItem) => plainText(item.tokens))
				: token.type === "table"
					? [token.header, ...token.rows]
							.flat()
							.map((cell: Tokens.TableCell) => plainText(cell.tokens))
					: [plainText([token])],
		)
		.join(" ")
		.split(/\s+/)
		.filter(Boolean).length;
}
