/** Notices that the learner saves a step's file. */

import { statSync, watch as watchFolder } from "node:fs";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Step } from "../steps/catalog.ts";

/** An editor saves in several steps: this long after the last change the file is complete. */
const SETTLED_MS = 30;

/** A bind mount from another system sends no events, so the files are polled as well. */
const POLL_MS = 250;

/** Calls `changed` when a step's file has changed and no longer changes. */
export function onSave(
	steps: Step[],
	changed: (step: Step) => void,
): () => void {
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
