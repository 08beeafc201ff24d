/** How a check file says what a step must establish, and what to tell the learner where it does not. */

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { afterAll, beforeAll, inject, test } from "vitest";
import type { ProcessSnapshot } from "../proc/process.ts";
import { listSteps, shortPath } from "../steps/catalog.ts";
import { observe, type Role, type Seen } from "./observe.ts";
import { NoSandbox } from "./sandbox.ts";

/** What is wrong, in the order in which it is told. */
export interface Diagnosis {
	/** The value that was seen. */
	seen: string;
	/** Why that happens. */
	why: string;
	/** Where to look, and for what. */
	look: string;
}

/** What a test hands to the reporter. */
export interface RequirementMeta {
	id: string;
	diagnosis?: Diagnosis;
	/** The words of a sandbox that could not be made. */
	noSandbox?: string;
}

declare module "vitest" {
	interface ProvidedContext {
		role: Role;
		/** All that is graded: their files run one after the other, but their containers side by side. */
		steps: number[];
	}
	interface TaskMeta {
		requirement?: RequirementMeta;
	}
}

/** What was seen, of a command that did run. */
export type SeenRunning = Seen & {
	command: ProcessSnapshot;
	supervisor: ProcessSnapshot;
};

/**
 * Declares a requirement: a vitest test whose title is the step's own words.
 * `judge` says what is wrong, or nothing if the requirement holds.
 */
export function requirement<Evidence>(
	id: string,
	title: string,
	evidence: Promise<Evidence>,
	judge: (evidence: Evidence) => Diagnosis | undefined,
): void {
	// Read by the test, whenever its turn comes; a failure before that is not unhandled.
	evidence.catch(() => {});
	test(title, async ({ task, skip }) => {
		task.meta.requirement = { id };
		let diagnosis: Diagnosis | undefined;
		try {
			diagnosis = judge(await evidence);
		} catch (error) {
			if (error instanceof NeverRan) skip("the command did not run");
			if (error instanceof NoSandbox)
				task.meta.requirement.noSandbox = error.message;
			throw error;
		}
		if (!diagnosis) return;
		// To the grader the words travel as meta; an editor's test view shows the error's.
		task.meta.requirement.diagnosis = diagnosis;
		const { seen, why, look } = diagnosis;
		const error = new Error(`seen  ${seen}\nwhy   ${why}\nlook  ${look}`);
		// vitest would search it for stack frames, and find the learner's among the words.
		error.stack = "";
		throw error;
	});
}

/** The first requirement of every step, without which nothing else can be looked at. */
export function requireRunning(step: number): Promise<SeenRunning> {
	const observation = look(step);
	// Behind what this file asks for come the steps whose files are still to run.
	beforeAll(() => {
		for (const other of inject("steps")) look(other).catch(() => {});
	});
	// A container that nobody asks about any more is still to be ended and waited for.
	afterAll(async () => {
		await Promise.allSettled(gathered.get(step)?.values() ?? []);
	});
	requirement(`${step}.runs`, "the command runs", observation, (seen) => {
		if (seen.command && !seen.outcome.timedOut) return undefined;
		const { status, stderr, timedOut } = seen.outcome;
		const said = stderr.trim().split("\n").slice(0, 12).join("\n");
		return {
			seen: timedOut
				? `it had not ended after 10 seconds, and was killed${said && `. It said:\n${said}`}`
				: `it ended with status ${status} before the command began${said ? `, and said:\n${said}` : ""}`,
			why: timedOut
				? "something waits for what never comes, or the command's end is not noticed"
				: "what run() or child() does before execvp(command) has failed",
			look: `${where(step)}: the command \`npm run step ${step} true\` shows it too`,
		};
	});
	const running = observation.then((seen) => {
		if (!seen.command || seen.outcome.timedOut) throw new NeverRan();
		return seen as SeenRunning;
	});
	running.catch(() => {});
	return running;
}

class NeverRan extends Error {}

function look(step: number): Promise<Seen> {
	return memoized(step, "look", () => observe(inject("role"), step));
}

/** The learner's file, with the line of the first match of a pattern if there is one. It is for pointing, never for judging. */
export function where(step: number, pattern?: RegExp): string {
	const entry = listSteps().find(({ number }) => number === step);
	if (!entry) return "";
	const file = inject("role") === "step" ? entry.file : entry.solution;
	const lines = readFileSync(file, "utf8").split("\n");
	const index = pattern ? lines.findIndex((line) => pattern.test(line)) : -1;
	return shortPath(file) + (index < 0 ? "" : `:${index + 1}`);
}

/** Evidence of a step that is gathered once, however many requirements ask for it. A few containers run at a time. */
export function memoized<Evidence>(
	step: number,
	what: string,
	gather: () => Promise<Evidence>,
): Promise<Evidence> {
	const ofStep = gathered.get(step) ?? new Map<string, Promise<unknown>>();
	gathered.set(step, ofStep);
	const evidence = ofStep.get(what) ?? withSlot(gather);
	ofStep.set(what, evidence);
	return evidence as Promise<Evidence>;
}

/** Of this grading: for the next one vitest starts another worker. */
const gathered = new Map<number, Map<string, Promise<unknown>>>();
const waiting: (() => void)[] = [];
let free = availableParallelism() + 1;

async function withSlot<Result>(work: () => Promise<Result>): Promise<Result> {
	if (free > 0) free--;
	else await new Promise<void>((resolve) => waiting.push(resolve));
	try {
		return await work();
	} finally {
		const next = waiting.shift();
		if (next) next();
		else free++;
	}
}
