/** What a learner begins a step with: the solution of the step before, and a TODO. */

import { join } from "node:path";
// This part of it and not the whole, since `npm start` asks for every starter.
import { diffLines } from "diff/lib/diff/line.js";
import { listSteps, type Step } from "./catalog.ts";
import { readText } from "./files.ts";

/**
 * The starter of a step. It is stored nowhere: of the lines that the step's
 * solution adds to the one before, the comments say what to achieve, and become
 * the TODO; the code says how, and is left out.
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

/** The comments of some lines, marked TODO; a blank line after them where the step leaves one. */
function todo(lines: string): string {
	const comments = lines.match(/^[ \t]*\/\/.*\n/gm) ?? [];
	const text = comments.join("").replace("// ", "// TODO: ");
	return lines.endsWith("\n\n") && text ? `${text}\n` : text;
}
