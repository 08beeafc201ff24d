/** What a step must establish: the lasting requirements of the steps before it, and its own. */

import {
	type Moment,
	observe,
	type Seen,
	type SeenRunning,
} from "./observe.ts";
import {
	type Check,
	type Diagnosis,
	type Judged,
	NotEnded,
	NotSeen,
	type Requirement,
} from "./requirement.ts";
import { runToEnd, runWaiting } from "./run.ts";
import { diagnoseOverrun, diagnoseRun } from "./runs.ts";
import { withSlot } from "./slots.ts";
import { type Subject, whereIn } from "./subject.ts";
import { bounded as boundedText, shown } from "./words.ts";

/** One entry of the results. Of its requirements, the first that does not hold is reported. */
interface Demand {
	id: string;
	title: string;
	requirements: Requirement[];
}

/** A demand and its result. */
export interface Verdict {
	/** "4.directory" */
	id: string;
	title: string;
	diagnosis: Promise<Diagnosis | undefined>;
}

/** The demands on a step: of its own check and of the checks before it. */
export function demandsOf(check: Check, earlier: Check[]): Demand[] {
	const own = check.requirements.map(alone);
	return [...earlier.flatMap(lasting), ...own];
}

function lasting({ requirements, together }: Check): Demand[] {
	const those = requirements.filter(({ lasts }) => lasts);
	return together ? [{ ...together, requirements: those }] : those.map(alone);
}

function alone(requirement: Requirement): Demand {
	const { id, title } = requirement;
	return { id, title, requirements: [requirement] };
}

/** Starts a container and judges it by all demands. The results come later, as promises. */
export function gradeSubject(subject: Subject, demands: Demand[]): Verdict[] {
	const { step } = subject;
	const moments: Moment[] = demands.flatMap(({ requirements }) => requirements);
	const look = withSlot(() => observe(subject, moments));
	const running = look.then((seen) => judgedBy(subject, seen));
	return [
		{
			id: `${step}.runs`,
			title: "the command runs",
			diagnosis: settled(
				look.then((seen) =>
					bounded(diagnoseRun(seen, { ...subject, file: whereIn(subject) })),
				),
			),
		},
		...demands.map((demand) => ({
			id: `${step}.${demand.id}`,
			title: demand.title,
			diagnosis: settled(
				running.then(async (seen) =>
					bounded(await judge(demand, seen, subject)),
				),
			),
		})),
	];
}

function judgedBy(subject: Subject, seen: Seen): Judged {
	if (!ran(seen)) throw new NotSeen();
	if (seen.outcome.status === undefined)
		throw new NotSeen("the sandbox was ended from outside while it ran");
	return {
		...seen,
		where: (pattern) => whereIn(subject, pattern),
		run: (command) => runToEnd(subject, command),
		runWaiting: (act) => runWaiting(subject, act),
	};
}

function ran(seen: Seen): seen is SeenRunning {
	return Boolean(seen.command && seen.supervisor && !seen.outcome.timedOut);
}

async function judge(
	{ requirements }: Demand,
	seen: Judged,
	subject: Subject,
): Promise<Diagnosis | undefined> {
	for (const requirement of requirements) {
		if (requirement.see && !seen.evidence.has(requirement))
			throw new NotSeen(
				"the command did not report that it reached this point",
			);
		const diagnosis = await judgeOne(requirement, seen, subject);
		if (diagnosis) return diagnosis;
	}
	return undefined;
}

async function judgeOne(
	requirement: Requirement,
	seen: Judged,
	subject: Subject,
): Promise<Diagnosis | undefined> {
	try {
		return await requirement.judge(seen, seen.evidence.get(requirement));
	} catch (error) {
		if (!(error instanceof NotEnded)) throw error;
		const { command, outcome } = error;
		const place = { ...subject, file: whereIn(subject, /reexec\(/) };
		const { seen: what, ...rest } = diagnoseOverrun(
			command,
			outcome,
			true,
			place,
		);
		return { seen: `\`${shown(command)}\`: ${what}`, ...rest };
	}
}

/** What a learner can read in one look, whatever a container printed or is called. */
function bounded(diagnosis: Diagnosis | undefined): Diagnosis | undefined {
	if (!diagnosis) return undefined;
	const { seen, why, look } = diagnosis;
	return {
		seen: boundedText(seen),
		why: boundedText(why),
		look: boundedText(look),
	};
}

/** A test awaits the result later: until then, a failure must not count as unhandled. */
function settled<Result>(result: Promise<Result>): Promise<Result> {
	result.catch(() => {});
	return result;
}
