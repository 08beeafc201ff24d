/** How far the learner is: what the grader last found, and which files they have begun. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HOME, listSteps, type Step } from "../steps/catalog.ts";
import { starter } from "../steps/starter.ts";

export type Progress = "passed" | "begun" | "untouched";

/** The grader's results: `{ "03-hostname": { "state": "passed" } }`. */
const RESULTS = join(HOME, "steps", ".progress.json");

export function progress(step: Step): Progress {
	if (readState(RESULTS)[step.id]?.state === "passed") return "passed";
	return untouched(step) ? "untouched" : "begun";
}

/** The step that the learner is on: the first that has not passed; without results, the first that is untouched. */
export function currentStep(): Step {
	const steps = listSteps();
	const graded = existsSync(RESULTS);
	const current =
		steps.find((step) => {
			const state = progress(step);
			return graded ? state !== "passed" : state === "untouched";
		}) ?? steps.at(-1);
	if (!current) throw new Error("There are no steps in solutions/.");
	return current;
}

function untouched(step: Step): boolean {
	if (!existsSync(step.file)) return true;
	return readFileSync(step.file, "utf8") === starter(step);
}

/** A small file that the kit keeps for itself. One that is missing or broken says nothing. */
// biome-ignore lint/suspicious/noExplicitAny: whatever stands in it, each reader looks for its own key
export function readState(file: string): Record<string, any> {
	try {
		const state: unknown = JSON.parse(readFileSync(file, "utf8"));
		return typeof state === "object" && state !== null ? state : {};
	} catch {
		return {};
	}
}
