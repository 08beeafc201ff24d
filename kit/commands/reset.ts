/** `npm run reset N`: restores a step's starter. The learner's file is kept beside it. */

import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { CommandError, write } from "../cli/terminal.ts";
import { type Step, shortPath } from "../steps/catalog.ts";
import { readText, writeAsOwner } from "../steps/files.ts";
import { starterFromMine } from "../steps/from-mine.ts";
import { parseWords, requireStep } from "../steps/request.ts";
import { starter } from "../steps/starter.ts";

const USAGE = "npm run reset N   or   npm run reset N -- --from-mine";

export function main(args: string[]): number {
	const { on, words } = parseWords(args, ["from-mine"], USAGE);
	if (words.length > 1)
		throw new CommandError(2, `One step at a time.\nUsage: ${USAGE}`);
	const step = requireStep(words[0], USAGE);
	const mine = on.has("from-mine");
	const text = mine ? starterFromMine(step) : starter(step);
	const what = mine
		? `your step ${step.number - 1} with the TODO of step ${step.number}`
		: "the starter";
	try {
		write(1, reset(step, text, what));
	} catch (error) {
		throw new CommandError(
			1,
			`${shortPath(step.file)} was not changed: ${(error as Error).message}`,
		);
	}
	return 0;
}

/**
 * Puts a text in the place of the learner's file. That is renamed first, so that
 * it can't be lost; the starter itself needs no keeping.
 *
 * @param what the text is
 */
export function reset(
	step: Step,
	text = starter(step),
	what = "the starter",
): string {
	const name = shortPath(step.file);
	if (!existsSync(step.file)) {
		mkdirSync(dirname(step.file), { recursive: true });
		writeAsOwner(step.file, text);
		return `${name} was missing. It is ${what} now.\n`;
	}
	const old = readText(step.file);
	if (old === text) return `${name} is ${what} already.\n`;

	// Write the new text before the old file is moved: a full disk then changes nothing.
	const fresh = join(dirname(step.file), `.container.${process.pid}.new`);
	const kept = old === starter(step) ? undefined : unusedName(step);
	try {
		writeAsOwner(fresh, text);
		if (kept) renameSync(step.file, kept);
		renameSync(fresh, step.file);
	} finally {
		rmSync(fresh, { force: true });
	}
	if (!kept) return `${name} is ${what}.\n`;
	return `${name} is ${what}${what === "the starter" ? " again" : ""}. Your file is kept as ${shortPath(kept)}\n`;
}

/** container.1.ts, container.2.ts, … */
function unusedName(step: Step): string {
	for (let number = 1; ; number++) {
		const name = join(dirname(step.file), `container.${number}.ts`);
		if (!existsSync(name)) return name;
	}
}
