/** What a grading found: the object that `npm run check -- --json` prints. */

import type { TestCase } from "vitest/node";
import type { Step } from "../steps/catalog.ts";
import { partOf } from "../steps/parts.ts";
import { openStepAfter, stateOf } from "../steps/progress.ts";
import type { Diagnosis } from "./requirement.ts";
import type { Role } from "./subject.ts";

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
	/** The learner's step passes for the first time. */
	firstPass?: true;
	requirements: RequirementResult[];
	/** The tasks of the page's "Go further", if there are any. They don't count. */
	extras?: Extra[];
}

export interface Extra {
	/** "2.ipc" */
	id: string;
	title: string;
	holds: boolean;
}

export interface RequirementResult extends Partial<Diagnosis> {
	/** "4.directory" */
	id: string;
	title: string;
	/** "unseen": it was not checked. `seen` says why, unless it waits for those that failed. */
	state: "passed" | "failed" | "unseen";
	/** What is worth saying, though it holds. */
	remark?: string;
	/** Milliseconds. */
	duration: number;
}

/** The result of a graded step, from vitest's tests. */
export function resultOf(step: Step, tests: TestCase[]): StepResult {
	const isExtra = (test: TestCase) => test.meta().requirement?.extra;
	const requirements = tests.filter((it) => !isExtra(it)).map(requirementOf);
	const extras = tests.filter(isExtra).map(extraOf);
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
		...(extras.length > 0 && { extras }),
	};
}

function extraOf(test: TestCase): Extra {
	const { id = "", diagnosis } = test.meta().requirement ?? {};
	const holds = test.result().state === "passed" && !diagnosis;
	return { id, title: test.name, holds };
}

function requirementOf(test: TestCase): RequirementResult {
	const { requirement } = test.meta();
	const { id = "", diagnosis, remark, notSeen, tooBusy } = requirement ?? {};
	const { state } = test.result();
	const result: RequirementResult = {
		id,
		title: test.name,
		state:
			state === "passed" ? "passed" : state === "failed" ? "failed" : "unseen",
		duration: Math.round(test.diagnostic()?.duration ?? 0),
		...diagnosis,
		...(remark && { remark }),
	};
	if (notSeen) result.seen = notSeen;
	if (tooBusy) result.seen = "this machine was too busy to judge it";
	return result;
}

/** Errors of the grader itself: what a test that fails without a diagnosis has thrown. */
export function faultsOf(test: TestCase): string[] {
	const { state, errors } = test.result();
	if (state !== "failed" || test.meta().requirement?.diagnosis) return [];
	return (errors ?? []).map(({ message }) => message);
}

/** The result of a step that has nothing to grade. */
export function ungraded(
	{ number, name }: Step,
	state: "not started" | "missing",
): StepResult {
	return { number, name, state, passed: 0, of: 0, requirements: [] };
}

/**
 * All steps' results together, and what to type next.
 *
 * @param role the reference's results say nothing of where the learner is
 */
export function summarize(steps: StepResult[], role: Role): Results {
	const done = steps.filter(({ state }) => state === "passed").length;
	const next = role === "step" ? nextCommand(steps) : "npm start";
	return { steps, done, of: steps.length, next };
}

function nextCommand(steps: StepResult[]): string {
	const step = steps.find(({ state }) => state !== "passed");
	if (step) return `npm run ${SCRIPTS[step.state]} ${step.number}`;
	// All that was asked for passes: what has been done already is passed over.
	const last = steps.at(-1)?.number ?? 0;
	const open = openStepAfter(last, partOf(last)?.steps);
	return open
		? `npm run ${SCRIPTS[stateOf(open)]} ${open.number}`
		: "npm run finish";
}

/** What helps on with a step. */
const SCRIPTS = {
	missing: "reset",
	"not started": "notes",
	begun: "check",
	failed: "hint",
	unjudged: "check",
	failing: "hint",
	done: "notes",
	passed: "notes",
} as const;
