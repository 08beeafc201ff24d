/** What is graded: a container.ts, in the place of a step's container.ts. */

import { join } from "node:path";
import { HOME, listSteps, type Step, shortPath } from "../steps/catalog.ts";
import { readText } from "../steps/files.ts";

/** The npm script that starts it: the learner's own step, or the reference. */
export type Role = "step" | "solution";

export interface Subject {
	/** The step's number. */
	step: number;
	role: Role;
	/** The container.ts. In the role of a step it may lie elsewhere and replace the learner's. */
	file: string;
}

/** A step's container.ts for a role. */
export function subjectOf(step: Step, role: Role): Subject {
	const file = role === "step" ? step.file : step.solution;
	return { step: step.number, role, file };
}

export function stepOf({ step }: Subject): Step {
	const found = listSteps().find(({ number }) => number === step);
	if (!found) throw new Error(`there is no step ${step}`);
	return found;
}

/** The file that replaces the learner's container.ts. Empty if the learner's own is graded. */
export function standIn(subject: Subject): string {
	const own = subjectOf(stepOf(subject), subject.role).file;
	return subject.file === own ? "" : subject.file;
}

/** Where the learner should look: the file, with the line of a pattern's first match, whichever quotes it has. For messages, never for judging. */
export function whereIn(subject: Subject, pattern?: RegExp): string {
	const { file } = subjectOf(stepOf(subject), subject.role);
	const lines = readText(subject.file)
		.replace(/['`]/g, '"')
		// The names in an import are called elsewhere.
		.replace(/^import\b[^"]*".*$/gm, (it) => it.replace(/[^\n]/g, ""))
		.split("\n");
	const index = pattern ? lines.findIndex((line) => pattern.test(line)) : -1;
	return shortPath(file) + (index < 0 ? "" : `:${index + 1}`);
}

/** The file that says what a step must establish. */
export function checkFile({ id }: Step): string {
	return join(HOME, "checks", `${id}.check.ts`);
}
