/** What a step must establish: the lasting requirements of the steps before it, and its own. */

import {
	type Moment,
	observe,
	type Seen,
	type SeenRunning,
} from "./observe.ts";
import {
	type Check,
	diagnoseRun,
	type Finding,
	type Judged,
	NotSeen,
	type Requirement,
} from "./requirement.ts";
import { runToEnd, runWaiting } from "./run.ts";
import { withSlot } from "./slots.ts";
import { type Subject, whereIn } from "./subject.ts";

/** One entry of the results. Of its requirements, the first that does not hold is reported. */
interface Demand {
	id: string;
	title: string;
	requirements: Requirement[];
	/** The step itself adds it. */
	own?: true;
	/** Told with a star if it holds, and no step fails by it. */
	extra?: true;
}

/** The title of the first requirement of every step. */
export const RUNS = "the command runs";

/** A demand and its result. */
export interface Verdict {
	/** "4.directory" */
	id: string;
	title: string;
	extra?: true;
	finding: Promise<Finding>;
}

/** The demands on a step: of its own check and of the checks before it. */
export function demandsOf(check: Check, earlier: Check[]): Demand[] {
	const own = check.requirements.map(
		(it): Demand => ({ ...alone(it), own: true }),
	);
	return [...earlier.flatMap(lasting), ...own];
}

/** What later steps are graded by, too. */
export function lasting({ requirements, together }: Check): Demand[] {
	const those = requirements.filter(({ lasts }) => lasts);
	return together ? [{ ...together, requirements: those }] : those.map(alone);
}

function alone(requirement: Requirement): Demand {
	const { id, title, extra } = requirement;
	return { id, title, ...(extra && { extra }), requirements: [requirement] };
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
			title: RUNS,
			finding: settled(
				look.then((seen) => diagnoseRun(seen, subject, whereIn(subject))),
			),
		},
		...demands.map((demand) => ({
			id: `${step}.${demand.id}`,
			title: demand.title,
			...(demand.extra && { extra: demand.extra }),
			finding: settled(running.then((seen) => judge(demand, seen))),
		})),
	];
}

function judgedBy(subject: Subject, seen: Seen): Judged {
	if (!ran(seen)) throw new NotSeen();
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

/** The first thing that is wrong; else the first remark, if the demand is the step's own. */
async function judge(
	{ requirements, own }: Demand,
	seen: Judged,
): Promise<Finding> {
	let remark: Finding;
	for (const requirement of requirements) {
		if (requirement.see && !seen.evidence.has(requirement))
			throw new NotSeen(
				"the command did not report that it reached this point",
			);
		const finding = await requirement.judge(
			seen,
			seen.evidence.get(requirement),
		);
		if (finding && !("remark" in finding)) return finding;
		if (own) remark ??= finding;
	}
	return remark;
}

/** A test awaits the result later: until then, a failure must not count as unhandled. */
function settled<Result>(result: Promise<Result>): Promise<Result> {
	result.catch(() => {});
	return result;
}
