/** `npm run check -- --watch`: grades a step again whenever its file is saved, and has a key for what comes next. */

import { spawnSync } from "node:child_process";
import { statSync, watch as watchFolder } from "node:fs";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { onKey } from "../cli/keys.ts";
import { colours, write } from "../cli/terminal.ts";
import { openGrader, showSteps } from "../commands/check.ts";
import { HOME, listSteps, type Step } from "../steps/catalog.ts";
import { stateOf } from "../steps/progress.ts";
import { stepText, summarize, summaryText } from "./results.ts";

/** An editor saves in several small acts: this long after the last of them the file is whole. */
const SETTLED_MS = 50;

/** Through a bind mount from another system no events come, so the files are looked at as well. */
const POLL_MS = 250;

/**
 * Grades at once, and then at every save, until `q` or Ctrl-C.
 *
 * @returns 0: leaving is no failure
 */
export async function watch(steps: Step[]): Promise<number> {
	const grader = openGrader("step");
	const waiting: Step[][] = [];
	let wake = () => {};
	let current = steps.find((step) => stateOf(step) !== "done") ?? steps[0];
	const ask = (them: Step[]) => {
		waiting.push(them);
		wake();
	};

	const stopWatching = onSave(listSteps(), (step) => {
		current = step;
		ask([step]);
	});
	const stopKeys = onKey({
		h: () => command("hint", current),
		n: () => command("notes", current),
		s: () => {
			current =
				listSteps().find(
					({ number }) => number === (current?.number ?? 0) + 1,
				) ?? current;
			if (current) ask([current]);
		},
		a: () => ask(listSteps()),
		q: () => ask([]),
	});

	ask(steps);
	try {
		for (;;) {
			const next = waiting.shift();
			if (next === undefined) {
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
				continue;
			}
			if (next.length === 0) return 0;
			const tell =
				next.length > 1
					? showSteps(next)
					: (result: Parameters<typeof stepText>[0]) => {
							write(1, stepText(result));
						};
			const results = summarize(await grader.grade(next, tell));
			write(1, `${summaryText(results)}${KEYS()}`);
		}
	} finally {
		stopKeys();
		stopWatching();
		await grader.close();
	}
}

const KEYS = () =>
	colours(1).dim(
		"watching · h hint · n notes · s next step · a all · q quit\n\n",
	);

/** Calls back when a step's file has changed and has come to rest. */
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
			return undefined; // no such folder yet: it is looked at all the same
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

/** Another command of the kit, which has the terminal meanwhile. */
function command(name: string, step: Step | undefined): void {
	const { stdin } = process;
	if (stdin.isTTY) stdin.setRawMode(false);
	spawnSync("npm", ["run", "--silent", name, String(step?.number ?? 1)], {
		cwd: HOME,
		stdio: "inherit",
	});
	if (stdin.isTTY) stdin.setRawMode(true);
}
