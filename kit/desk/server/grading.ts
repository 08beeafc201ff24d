/**
 * The desk's grader: a process of its own that keeps vitest running, as the
 * watching check does. A learner's mistake may end it; then the next request starts another.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { StepResult } from "../../grader/results.ts";
import { HOME } from "../../steps/catalog.ts";

/** What the grading process answers: see grade.ts. */
export type Answer = { result: StepResult } | { fault: string };

export interface Grading {
	/** Starts vitest, so that the first grading need not wait for it. */
	prepare(): void;
	/**
	 * Grades a step's present text, after those asked for before.
	 *
	 * @throws an Error with words for the learner
	 */
	grade(id: string): Promise<StepResult>;
	close(): void;
}

/** A grader that nobody needs takes memory all the same: it is ended after this time. */
const IDLE_MS = 10 * 60_000;

export function openGrading(): Grading {
	let child: ChildProcess | undefined;
	let last: Promise<unknown> = Promise.resolve();
	let idle: NodeJS.Timeout | undefined;
	let over = false;

	const end = () => {
		clearTimeout(idle);
		child?.disconnect();
		child = undefined;
	};
	const running = () => {
		clearTimeout(idle);
		idle = setTimeout(end, IDLE_MS);
		idle.unref();
		if (child?.connected) return child;
		const started = startGrader();
		started.on("exit", () => {
			if (child === started) child = undefined;
		});
		child = started;
		return started;
	};
	return {
		prepare: () => void running(),
		grade(id) {
			// What was asked for while the desk ends must not start another grader, which it would wait for.
			const graded = last.then(() => {
				if (over) throw new Error("The desk ends.");
				return ask(running(), id);
			});
			last = graded.catch(() => {});
			return graded;
		},
		close() {
			over = true;
			end();
		},
	};
}

function startGrader(): ChildProcess {
	const launcher = join(HOME, "kit/launch.cjs");
	const child = spawn(
		process.execPath,
		[launcher, "kit/desk/server/grade.ts"],
		{ cwd: HOME, stdio: ["ignore", "ignore", "inherit", "ipc"] },
	);
	// It is told to whoever waits for its answer.
	child.on("error", () => {});
	return child;
}

function ask(child: ChildProcess, id: string): Promise<StepResult> {
	return new Promise((resolve, reject) => {
		const done = () => {
			child.off("message", answered);
			child.off("exit", ended);
			child.off("error", ended);
		};
		const answered = (answer: Answer) => {
			done();
			if ("result" in answer) resolve(answer.result);
			else reject(new Error(answer.fault));
		};
		const ended = (cause: unknown, signal?: unknown) => {
			done();
			const how =
				cause instanceof Error
					? `could not be started: ${cause.message}`
					: `was ended${signal ? ` by ${signal}` : ""}`;
			reject(
				new Error(
					`The grader ${how}. Save again, and another one grades your step.`,
				),
			);
		};
		child.on("message", answered);
		child.on("exit", ended);
		child.on("error", ended);
		child.send(id, (error) => {
			if (error) ended(error);
		});
	});
}
