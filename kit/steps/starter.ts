/** A step's starter: the solution of the step before, and a TODO. */

import { join } from "node:path";
// Only this part of the package, since `npm start` makes every starter.
import { diffLines } from "diff/lib/diff/line.js";
import { listSteps, type Step } from "./catalog.ts";
import { readText } from "./files.ts";

/**
 * The starter of a step. It is derived and not stored: the step's solution adds
 * lines to the solution before. Their comments say what to achieve and become the
 * TODO; their code says how and is left out.
 */
export function starter(step: Step): string {
	const before = listSteps().find(({ number }) => number === step.number - 1);
	const have = readText(
		before?.solution ?? join(import.meta.dirname, "skeleton.ts"),
	);
	const want = readText(step.solution);

	let text = "";
	let removed = "";
	for (const change of diffLines(have, want)) {
		if (change.removed) removed = change.value;
		else if (change.added) {
			text += todo(change.value) + removed;
			removed = "";
		} else {
			text += removed + change.value;
			removed = "";
		}
	}
	return text + removed;
}

/** The comments of some lines, marked TODO, with a blank line after them if the lines end with one. */
function todo(lines: string): string {
	const comments = lines.match(/^[ \t]*\/\/.*\n/gm) ?? [];
	const text = comments.join("").replace("// ", "// TODO: ");
	return lines.endsWith("\n\n") && text ? `${text}\n` : text;
}
