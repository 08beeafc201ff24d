/** The pages in the order in which they are read: the start, one a step, and the instructor's. */

import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { CommandError } from "../cli/terminal.ts";
import { HOME, listSteps, type Step } from "../steps/catalog.ts";
import { type Page, readPage } from "../steps/page.ts";
import type { House } from "./diagram.ts";

export interface Chapter extends Page {
	/** "03-hostname": its file without .md */
	id: string;
	/** The step it belongs to; the first page and the instructor's have none. */
	step?: Step;
	/** What its diagram shows. */
	house: House;
}

/** The pages that are there. A folder other than notes/ may hold them. */
export function listChapters(folder = join(HOME, "notes")): Chapter[] {
	const chapters: Chapter[] = [];
	let before: string[] = [];
	for (const { id, step } of [
		{ id: "00-start" },
		...listSteps().map((step) => ({ id: step.id, step })),
		{ id: "instructor" },
	]) {
		const file = join(folder, `${id}.md`);
		if (!existsSync(file)) continue;
		const page = readFrontMatter(file);
		const added = page.own.filter((kind) => !before.includes(kind));
		before = page.own;
		chapters.push({
			...page,
			title: page.title || (step?.name ?? basename(file, ".md")),
			id,
			step,
			house: { own: page.own, added },
		});
	}
	return chapters;
}

function readFrontMatter(file: string): Page {
	try {
		return readPage(file);
	} catch (error) {
		throw new CommandError(
			1,
			`The front matter of ${basename(file)} can't be read: ${(error as Error).message}`,
		);
	}
}
