/** A page's front matter, and the Markdown that follows it. */

import { createRequire } from "node:module";
import { existsSync, readFileSync } from "../../runtime/fs.ts";

export interface Page {
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
	/** From a nudge to nearly there. */
	hints: string[];
	/** What is the container's own after this step: its diagram shows it. Of: process, uts, hostname, root, pid, mount, proc. */
	own: string[];
	/** The Markdown. */
	body: string;
}

/** Reads a page. One that is missing, or says less, gives empty parts: a new step begins without notes. */
export function readPage(file: string): Page {
	const { front, body } = divide(file);
	const { parse }: typeof import("yaml") = createRequire(import.meta.url)(
		"yaml",
	);
	const page: Partial<Page> = parse(front) ?? {};
	return {
		title: page.title ?? "",
		goal: page.goal ?? "",
		minutes: page.minutes ?? 0,
		calls: page.calls ?? [],
		try: page.try ?? [],
		hints: page.hints ?? [],
		own: page.own ?? [],
		body,
	};
}

/**
 * A page's title and goal. Where both are plain words on a line, as they are
 * meant to be, nothing of YAML need be known, and its seventy modules are spared.
 */
export function readSummary(file: string): Pick<Page, "title" | "goal"> {
	const { front } = divide(file);
	const plain = (name: string) =>
		new RegExp(`^${name}: ([\\w/][\\w ,.'()/-]*)$`, "m").exec(front)?.[1];
	const [title, goal] = [plain("title"), plain("goal")];
	return title && goal ? { title, goal } : readPage(file);
}

function divide(file: string): { front: string; body: string } {
	const text = existsSync(file) ? readFileSync(file, "utf8") : "";
	const [, front = "", body = text] =
		/^---\n(.*?\n)---\n(.*)$/s.exec(text) ?? [];
	return { front, body };
}
