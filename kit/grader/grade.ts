/** Grades container.ts files: vitest runs the check files, and their results are passed on. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Reporter, Vitest } from "vitest/node";
import { CommandError } from "../cli/terminal.ts";
import { HOME, listSteps, shortPath } from "../steps/catalog.ts";
import { isFile, readText } from "../steps/files.ts";
import { keepResult } from "../steps/progress.ts";
import { starter } from "../steps/starter.ts";
import { answer } from "./ask.ts";
import { faultsOf, resultOf, type StepResult, ungraded } from "./results.ts";
import { NoSandbox } from "./sandbox.ts";
import { checkFile, type Subject, standIn, stepOf } from "./subject.ts";

/** Nothing could be graded. */
const NOT_STARTED = 125;

/** Gets each result, in any order, with the index of its subject. */
export type Tell = (result: StepResult, index: number) => void;

/** A run of vitest over some check files. */
interface Run {
	files: string[];
	/** Says what is graded: nothing, and it ends. */
	tell(subjects: Subject[]): void;
	ended: ReturnType<Vitest["runTestSpecifications"]>;
}

interface Running {
	vitest: Vitest;
	reporter: Reporter;
	/** The next run, which waits for its subjects. */
	next?: Run;
}

/** A grader that keeps vitest running: starting it takes longer than grading a step. */
export interface Grader {
	/**
	 * Grades side by side.
	 *
	 * @throws NoSandbox if the grader can't make its sandbox
	 * @throws CommandError if a check file can't be run
	 */
	grade(subjects: Subject[], tell: Tell): Promise<StepResult[]>;
	close(): Promise<void>;
}

/**
 * vitest is started when there is something to run.
 *
 * @param again the same steps will be graded again: after each grading the next run is begun
 */
export function openGrader(again = false): Grader {
	let running: Running | undefined;
	return {
		async grade(subjects, tell) {
			const results: StepResult[] = [];
			const add: Tell = (result, index) => {
				results[index] = result;
				tell(result, index);
			};
			const begun: number[] = [];
			for (const [index, subject] of subjects.entries()) {
				const state = stateBefore(subject);
				if (state === "begun") begun.push(index);
				else add(ungraded(stepOf(subject), state), index);
			}
			if (begun.length === 0) return results;
			const chosen = begun.map((index) => subjects[index] as Subject);
			requireChecks(Math.max(...chosen.map(({ step }) => step)));
			running ??= await startVitest();
			const files = filesOf(chosen);
			const run = await takeRun(running, files);
			await runChecks(running, run, chosen, (result, nth) =>
				add(result, begun[nth] ?? 0),
			);
			if (again) running.next = startRun(running.vitest, files);
			return results;
		},
		async close() {
			if (running) await dropNext(running);
			await running?.vitest.close();
		},
	};
}

function filesOf(subjects: Subject[]): string[] {
	return [...new Set(subjects.map((it) => checkFile(stepOf(it))))];
}

/** The run that waits, if it is one of these files; else a new one. */
async function takeRun(running: Running, files: string[]): Promise<Run> {
	const { next, vitest } = running;
	if (next?.files.join() === files.join()) {
		running.next = undefined;
		return next;
	}
	await dropNext(running);
	return startRun(vitest, files);
}

async function dropNext(running: Running): Promise<void> {
	const { next, reporter } = running;
	running.next = undefined;
	reporter.onTestModuleEnd = undefined;
	next?.tell([]);
	await next?.ended.catch(() => {});
}

let runs = 0;

function startRun(vitest: Vitest, files: string[]): Run {
	const channel = `subjects-${runs++}`;
	let tell: Run["tell"] = () => {};
	const stop = answer(
		channel,
		new Promise((resolve) => {
			tell = resolve;
		}),
	);
	vitest.provide("channel", channel);
	const ended = vitest
		.globTestSpecifications(files)
		.then((specifications) => vitest.runTestSpecifications(specifications))
		.finally(() => {
			stop();
			// vitest sets an exit status; ours is what main returns.
			process.exitCode = undefined;
		});
	// Whoever takes the run awaits it.
	ended.catch(() => {});
	return { files, tell, ended };
}

async function runChecks(
	{ reporter }: Running,
	run: Run,
	subjects: Subject[],
	tell: Tell,
): Promise<void> {
	// An error in a check file also fails those of later steps.
	const faults = new Set<string>();
	let noSandbox: string | undefined;
	let told = 0;
	reporter.onTestModuleEnd = (module) => {
		for (const { message } of module.errors())
			faults.add(stripVTControlCharacters(message));
		for (const [index, subject] of subjects.entries()) {
			const tests = [...module.children.allTests()].filter(
				(test) => test.meta().requirement?.subject === index,
			);
			if (tests.length === 0) continue;
			for (const test of tests)
				noSandbox ??= test.meta().requirement?.noSandbox;
			if (noSandbox !== undefined) return;
			const own = tests.flatMap(faultsOf);
			for (const fault of own) faults.add(stripVTControlCharacters(fault));
			if (own.length > 0) continue;
			const step = stepOf(subject);
			const result = resultOf(step, tests);
			const learners = subject.role === "step" && standIn(subject) === "";
			const counts = learners && result.state !== "unjudged";
			const { passed, of } = result;
			if (counts && keepResult(step, passed, of, failingIn(result)))
				result.firstPass = true;
			told++;
			tell(result, index);
		}
	};
	run.tell(subjects);
	const { unhandledErrors } = await run.ended;
	if (noSandbox !== undefined) throw new NoSandbox(noSandbox);
	for (const fault of unhandledErrors) faults.add((fault as Error).stack ?? "");
	if (told < subjects.length || faults.size > 0)
		throw new CommandError(
			NOT_STARTED,
			`The grader itself failed. This is not your mistake:\n${[...faults].join("\n")}`,
		);
}

function failingIn({ requirements }: StepResult): string[] {
	return requirements
		.filter(({ state }) => state === "failed")
		.map(({ id }) => id);
}

/** A step is graded by its own check file and those before it. */
export function requireChecks(last: number): void {
	for (const step of listSteps()) {
		const file = shortPath(checkFile(step));
		if (step.number > last || existsSync(checkFile(step))) continue;
		throw new CommandError(
			NOT_STARTED,
			`Step ${last} can't be graded: the check of step ${step.number} is missing, ${file}.\nRestore it from git: git checkout -- ${file}\nFor a new step, write it: the other checks show how.`,
		);
	}
}

async function startVitest(): Promise<Running> {
	const { createVitest } = await import("vitest/node");
	const reporter: Reporter = {};
	const vitest = await createVitest("test", {
		watch: false,
		root: HOME,
		config: false,
		include: ["checks/*.check.ts"],
		runner: join(import.meta.dirname, "runner.ts"),
		reporters: [reporter],
		pool: "threads",
		// The containers run side by side, and the judging of them takes no time.
		maxWorkers: 1,
		isolate: false,
		// Each container has a limit of its own.
		testTimeout: 0,
		hookTimeout: 0,
		provide: { role: "step", channel: "" },
	});
	return { vitest, reporter };
}

function stateBefore(subject: Subject): "begun" | "not started" | "missing" {
	if (subject.role === "solution") return "begun";
	if (!isFile(subject.file)) return "missing";
	const text = readText(subject.file);
	return text === starter(stepOf(subject)) ? "not started" : "begun";
}
