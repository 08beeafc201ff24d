/** A step's page: its front matter, the Markdown that follows it, and the file of hints beside it. */

import { createRequire } from "node:module";
import { basename } from "node:path";
import { existsSync } from "../../runtime/fs.ts";
import { CommandError } from "../cli/terminal.ts";
import { readText } from "./files.ts";
import { type Addition, ALL_KINDS, type Kind } from "./kinds.ts";
import { NEEDS, type Need } from "./needs.ts";

export interface Page extends Addition {
	/** "A host name of its own" */
	title: string;
	/** What the step achieves, in one line. */
	goal: string;
	/** How long it takes in a class. */
	minutes: number;
	/** The system calls that are new. */
	calls: string[];
	/** Commands to try in the container, as `npm run step N` suggests them. */
	try: string[];
	/** What a passed check has proved, in a sentence. */
	proved: string;
	/** The kinds of isolation that the step adds. */
	isolates: Kind[];
	/** What the step sets in a kind, as its diagram shows it: `{ uts: "container" }`. */
	sets: Partial<Record<Kind, string>>;
	/** What the step is the first to need of the dev container. */
	needs: Need[];
	/** The Markdown. */
	body: string;
}

/**
 * Reads a page. Missing parts are empty: a new step begins without a page.
 *
 * @throws CommandError, with the page's name, if the front matter can't be read
 */
export function readPage(file: string): Page {
	const { front, body } = divide(file);
	const page = parseFront(front, basename(file));
	const isolates = [page.isolates ?? []].flat();
	const sets = page.sets ?? {};
	for (const kind of [...isolates, ...Object.keys(sets)])
		requireKnown(kind, ALL_KINDS, "kind of isolation. The kinds are", file);
	const needs = page.needs ?? [];
	for (const need of needs)
		requireKnown(need, NEEDS, "need of a step. The needs are", file);
	return {
		title: page.title ?? "",
		goal: page.goal ?? "",
		minutes: page.minutes ?? 0,
		calls: page.calls ?? [],
		try: page.try ?? [],
		proved: page.proved ?? "",
		isolates,
		sets,
		needs,
		body,
	};
}

/**
 * A page's title and goal. If both are plain words on a line, as they should be,
 * the YAML parser and its seventy modules are not loaded.
 */
export function readSummary(file: string): Pick<Page, "title" | "goal"> {
	const { front } = divide(file);
	const plain = (name: string) =>
		new RegExp(`^${name}: ([\\w/][\\w ,.'()/-]*)$`, "m").exec(front)?.[1];
	const [title, goal] = [plain("title"), plain("goal")];
	return title && goal ? { title, goal } : readPage(file);
}

/** The title of the part that begins with a page's step; empty where none does. Read without YAML. */
export function readPart(file: string): string {
	return /^part: (.+)$/m.exec(divide(file).front)?.[1] ?? "";
}

/** The file of hints that belongs to a page: notes/03-hostname.hints.md. */
export function hintsFile(page: string): string {
	return page.replace(/\.md$/, ".hints.md");
}

/** The hints that belong to a page, from a nudge to nearly there: the items of the numbered list in their file. */
export function readHints(page: string): string[] {
	const [, ...items] = readIfThere(hintsFile(page)).split(/^\d+\. +/m);
	// An item's further lines are indented as its text is.
	return items.map((item) => item.replace(/^ {2,4}/gm, "").trimEnd());
}

function parseFront(front: string, name: string): Partial<Page> {
	const { parse }: typeof import("yaml") = createRequire(import.meta.url)(
		"yaml",
	);
	try {
		return parse(front) ?? {};
	} catch (error) {
		throw new CommandError(
			1,
			`The front matter of ${name} can't be read: ${(error as Error).message}`,
		);
	}
}

function requireKnown(
	word: string,
	all: readonly string[],
	what: string,
	file: string,
): void {
	if (all.includes(word)) return;
	throw new CommandError(
		1,
		`The front matter of ${basename(file)} names ${JSON.stringify(word)}, which is not a ${what}: ${all.join(", ")}.`,
	);
}

function divide(file: string): { front: string; body: string } {
	const text = readIfThere(file);
	const [, front = "", body = text] =
		/^---\n(.*?\n)---\n(.*)$/s.exec(text) ?? [];
	return { front, body };
}

/** A page may be missing: a new step begins without one. */
function readIfThere(file: string): string {
	return existsSync(file) ? readText(file) : "";
}
