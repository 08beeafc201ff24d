/** What the desk shows of a step beside its file: its state, its hints, the difference to the reference. */

import { renderSections } from "../../book/html.ts";
import type { Step } from "../../steps/catalog.ts";
import { readText } from "../../steps/files.ts";
import { hintsGiven, keepHintsGiven } from "../../steps/hints.ts";
import { NO_ISOLATION } from "../../steps/kinds.ts";
import { readHints, readSummary } from "../../steps/page.ts";
import { listParts, partTitle } from "../../steps/parts.ts";
import { type State, stateOf } from "../../steps/progress.ts";
import { lineDiff } from "../line-diff.ts";
import type { Diff, Hints, StepInfo } from "../protocol.ts";
import { readStep } from "./files.ts";

/** All steps with their states. */
export function stepInfos(): StepInfo[] {
	return listParts().flatMap((part) =>
		part.steps.map((step) => ({
			id: step.id,
			number: step.number,
			name: step.name,
			title: readSummary(step.page).title || step.name,
			part: part.number,
			partTitle: partTitle(part),
			state: presentState(step),
		})),
	);
}

/** The file may be removed while it is looked at. */
function presentState(step: Step): State {
	try {
		return stateOf(step);
	} catch {
		return "missing";
	}
}

/** The hints that were given. */
export function hintsOf(step: Step): Hints {
	const hints = readHints(step.page);
	const given = hints
		.slice(0, hintsGiven(step))
		.map((text) => renderSections(text, NO_ISOLATION).join("\n"));
	return { type: "hints", step: step.id, given, of: hints.length };
}

/**
 * One hint more, if there is one.
 *
 * @throws an Error where it can't be kept that it was given
 */
export function nextHint(step: Step): Hints {
	const { given, of } = hintsOf(step);
	if (given.length < of) keepHintsGiven(step, given.length + 1);
	return hintsOf(step);
}

/** The learner's text beside the reference. */
export function diffOf(step: Step): Diff {
	const { text } = readStep(step);
	const lines = lineDiff(text, readText(step.solution));
	const same = lines.every(({ mark }) => mark === " ");
	return {
		type: "diff",
		step: step.id,
		lines: same ? [] : lines,
		text: same
			? "Your file is identical to the reference."
			: "Lines with - are yours, lines with + are the reference's.",
	};
}

/** The answer to the first request for a diff, while the step does not pass. */
export function askAgain(step: Step): Diff {
	return {
		type: "diff",
		step: step.id,
		text: "The difference shows the whole answer. Try a hint first, or ask again to see it.",
	};
}
