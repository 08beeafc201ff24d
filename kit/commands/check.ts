/**
 * `npm run check [N]`: grades the learner's steps, all of them or one. Exit
 * status 0 only if all that was asked for passes, 1 if not, 2 for wrong usage,
 * 125 where nothing can be graded.
 */

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isatty } from "node:tty";
import type { Reporter, Vitest } from "vitest/node";
import { CommandError, write } from "../cli/terminal.ts";
import type { Role } from "../grader/observe.ts";
import {
	pendingText,
	resultOf,
	type StepResult,
	stepText,
	summarize,
	summaryText,
	ungraded,
} from "../grader/results.ts";
import { requireHost } from "../host/requirements.ts";
import { prepareRootfs } from "../host/rootfs.ts";
import { HOME, listSteps, type Step } from "../steps/catalog.ts";
import { readText } from "../steps/files.ts";
import { keepResult } from "../steps/progress.ts";
import { parseWords, requireStep } from "../steps/request.ts";
import { starter } from "../steps/starter.ts";

const require = createRequire(import.meta.url);

/** Nothing could be graded. */
const NOT_STARTED = 125;

const USAGE =
	"npm run check [N]   or   npm run check -- [--watch] [--json] [--solutions] [N]";

export async function main(args: string[]): Promise<number> {
	const { on, words } = parseWords(args, ["json", "solutions", "watch"], USAGE);
	if (words.length > 1)
		throw new CommandError(2, `One step, or all.\nUsage: ${USAGE}`);
	if (on.has("watch") && on.has("json"))
		throw new CommandError(
			2,
			`--watch is for people, --json for machines.\nUsage: ${USAGE}`,
		);
	const steps =
		words[0] === undefined ? listSteps() : [requireStep(words[0], USAGE)];
	if (on.has("watch") && on.has("solutions"))
		throw new CommandError(
			2,
			`--watch is for your own steps.\nUsage: ${USAGE}`,
		);
	requireHost();
	prepareRootfs(() => write(2, "Making a root file system, once…\n"));
	const role = on.has("solutions") ? "solution" : "step";

	if (on.has("watch")) {
		const { watch } =
			require("../grader/watch.ts") as typeof import("../grader/watch.ts");
		return watch(steps);
	}

	const grader = openGrader(role);
	const quiet = on.has("json");
	try {
		const results = summarize(
			await grader.grade(steps, quiet ? () => {} : showSteps(steps)),
		);
		write(
			1,
			quiet ? `${JSON.stringify(results, null, 2)}\n` : summaryText(results),
		);
		return results.done === results.of ? 0 : 1;
	} finally {
		await grader.close();
	}
}

/** A grader that stays ready: vitest takes longer to start than a step to grade. */
export interface Grader {
	/** Grades some steps, side by side. `tell` gets each result as it comes, in no certain order. */
	grade(
		steps: Step[],
		tell: (result: StepResult) => void,
	): Promise<StepResult[]>;
	close(): Promise<void>;
}

const checkFile = ({ id }: Step) => join(HOME, "checks", `${id}.check.ts`);

/** vitest, through its own API, with a reporter that prints nothing. It is started when there is something to run. */
export function openGrader(role: Role): Grader {
	let running: { vitest: Vitest; reporter: Reporter } | undefined;

	const runChecks = async (
		steps: Step[],
		tell: (result: StepResult) => void,
	): Promise<void> => {
		running ??= await startVitest(role);
		const { vitest, reporter } = running;
		const graded = new Set<Step>();
		let impossible: string | undefined;
		reporter.onTestModuleEnd = (module) => {
			const step = steps.find((it) => checkFile(it) === module.moduleId);
			const result = step && resultOf(step, module);
			if (!result || result.of === 0) return;
			graded.add(step);
			for (const test of module.children.allTests())
				impossible ??= test.meta().requirement?.noSandbox;
			if (impossible !== undefined) return;
			if (role === "step") keepResult(step, result.passed, result.of);
			tell(result);
		};
		vitest.provide(
			"steps",
			steps.map(({ number }) => number),
		);
		const specifications = await vitest.globTestSpecifications(
			steps.map(checkFile),
		);
		const { unhandledErrors } =
			await vitest.runTestSpecifications(specifications);
		// vitest sets a status of its own; ours is what main returns.
		process.exitCode = undefined;
		if (impossible !== undefined) {
			const { findDenial } =
				require("./doctor.ts") as typeof import("./doctor.ts");
			throw new CommandError(
				NOT_STARTED,
				`The grader can't make its sandbox here: ${impossible}\n${findDenial() ?? ""}See: npm run doctor`,
			);
		}
		if (graded.size < steps.length || unhandledErrors.length > 0)
			throw new CommandError(
				NOT_STARTED,
				`The grader itself has failed, which is no fault of yours:\n${unhandledErrors.map((fault) => (fault as Error).stack).join("\n")}`,
			);
	};

	return {
		async grade(steps, tell) {
			const results = new Map<number, StepResult>();
			const add = (result: StepResult) => {
				results.set(result.number, result);
				tell(result);
			};
			const begun: Step[] = [];
			for (const step of steps) {
				const state = stateBefore(step, role);
				if (state === "begun") begun.push(step);
				else add(ungraded(step, state));
			}
			if (begun.length > 0) await runChecks(begun, add);
			return steps.flatMap(({ number }) => results.get(number) ?? []);
		},
		close: async () => running?.vitest.close(),
	};
}

async function startVitest(
	role: Role,
): Promise<{ vitest: Vitest; reporter: Reporter }> {
	const { createVitest } = await import("vitest/node");
	const reporter: Reporter = {};
	const vitest = await createVitest("test", {
		watch: false,
		root: HOME,
		config: false,
		include: ["checks/*.check.ts"],
		reporters: [reporter],
		pool: "threads",
		// The containers run side by side, and the judging of them takes no time.
		maxWorkers: 1,
		isolate: false,
		testTimeout: 40_000,
		provide: { role, steps: [] },
	});
	return { vitest, reporter };
}

function stateBefore(
	step: Step,
	role: Role,
): "begun" | "not started" | "missing" {
	if (role === "solution") return "begun";
	if (!existsSync(step.file)) return "missing";
	return readText(step.file) === starter(step) ? "not started" : "begun";
}

/** Prints each step when its turn comes; on a terminal, with a live line for each that is still to come. */
export function showSteps(steps: Step[]): (result: StepResult) => void {
	const live = isatty(1);
	const waiting = [...steps];
	const ready = new Map<number, StepResult>();
	const pending = () =>
		waiting.map((step) => pendingText(step, ready.has(step.number))).join("");
	if (live) write(1, pending());
	return (result) => {
		const up = waiting.length;
		ready.set(result.number, result);
		let text = "";
		for (
			let due = ready.get(waiting[0]?.number ?? 0);
			due;
			due = ready.get(waiting[0]?.number ?? 0)
		) {
			text += stepText(due);
			waiting.shift();
		}
		// Up to the first live line, and everything below it anew.
		write(1, live ? `\u001b[${up}A\u001b[J${text}${pending()}` : text);
	};
}
