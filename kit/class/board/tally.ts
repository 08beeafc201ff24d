/** The class, step by step: how many are through, which mistake most make, how the step was. */

import { listSteps, type Step } from "../../steps/catalog.ts";
import { listParts } from "../../steps/parts.ts";
import { OPINIONS } from "../member.ts";
import type { Message, StepReport } from "../message.ts";
import { type Mistake, mistakeOf } from "./mistakes.ts";
import { titleOf } from "./titles.ts";

export interface Row {
	step: Step;
	/** How many are through, of how many learners. */
	through: number;
	of: number;
	/** How many are at it now. */
	here: number;
	/** What fails now, the most frequent first. */
	failing: Count[];
	/** What ever failed, likewise. */
	everFailed: Count[];
	clear: number;
	lost: number;
}

export interface Count {
	/** "4.directory" */
	id: string;
	title: string;
	/** How many learners. */
	count: number;
	/** The instructor's page on it, if it has a sentence. */
	mistake: Mistake | undefined;
}

/** A row for each step of Part one, and for the later ones that somebody has begun. */
export function tally(messages: Message[]): Row[] {
	const partOne = listParts()[0]?.steps.map(({ number }) => number) ?? [];
	return listSteps()
		.map((step) => rowOf(step, messages))
		.filter(
			({ step, through, here, everFailed }) =>
				partOne.includes(step.number) || through + here + everFailed.length > 0,
		);
}

function rowOf(step: Step, messages: Message[]): Row {
	const reports = messages.flatMap(({ steps }) =>
		steps.filter((it) => it.step === step.number),
	);
	const open = reports.filter(({ state }) => state !== "done");
	const [clear = 0, lost = 0] = OPINIONS.map(
		(opinion) => reports.filter((it) => it.opinion === opinion).length,
	);
	return {
		...{ step, clear, lost },
		through: reports.length - open.length,
		of: messages.length,
		here: messages.filter(({ step: at }) => at === step.number).length,
		failing: count(step, open, ({ failing }) => failing),
		everFailed: count(step, reports, ({ failing, failed = [] }) => [
			...failing,
			...failed,
		]),
	};
}

function count(
	step: Step,
	reports: StepReport[],
	idsOf: (report: StepReport) => string[],
): Count[] {
	const counts = new Map<string, number>();
	for (const report of reports)
		for (const id of new Set(idsOf(report)))
			counts.set(id, (counts.get(id) ?? 0) + 1);
	return [...counts]
		.sort(([, a], [, b]) => b - a)
		.map(([id, count]) => ({
			...{ id, count },
			title: titleOf(id),
			mistake: mistakeOf(step.number, id),
		}));
}
