/** The containers that run in this dev container: those of `npm run step` and `npm run solution`. */

import { basename, join, resolve } from "node:path";
import { commandOf, placeOf, programOf, startOf } from "../proc/process.ts";
import type { ProcessEntry } from "../proc/table.ts";
import { findStep, HOME } from "../steps/catalog.ts";

export interface Container {
	/** Its first process, by the reader's count. */
	pid: number;
	/** The process above it: its `run`. */
	supervisor: number;
	/** When it began, in clock ticks after boot. */
	start: number;
	/** The npm script that started it; undefined for a process that is none of the workshop's. */
	script?: "step" | "solution";
	step?: number | undefined;
}

/**
 * All of them, the newest first. The grader's are left out: each runs in a
 * sandbox of its own, which is another PID namespace.
 */
export function findContainers(processes: ProcessEntry[]): Container[] {
	const containers: Container[] = [];
	for (const { pid, pids } of processes) {
		const request = pids.length === 1 ? requestOf(pid) : undefined;
		if (!request) continue;
		for (const child of processes)
			if (child.parent === pid && !child.zombie && !isHelper(child))
				containers.push({ ...containerOf(child), ...request });
	}
	return containers.sort(
		(one, other) => other.start - one.start || other.pid - one.pid,
	);
}

/** Any process, looked at as if it were a container. */
export function containerOf({ pid, parent }: ProcessEntry): Container {
	return { pid, supervisor: parent, start: startOf(pid) ?? 0 };
}

/** What a supervisor was asked for: `node … kit/launch.cjs step 3 hostname` is step 3. */
function requestOf(
	pid: number,
): Pick<Container, "script" | "step"> | undefined {
	const [, ...args] = commandOf(pid);
	// The first word after Node's own options. A shell or a tracer has these words, too, but as its own arguments.
	const at = args.findIndex((word) => !word.startsWith("-"));
	const [launcher = "", script, ...rest] = args.slice(Math.max(at, 0));
	const launch = resolve(placeOf(`/proc/${pid}/cwd`).path, launcher);
	if (launch !== join(HOME, "kit/launch.cjs")) return undefined;
	if (script !== "step" && script !== "solution") return undefined;
	const word = rest.find((it) => !it.startsWith("-"));
	return { script, step: findStep(word ?? "")?.number };
}

/** Where tsx runs the TypeScript, it has esbuild compile the container.ts: a child of `run`, and no container. */
function isHelper({ pid }: ProcessEntry): boolean {
	return basename(programOf(pid)) === "esbuild";
}
