/**
 * How vitest runs a check file. A check file has no tests: it says what a step must
 * establish, and this runner makes tests of that, for each graded container.ts.
 * Later steps use a check file's lasting requirements, so it may be imported
 * before its own turn.
 */

import { afterAll, inject, TestRunner, test } from "vitest";
import { listSteps, type Step, shortPath } from "../steps/catalog.ts";
import { ask } from "./ask.ts";
import { demandsOf, gradeSubject, type Verdict } from "./demands.ts";
import { NotSeen } from "./errors.ts";
import type { Check, Diagnosis } from "./requirement.ts";
import { NoSandbox } from "./sandbox.ts";
import { TooBusy } from "./slots.ts";
import { checkFile, type Role, type Subject, subjectOf } from "./subject.ts";

/** What a test hands to the reporter. */
export interface RequirementMeta {
	id: string;
	/** The index of the graded subject in the list. */
	subject: number;
	diagnosis?: Diagnosis;
	/** A task of "Go further": no step fails by it. */
	extra?: true;
	/** What is worth saying, though it holds. */
	remark?: string;
	/** Why it could not be checked, unless the command does not run. */
	notSeen?: string;
	/** The machine was too busy to judge it. */
	tooBusy?: true;
	/** Why no sandbox could be made. */
	noSandbox?: string;
}

declare module "vitest" {
	interface ProvidedContext {
		role: Role;
		/** Where the runner asks for all that is graded. Empty: an editor runs a file as it is. */
		channel: string;
	}
	interface TaskMeta {
		requirement?: RequirementMeta;
	}
}

/** Imports a check file. */
type Load = (file: string) => Promise<Check>;

export default class CheckRunner extends TestRunner {
	override async importFile(
		...[path, source]: Parameters<TestRunner["importFile"]>
	): Promise<unknown> {
		if (source === "collect")
			await declareTests(path, (other) => {
				const check =
					loaded.get(other) ?? checkIn(other, super.importFile(other, source));
				loaded.set(other, check);
				return check;
			});
		return super.importFile(path, source);
	}
}

/** Each check file is imported once: an import that nobody awaits would still run when the run ends. */
const loaded = new Map<string, Promise<Check>>();

async function checkIn(path: string, file: unknown): Promise<Check> {
	try {
		const { default: check } = (await file) as { default?: Check };
		if (!check?.requirements)
			throw new Error("it has no `export default { requirements: … }`");
		return check;
	} catch (error) {
		const { name, message } = error as Error;
		throw new Error(`${shortPath(path)}: ${name}: ${message}`);
	}
}

/** All that is graded. The files run one after the other, but the containers side by side. */
let asked: Promise<Subject[]> | undefined;

/** What was begun, by step. Of this grading: for the next one vitest starts another worker. */
const begun = new Map<number, Promise<Map<number, Verdict[]>>>();

async function declareTests(path: string, load: Load): Promise<void> {
	const steps = listSteps();
	const step = steps.find((it) => checkFile(it) === path);
	if (!step) throw new Error(`${path} belongs to no step`);
	const channel = inject("channel");
	if (channel) asked ??= ask(channel);
	// What a run needs is loaded while it waits. An error is told by those who need the file.
	for (const other of steps)
		if (other.number <= step.number) load(checkFile(other)).catch(() => {});
	const subjects = (await asked) ?? [subjectOf(step, inject("role"))];
	for (const other of steps) {
		if (begun.has(other.number) || !subjects.some(isOf(other))) continue;
		const verdicts = begin(other, subjects, load);
		// A check file that can't be imported is reported when its turn comes.
		verdicts.catch(() => {});
		begun.set(other.number, verdicts);
	}

	const verdicts = (await begun.get(step.number)) ?? new Map();
	for (const [subject, those] of verdicts)
		for (const verdict of those) declareTest(subject, verdict);
	// Wait for all containers to end, even if no test awaits them any more.
	afterAll(async () => {
		const all = [...verdicts.values()].flat();
		await Promise.allSettled(all.map(({ finding }) => finding));
	});
}

/** Starts all containers of a step. Returns their results by the index of the subject. */
async function begin(
	step: Step,
	subjects: Subject[],
	load: Load,
): Promise<Map<number, Verdict[]>> {
	const earlier = listSteps().filter(({ number }) => number < step.number);
	const [check, ...before] = await Promise.all(
		[step, ...earlier].map((it) => load(checkFile(it))),
	);
	const demands = demandsOf(check as Check, before);
	return new Map(
		[...subjects.entries()]
			.filter(([, subject]) => isOf(step)(subject))
			.map(([index, subject]) => [index, gradeSubject(subject, demands)]),
	);
}

const isOf =
	({ number }: Step) =>
	({ step }: Subject) =>
		step === number;

function declareTest(
	subject: number,
	{ id, title, extra, finding }: Verdict,
): void {
	test(title, async ({ task, skip }) => {
		const meta: RequirementMeta = { id, subject, ...(extra && { extra }) };
		task.meta.requirement = meta;
		try {
			const found = await finding;
			if (!found) return;
			if ("remark" in found) {
				meta.remark = found.remark;
				return;
			}
			meta.diagnosis = found;
			if (extra) return;
		} catch (error) {
			if (error instanceof NotSeen) {
				if (error.message) meta.notSeen = error.message;
				skip(error.message || "the command did not run");
			}
			if (error instanceof TooBusy) {
				meta.tooBusy = true;
				skip("this machine was too busy to judge it");
			}
			if (error instanceof NoSandbox) meta.noSandbox = error.message;
			throw error;
		}
		// The grader reads the diagnosis from meta; an editor's test view shows the error.
		const { seen, why, look } = meta.diagnosis;
		const error = new Error(`seen  ${seen}\nwhy   ${why}\nlook  ${look}`);
		// vitest would search it for stack frames, and find the learner's among the words.
		error.stack = "";
		throw error;
	});
}
