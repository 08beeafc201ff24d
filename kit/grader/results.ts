/** What a grading found: the object that `npm run check -- --json` prints. */

import type { TestCase } from "vitest/node";
import { listSteps, type Step } from "../steps/catalog.ts";
import type { Diagnosis } from "./requirement.ts";

/** See results.schema.json. */
export interface Results {
	steps: StepResult[];
	done: number;
	of: number;
	/** The next command to type. */
	next: string;
}

export interface StepResult {
	number: number;
	name: string;
	/** "unjudged": this machine was too busy to run the step's containers. */
	state: "passed" | "failed" | "unjudged" | "not started" | "missing";
	passed: number;
	of: number;
	requirements: RequirementResult[];
}

export interface RequirementResult extends Partial<Diagnosis> {
	/** "4.directory" */
	id: string;
	title: string;
	/** "unseen": it could not be checked. `seen` says why, unless the command does not run. */
	state: "passed" | "failed" | "unseen";
	/** Milliseconds. */
	duration: number;
}

/** The result of a graded step, from vitest's tests. */
export function resultOf(step: Step, tests: TestCase[]): StepResult {
	const requirements = tests.map(requirementOf);
	const passed = requirements.filter(({ state }) => state === "passed").length;
	const of = requirements.length;
	const tooBusy = tests.some((test) => test.meta().requirement?.tooBusy);
	const failed = requirements.some(({ state }) => state === "failed");
	return {
		number: step.number,
		name: step.name,
		state:
			of > 0 && passed === of
				? "passed"
				: tooBusy && !failed
					? "unjudged"
					: "failed",
		passed,
		of,
		requirements,
	};
}

function requirementOf(test: TestCase): RequirementResult {
	const { requirement } = test.meta();
	const { id = "", diagnosis, notSeen, tooBusy } = requirement ?? {};
	const { state, errors } = test.result();
	const result: RequirementResult = {
		id,
		title: test.name,
		state:
			state === "passed" ? "passed" : state === "failed" ? "failed" : "unseen",
		duration: Math.round(test.diagnostic()?.duration ?? 0),
		...diagnosis,
	};
	if (notSeen) result.seen = notSeen;
	if (tooBusy) result.seen = "this machine was too busy to judge it";
	// An error of the grader itself: show its message.
	if (state === "failed" && !diagnosis)
		result.seen = errors?.map(({ message }) => message).join("\n") ?? "";
	return result;
}

/** The result of a step that has nothing to grade. */
export function ungraded(
	{ number, name }: Step,
	state: "not started" | "missing",
): StepResult {
	return { number, name, state, passed: 0, of: 0, requirements: [] };
}

/** All steps' results together, and what to type next. */
export function summarize(steps: StepResult[]): Results {
	const done = steps.filter(({ state }) => state === "passed").length;
	return { steps, done, of: steps.length, next: nextCommand(steps) };
}

function nextCommand(steps: StepResult[]): string {
	const step = steps.find(({ state }) => state !== "passed");
	if (!step) {
		const following = (steps.at(-1)?.number ?? 0) + 1;
		const there = listSteps().some(({ number }) => number === following);
		return there ? `npm run notes ${following}` : "npm start";
	}
	if (step.state === "missing") return `npm run reset ${step.number}`;
	if (step.state === "unjudged") return `npm run check ${step.number}`;
	if (step.state === "not started") return `npm run notes ${step.number}`;
	return `npm run hint ${step.number}`;
}
