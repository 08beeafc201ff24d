/** The steps, listed from the folders: a new folder is a new step. */

import { join } from "node:path";
import { readdirSync } from "../../runtime/fs.ts";

export const HOME = join(import.meta.dirname, "../..");

export interface Step {
	/** 3 */
	number: number;
	/** "hostname" */
	name: string;
	/** "03-hostname", the folder's name */
	id: string;
	/** The learner's container.ts. */
	file: string;
	/** The reference's container.ts. */
	solution: string;
	/** The step's page, notes/03-hostname.md. */
	page: string;
}

/** All steps in order. Listed from solutions/, so that a renamed folder in steps/ is reported as missing. */
export function listSteps(): Step[] {
	const steps: Step[] = [];
	for (const id of readdirSync(join(HOME, "solutions")).sort()) {
		const [, digits, name] = /^(\d\d)-(.+)$/.exec(id) ?? [];
		if (digits === undefined || name === undefined) continue;
		steps.push({
			number: Number(digits),
			name,
			id,
			file: join(HOME, "steps", id, "container.ts"),
			solution: join(HOME, "solutions", id, "container.ts"),
			page: join(HOME, "notes", `${id}.md`),
		});
	}
	return steps;
}

/** The step that a word names, by number or name: `3`, `03`, `hostname`, `03-hostname`. */
export function findStep(word: string): Step | undefined {
	const number = /^\d{1,2}$/.test(word) ? Number(word) : undefined;
	return listSteps().find(
		(step) => step.number === number || step.name === word || step.id === word,
	);
}

/** The list of steps, for an error message. */
export function stepList(): string {
	return listSteps()
		.map((step) => `  ${step.number}  ${step.name}\n`)
		.join("");
}

/** A path as a learner types it: relative to the kit's folder. */
export function shortPath(path: string): string {
	return path.startsWith(`${HOME}/`) ? path.slice(HOME.length + 1) : path;
}
