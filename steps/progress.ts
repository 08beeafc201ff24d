/** How far the learner is: what the files say, and what the last check said of them. */

import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { HOME, type Step } from "./catalog.ts";
import { writeAsOwner } from "./files.ts";
import { starter } from "./starter.ts";

/** Kept in steps/, which is the learner's own folder, so that it outlives `docker run --rm`. */
const RESULTS = join(HOME, "steps", ".progress.json");

/** What a check found, and of which text: a step edited since is not known to be done. */
interface Result {
	hash: string;
	passed: number;
	of: number;
}

export type State = "missing" | "not started" | "begun" | "failing" | "done";

/** Where the learner stands with a step, without running anything. */
export function stateOf(step: Step): State {
	if (!existsSync(step.file)) return "missing";
	const text = readFileSync(step.file, "utf8");
	const result = readResults()[step.id];
	if (result?.hash === hashOf(text))
		return result.passed === result.of ? "done" : "failing";
	return text === starter(step) ? "not started" : "begun";
}

/** Keeps what a check found of a step's present text. A read-only folder keeps nothing, and nothing is lost by that. */
export function keepResult(step: Step, passed: number, of: number): void {
	const hash = hashOf(readFileSync(step.file, "utf8"));
	const results = { ...readResults(), [step.id]: { hash, passed, of } };
	const aside = `${RESULTS}.${process.pid}`;
	try {
		writeAsOwner(aside, `${JSON.stringify(results, null, "\t")}\n`);
		renameSync(aside, RESULTS);
	} catch {}
}

function readResults(): Record<string, Result> {
	try {
		return JSON.parse(readFileSync(RESULTS, "utf8"));
	} catch {
		return {};
	}
}

function hashOf(text: string): string {
	return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
