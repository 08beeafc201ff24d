/** How far the learner is, from the files and the last check's results. */

import { createRequire } from "node:module";
import { join } from "node:path";
import { readFileSync, renameSync } from "../../runtime/fs.ts";
import { HOME, listSteps, type Step } from "./catalog.ts";
import { isFile, readText, writeAsOwner } from "./files.ts";
import { listParts } from "./parts.ts";
import { starter } from "./starter.ts";

const require = createRequire(import.meta.url);

/** Kept in steps/, the learner's own folder, so that it outlives `docker run --rm`. */
const RESULTS = join(HOME, "steps", ".progress.json");

/** What a check found, and the hash of the checked text: after an edit the result no longer counts. */
interface Result {
	hash: string;
	passed: number;
	of: number;
	/** When the step passed for the first time, whatever became of it since. ISO 8601 */
	since?: string;
	findings?: Findings;
}

/** What the checks of a step have found, over its edits. The times are ISO 8601. */
export interface Findings {
	/** When the step was checked last. */
	at: string;
	passed: number;
	of: number;
	/** The IDs of the requirements that did not hold then: "4.directory". */
	failing: string[];
	/** Since when the same ones fail, and in how many checks. */
	failingSince: string;
	checks: number;
	/** All that ever failed. */
	everFailed: string[];
}

export type State = "missing" | "not started" | "begun" | "failing" | "done";

/** The state of a step, without running anything. */
export function stateOf(step: Step): State {
	if (!isFile(step.file)) return "missing";
	const text = readText(step.file);
	const result: Result | undefined = readState(RESULTS)[step.id];
	if (result && result.hash === hashOf(text))
		return result.passed === result.of ? "done" : "failing";
	return text === starter(step) ? "not started" : "begun";
}

/** The step that the learner is on: the first that is not done, or the last. */
export function currentStep(): Step {
	const steps = listSteps();
	const current =
		steps.find((step) => stateOf(step) !== "done") ?? steps.at(-1);
	if (!current) throw new Error("there are no steps in solutions/");
	return current;
}

/** Where to go on after a step: the first after it that is not done, else the first of all; nothing where all are done. */
export function openStepAfter(
	number: number,
	steps = listSteps(),
): Step | undefined {
	const open = steps.filter((step) => stateOf(step) !== "done");
	return open.find((step) => step.number > number) ?? open[0];
}

/**
 * Keeps what a check found of a step's present text. In a read-only folder nothing is kept.
 *
 * @param failing the IDs of the requirements that do not hold
 * @returns whether the step passes for the first time
 */
export function keepResult(
	step: Step,
	passed: number,
	of: number,
	failing: string[],
): boolean {
	const hash = hashOf(readText(step.file));
	const results = readState(RESULTS);
	const before: Result | undefined = results[step.id];
	const passedBefore = before?.since ?? before?.passed === before?.of;
	const first = passed === of && !(before && passedBefore);
	const now = new Date().toISOString();
	const since = first ? now : before?.since;
	const findings = addFindings(before?.findings, now, passed, of, failing);
	try {
		writeState(RESULTS, {
			...results,
			[step.id]: { hash, passed, of, ...(since && { since }), findings },
		});
	} catch {}
	return first;
}

function addFindings(
	before: Findings | undefined,
	at: string,
	passed: number,
	of: number,
	failing: string[],
): Findings {
	const same = before?.failing.join() === failing.join();
	const ever = [...(before?.everFailed ?? []), ...failing];
	return {
		at,
		passed,
		of,
		failing,
		failingSince: same && before ? before.failingSince : at,
		checks: same && before ? before.checks + 1 : 1,
		everFailed: [...new Set(ever)],
	};
}

/** What the checks of a step have found, if it was checked. */
export function findingsOf(step: Step): Findings | undefined {
	return readState(RESULTS)[step.id]?.findings;
}

/** When a step passed for the first time, if that is known. */
export function passedSince(step: Step): Date | undefined {
	const { since }: Partial<Result> = readState(RESULTS)[step.id] ?? {};
	return since === undefined ? undefined : new Date(since);
}

/** Reads a small state file of the kit. A missing or broken file is empty. */
// biome-ignore lint/suspicious/noExplicitAny: the file may hold anything, and each reader looks for its own key
export function readState(file: string): Record<string, any> {
	try {
		const state: unknown = JSON.parse(readFileSync(file, "utf8"));
		return typeof state === "object" && state !== null ? state : {};
	} catch {
		return {};
	}
}

/** Replaces such a file as a whole: a reader at the same time gets the old file or the new one. */
export function writeState(file: string, state: Record<string, unknown>): void {
	const aside = `${file}.${process.pid}`;
	writeAsOwner(aside, `${JSON.stringify(state, null, "\t")}\n`);
	renameSync(aside, file);
}

/** A short hash of a text, to notice that it has changed. */
export function hashOf(text: string): string {
	// Loaded here: before the first check there is nothing to compare.
	const { createHash }: typeof import("node:crypto") = require("node:crypto");
	return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** The steps of Part one, and of the later parts those that the learner has begun. */
export function partOneAndBegun(): Step[] {
	const [one, ...others] = listParts();
	const later = others.flatMap(({ steps }) => steps);
	return [
		...(one?.steps ?? []),
		...later.filter((step) => stateOf(step) !== "not started"),
	];
}
