/** Who needs the instructor, and why. */

import { listSteps } from "../../steps/catalog.ts";
import { readHints } from "../../steps/page.ts";
import { listParts } from "../../steps/parts.ts";
import type { StepReport } from "../message.ts";
import type { Learner } from "./roster.ts";

const MINUTE = 60_000;

/** Stuck: the same requirements fail for this long, or in this many checks, or the hints are used up. */
export const STUCK_MS = 5 * MINUTE;
export const STUCK_CHECKS = 3;

/** Quiet: nothing came for this long. */
export const QUIET_MS = 8 * MINUTE;

/** In the order in which they stand on the board. */
export const NEEDS = ["hand", "stuck", "quiet", "working", "done"] as const;

export interface Standing {
	need: (typeof NEEDS)[number];
	/** Why, in words, with % for the time since then. */
	why: string;
	/** Since when, by the board's clock. */
	since: number;
	learner: Learner;
	/** What is known of the step that the learner is on. */
	report: StepReport | undefined;
}

/** All learners, those in need first, and of them those who wait longest. */
export function byNeed(learners: Learner[], now: number): Standing[] {
	const rank = ({ need }: Standing) => NEEDS.indexOf(need);
	const progress = ({ learner }: Standing) => learner.message.step;
	return learners
		.map((it) => standingOf(it, now))
		.sort(
			(a, b) =>
				rank(a) - rank(b) ||
				(rank(a) > NEEDS.indexOf("quiet") ? progress(a) - progress(b) : 0) ||
				a.since - b.since ||
				a.learner.message.name.localeCompare(b.learner.message.name),
		);
}

export function standingOf(learner: Learner, now: number): Standing {
	const { message, received, seen } = learner;
	const report = message.steps.find(({ step }) => step === message.step);
	// The learner's clock may be wrong: only what lies between two of its times counts.
	const onBoard = (time: string) =>
		received - Math.max(0, Date.parse(message.time) - Date.parse(time));
	const standing = (need: Standing["need"], why: string, since: number) => ({
		...{ need, why, since },
		...{ learner, report },
	});

	if (message.hand && message.hand !== seen)
		return standing("hand", "hand up for %", onBoard(message.hand));
	if (isDone(learner)) return standing("done", "", received);
	if (report && report.state !== "done") {
		const since = report.since ? onBoard(report.since) : received;
		const { checks = 0, failing, hints } = report;
		if (failing.length > 0 && checks >= STUCK_CHECKS)
			return standing("stuck", `the same fails in ${checks} checks, %`, since);
		if (failing.length > 0 && now - since >= STUCK_MS)
			return standing("stuck", "the same fails for %", since);
		if (hints > 0 && hints >= hintsOf(message.step))
			return standing("stuck", "no hint is left, %", since);
	}
	if (now - received >= QUIET_MS)
		return standing("quiet", "nothing for %", received);
	return standing("working", "", received);
}

/** Through with Part one, and with whatever was begun after it. */
function isDone({ message }: Learner): boolean {
	const done = (number: number) =>
		message.steps.some(
			({ step, state }) => step === number && state === "done",
		);
	const partOne = listParts()[0]?.steps ?? [];
	return (
		partOne.every(({ number }) => done(number)) &&
		message.steps.every(
			({ state, of }) => state === "done" || (state !== "failing" && of === 0),
		)
	);
}

const counts = new Map<number, number>();

function hintsOf(number: number): number {
	const known = counts.get(number);
	if (known !== undefined) return known;
	const step = listSteps().find((it) => it.number === number);
	const count = step ? readHints(step.page).length : 0;
	counts.set(number, count);
	return count;
}
