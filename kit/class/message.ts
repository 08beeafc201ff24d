/**
 * What a learner sends to the board, and what `npm run result` writes: all of it
 * each time, so that a lost message costs nothing, and a board that was started
 * anew knows all with the next one. See grader/class-message.schema.json.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HOME, listSteps, type Step } from "../steps/catalog.ts";
import { hintsGiven } from "../steps/hints.ts";
import {
	currentStep,
	findingsOf,
	openStepAfter,
	type State,
	stateOf,
} from "../steps/progress.ts";
import { handIsUpFor, type Member, type Opinion } from "./member.ts";

/** No message is longer, in bytes. */
export const LONGEST = 4096;

/** Steps that were checked within this time were checked together. */
const TOGETHER_MS = 30_000;

export interface Message {
	id: string;
	name: string;
	/** The kit's version. */
	kit: string;
	/** By the learner's clock, as all times. ISO 8601 */
	time: string;
	/** The step that the learner is on. */
	step: number;
	/** When the hand was raised, while it is up. */
	hand?: string;
	/** The steps that are begun. */
	steps: StepReport[];
}

export interface StepReport {
	step: number;
	state: State;
	/** How many requirements held at the last check, and of how many. */
	passed: number;
	of: number;
	/** The IDs of the requirements that failed then. */
	failing: string[];
	/** Since when the same ones fail, and in how many checks. */
	since?: string;
	checks?: number;
	/** All that ever failed, but for those. */
	failed?: string[];
	/** How many hints were used. */
	hints: number;
	opinion?: Opinion;
}

/** Where the learner is now. */
export function messageOf(member: Member): Message {
	const { version } = JSON.parse(
		readFileSync(join(HOME, "package.json"), "utf8"),
	);
	const hand = handIsUpFor(member) && member.hand?.raised;
	return {
		id: member.id,
		name: member.name,
		kit: version,
		time: new Date().toISOString(),
		step: stepAtHand().number,
		...(hand && { hand }),
		steps: listSteps()
			.map((step) => reportOf(step, member.opinions?.[step.id]))
			.filter(isBegun),
	};
}

/** The step that the last check found failing, or the open one after what passed. */
function stepAtHand(): Step {
	const checkedAt = (step: Step) => Date.parse(findingsOf(step)?.at ?? "") || 0;
	const last = listSteps()
		.filter(checkedAt)
		.toSorted((a, b) => checkedAt(b) - checkedAt(a))[0];
	if (!last) return currentStep();
	const failing = listSteps().find(
		(step) =>
			checkedAt(step) > checkedAt(last) - TOGETHER_MS &&
			stateOf(step) !== "done",
	);
	return failing ?? openStepAfter(last.number) ?? last;
}

function reportOf(step: Step, opinion: Opinion | undefined): StepReport {
	const findings = findingsOf(step);
	const { passed = 0, of = 0, failing = [], everFailed = [] } = findings ?? {};
	const failed = everFailed.filter((id) => !failing.includes(id));
	return {
		step: step.number,
		state: stateOf(step),
		passed,
		of,
		failing,
		...(findings &&
			failing.length > 0 && {
				since: findings.failingSince,
				checks: findings.checks,
			}),
		...(failed.length > 0 && { failed }),
		hints: hintsGiven(step),
		...(opinion && { opinion }),
	};
}

function isBegun({ state, of, hints, opinion }: StepReport): boolean {
	return (
		state !== "not started" || of > 0 || hints > 0 || opinion !== undefined
	);
}

/** A message as it is sent. A longer one than may be leaves out what is of least use: the oldest steps' mistakes. */
export function textOf(message: Message): string {
	const steps = message.steps.map((it) => ({ ...it }));
	const text = () => JSON.stringify({ ...message, steps });
	const isLong = () => Buffer.byteLength(text()) > LONGEST;
	for (const step of steps) if (isLong()) delete step.failed;
	for (const step of steps)
		if (isLong() && step.step !== message.step) step.failing = [];
	return text();
}
