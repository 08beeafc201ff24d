/** A page's front matter, and the Markdown that follows it. */

import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";

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
	const text = existsSync(file) ? readFileSync(file, "utf8") : "";
	const [, front = "", body = text] =
		/^---\n(.*?\n)---\n(.*)$/s.exec(text) ?? [];
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
