/** `npm run check -- --watch`: grades a step again whenever its file is saved, and has a key for what comes next. */

import { spawnSync } from "node:child_process";
import { statSync, watch as watchFolder } from "node:fs";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { onKey } from "../cli/keys.ts";
import { colours, write } from "../cli/terminal.ts";
import { HOME, listSteps, type Step } from "../steps/catalog.ts";
import { stateOf } from "../steps/progress.ts";
import { openGrader } from "./grade.ts";
import { type StepResult, summarize } from "./results.ts";
import { subjectOf } from "./subject.ts";
import { showSteps, stepText, summaryText } from "./tell.ts";

/** An editor saves in several steps: this long after the last change the file is complete. */
const SETTLED_MS = 50;

/** A bind mount from another system sends no events, so the files are polled as well. */
const POLL_MS = 250;

/** What to do next. */
type Request = { grade: Step[] } | "quit";

/**
 * Grades at once, and then at every save, until `q` or Ctrl-C.
 *
 * @returns 0: leaving is no failure
 */
export async function watch(steps: Step[]): Promise<number> {
	const grader = openGrader();
	const requests: Request[] = [];
	let wake = () => {};
	let current = steps.find((step) => stateOf(step) !== "done") ?? steps[0];
	const ask = (request: Request) => {
		requests.push(request);
		wake();
	};

	const stopWatching = onSave(listSteps(), (step) => {
		current = step;
		ask({ grade: [step] });
	});
	const stopKeys = onKey({
		h: () => command("hint", current),
		n: () => command("notes", current),
		s: () => {
			current = current && following(current);
			if (current) ask({ grade: [current] });
		},
		a: () => ask({ grade: listSteps() }),
		q: () => ask("quit"),
	});

	ask({ grade: steps });
	try {
		for (;;) {
			const request = requests.shift();
			if (request === undefined) {
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
				continue;
			}
			if (request === "quit") return 0;
			const { grade } = request;
			// A single step needs no live lines.
			const tell =
				grade.length > 1
					? showSteps(grade)
					: (result: StepResult) => void write(1, stepText(result));
			const subjects = grade.map((step) => subjectOf(step, "step"));
			const results = summarize(await grader.grade(subjects, tell));
			write(1, `${summaryText(results)}${keys()}`);
		}
	} finally {
		stopKeys();
		stopWatching();
		await grader.close();
	}
}

/** The step after one; the last stays the last. */
function following(step: Step): Step {
	const steps = listSteps();
	return steps.find(({ number }) => number === step.number + 1) ?? step;
}

const keys = () =>
	colours(1).dim(
		"watching · h hint · n notes · s next step · a all · q quit\n\n",
	);

/** Calls `changed` when a step's file has changed and no longer changes. */
function onSave(steps: Step[], changed: (step: Step) => void): () => void {
	const seen = new Map(steps.map((step) => [step, stamp(step)]));
	let looking = false;
	const look = async () => {
		if (looking) return;
		looking = true;
		for (const step of steps) {
			if (stamp(step) === seen.get(step)) continue;
			for (let last = ""; last !== stamp(step); await setTimeout(SETTLED_MS))
				last = stamp(step);
			seen.set(step, stamp(step));
			changed(step);
		}
		looking = false;
	};
	const watchers = steps.map(({ file }) => {
		try {
			return watchFolder(dirname(file), look);
		} catch {
			return undefined; // no such folder yet: polling finds it
		}
	});
	const poll = setInterval(look, POLL_MS);
	return () => {
		clearInterval(poll);
		for (const watcher of watchers) watcher?.close();
	};
}

function stamp({ file }: Step): string {
	const { mtimeMs, size, ino } =
		statSync(file, { throwIfNoEntry: false }) ?? {};
	return `${mtimeMs} ${size} ${ino}`;
}

/** Runs another command of the kit, which gets the terminal meanwhile. */
function command(name: string, step: Step | undefined): void {
	const { stdin } = process;
	if (stdin.isTTY) stdin.setRawMode(false);
	spawnSync("npm", ["run", "--silent", name, String(step?.number ?? 1)], {
		cwd: HOME,
		stdio: "inherit",
	});
	if (stdin.isTTY) stdin.setRawMode(true);
}
