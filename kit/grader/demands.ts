/** What a step must establish: the lasting requirements of the steps before it, and its own. */

import { NotEnded, NotSeen } from "./errors.ts";
import {
	type Moment,
	observe,
	type Seen,
	type SeenRunning,
} from "./observe.ts";
import { hasCrashed } from "./outcome.ts";
import type {
	Check,
	Diagnosis,
	Finding,
	Judged,
	Requirement,
} from "./requirement.ts";
import {
	type EndedImage,
	type Killed,
	runImage,
	runKilled,
	runToEnd,
	runWaiting,
} from "./run.ts";
import { diagnoseOverrun, diagnoseRun } from "./runs.ts";
import { withSlot } from "./slots.ts";
import { type Subject, whereIn } from "./subject.ts";
import { bounded as boundedText, shown } from "./words.ts";

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
	const look = withSlot(
		() => observe(subject, moments),
		({ outcome }) => hasCrashed(outcome),
	);
	const running = look.then((seen) => judgedBy(subject, seen));
	const found = async (demand: Demand) =>
		bounded(await judge(demand, await running, subject));
	const first = demands.map((it) => settled(found(only(it, false))));
	const holds = settled(allHold(first, demands));
	return [
		{
			id: `${step}.runs`,
			title: RUNS,
			finding: settled(
				look.then((seen) =>
					bounded(diagnoseRun(seen, { ...subject, file: whereIn(subject) })),
				),
			),
		},
		...demands.map((demand, index) => ({
			id: `${step}.${demand.id}`,
			title: demand.title,
			...(demand.extra && { extra: demand.extra }),
			finding: settled(finish(demand, first[index])),
		})),
	];

	/** What the first container showed; if that is right, what further ones show. */
	async function finish(
		demand: Demand,
		first: Promise<Finding> | undefined,
	): Promise<Finding> {
		const finding = await first;
		const rest = only(demand, true);
		if (isWrong(finding) || rest.requirements.length === 0) return finding;
		await holds;
		return (await found(rest)) ?? finding;
	}
}

/** A demand's requirements that start further containers, or the others. */
function only(demand: Demand, again: boolean): Demand {
	const requirements = demand.requirements.filter(
		(it) => Boolean(it.again) === again,
	);
	return { ...demand, requirements };
}

/** @throws NotSeen if the first container showed that something is wrong: no further ones are started then */
async function allHold(
	findings: Promise<Finding>[],
	demands: Demand[],
): Promise<void> {
	const ended = await Promise.allSettled(findings);
	for (const [index, it] of ended.entries()) {
		if (demands[index]?.extra || it.status === "rejected") continue;
		if (isWrong(it.value)) throw new NotSeen();
	}
}

function isWrong(finding: Finding): finding is Diagnosis {
	return finding !== undefined && !("remark" in finding);
}

function judgedBy(subject: Subject, seen: Seen): Judged {
	if (!ran(seen)) throw new NotSeen();
	if (seen.outcome.status === undefined)
		throw new NotSeen("the sandbox was ended from outside while it ran");
	let killed: Promise<Killed> | undefined;
	const ofImage = new Map<string, Promise<EndedImage>>();
	return {
		...seen,
		where: (pattern) => whereIn(subject, pattern),
		run: (command) => runToEnd(subject, command),
		runWaiting: (act) => runWaiting(subject, act),
		killed() {
			killed ??= runKilled(subject);
			return killed;
		},
		runImage(command) {
			const words = command.join("\0");
			const run = ofImage.get(words) ?? runImage(subject, command);
			ofImage.set(words, run);
			return run;
		},
	};
}

function ran(seen: Seen): seen is SeenRunning {
	return Boolean(seen.command && seen.supervisor && !seen.outcome.timedOut);
}

/** The first thing that is wrong; else the first remark, if the demand is the step's own. */
async function judge(
	{ requirements, own }: Demand,
	seen: Judged,
	subject: Subject,
): Promise<Finding> {
	let remark: Finding;
	// Those that start further containers start them side by side.
	const findings = requirements.map((it) =>
		settled(judgeOne(it, seen, subject)),
	);
	for (const coming of findings) {
		const finding = await coming;
		if (isWrong(finding)) return finding;
		if (own) remark ??= finding;
	}
	return remark;
}

async function judgeOne(
	requirement: Requirement,
	seen: Judged,
	subject: Subject,
): Promise<Finding> {
	if (requirement.see && !seen.evidence.has(requirement))
		throw new NotSeen("the command did not report that it reached this point");
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
function bounded(finding: Finding): Finding {
	if (!finding) return undefined;
	if ("remark" in finding) return { remark: boundedText(finding.remark) };
	const { seen, why, look } = finding;
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
