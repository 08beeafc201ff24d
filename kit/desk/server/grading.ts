/**
 * The desk's grader: a process of its own that keeps vitest running, as the
 * watching check does. A learner's mistake may end it; then the next request starts another.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { StepResult } from "../../grader/results.ts";
import { HOME } from "../../steps/catalog.ts";

/** What the grading process answers: see grade.ts. */
export type Answer = Graded | { fault: string };

export interface Graded {
	result: StepResult;
	/** Of a step that is not begun: what will be asked of it. */
	asked?: string[];
}

export interface Grading {
	/** Starts vitest, so that the first grading need not wait for it. */
	prepare(): void;
	/**
	 * Grades a step's present text, after those asked for before.
	 *
	 * @throws an Error with words for the learner
	 */
	grade(id: string): Promise<Graded>;
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
		if (child?.connected) child.disconnect();
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
	const askTwice = async (id: string) => {
		// What was asked for while the desk ends must not start another grader, which it would wait for.
		if (over) return { ended: "has ended with the desk" };
		const answer = await ask(running(), id);
		if (over || !("ended" in answer)) return answer;
		// What has ended the grader may have meant another process.
		child = undefined;
		return ask(running(), id);
	};
	return {
		prepare: () => void running(),
		grade(id) {
			const graded = last.then(() => askTwice(id)).then(resultIn);
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

/** @returns how the grader was ended, where it gave no answer */
function ask(
	child: ChildProcess,
	id: string,
): Promise<Answer | { ended: string }> {
	return new Promise((resolve) => {
		const done = (answer: Answer | { ended: string }) => {
			child.off("message", done);
			child.off("exit", exited);
			child.off("error", failed);
			resolve(answer);
		};
		const exited = (status: number | null, signal: string | null) =>
			done({ ended: `was ended by ${signal ?? `status ${status}`}` });
		const failed = ({ message }: Error) =>
			done({ ended: `could not be started: ${message}` });
		child.on("message", done);
		child.on("exit", exited);
		child.on("error", failed);
		child.send(id, (error) => error && failed(error));
	});
}

function resultIn(answer: Answer | { ended: string }): Graded {
	if ("result" in answer) return answer;
	throw new Error(
		"fault" in answer
			? answer.fault
			: `The grader ${answer.ended}. Save again, and another one grades your step.`,
	);
}
