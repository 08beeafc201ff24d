/** The pages in the order in which they are read: the start, one a step, and the instructor's. */

import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { HOME, listSteps, type Step } from "../steps/catalog.ts";
import { accumulate, type Isolation, NO_ISOLATION } from "../steps/kinds.ts";
import { type Page, readPage } from "../steps/page.ts";
import { listParts } from "../steps/parts.ts";

/** The page after the last step of Part one: notes/next.md. */
export const NEXT = "next";

export interface Chapter extends Page {
	/** "03-hostname": its file without .md */
	id: string;
	/** The page's path. */
	file: string;
	/** Its step. The start page and the instructor's page have none. */
	step?: Step;
	/** What its diagram shows. */
	isolation: Isolation;
}

/** All pages of a folder, notes/ by default. A step without a page gets an empty one. */
export function listChapters(folder = join(HOME, "notes")): Chapter[] {
	const steps = listSteps();
	const isolations = accumulate(
		steps.map(({ id }) => readPage(join(folder, `${id}.md`))),
	);
	const endOfPartOne = listParts()[0]?.steps.length ?? 0;
	return [
		{ id: "00-start" },
		...steps
			.map((step): { id: string; step?: Step } => ({ id: step.id, step }))
			.toSpliced(endOfPartOne, 0, { id: NEXT }),
		{ id: "instructor" },
	].flatMap(({ id, step }: { id: string; step?: Step }) => {
		const file = join(folder, `${id}.md`);
		const exists = existsSync(file);
		if (!step && !exists) return [];
		const page = readPage(file);
		const title = page.title || (step?.name ?? basename(file, ".md"));
		const isolation =
			id === NEXT
				? { ...(isolations[endOfPartOne - 1] ?? NO_ISOLATION), added: [] }
				: isolations[steps.findIndex((it) => it.id === id)];
		return {
			...page,
			title,
			body: exists
				? page.body
				: `This step has no page yet: \`notes/${id}.md\`.`,
			id,
			file,
			step,
			isolation: isolation ?? NO_ISOLATION,
		};
	});
}
