/** Finds the containers of `npm run step` and `npm run solution` in this dev container. */

import { basename, join, resolve } from "node:path";
import { commandOf, placeOf, programOf, startOf } from "../proc/process.ts";
import type { ProcessEntry } from "../proc/table.ts";
import { findStep, HOME } from "../steps/catalog.ts";

export interface Container {
	/** Its first process, in the reader's PID namespace. */
	pid: number;
	/** Its parent process, in which `run` is executed. */
	supervisor: number;
	/** When it began, in clock ticks after boot. */
	start: number;
	/** The npm script that started it; undefined for a process that the workshop did not start. */
	script?: "step" | "solution";
	step?: number | undefined;
}

/**
 * All containers, the newest first. The grader's are left out: each of them runs
 * in its own PID namespace, the sandbox's.
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

/** Treats any process as a container. */
export function containerOf({ pid, parent }: ProcessEntry): Container {
	return { pid, supervisor: parent, start: startOf(pid) ?? 0 };
}

/** The script and step of a supervisor's command line: `node … kit/launch.cjs step 3 hostname` is step 3. */
function requestOf(
	pid: number,
): Pick<Container, "script" | "step"> | undefined {
	const [, ...args] = commandOf(pid);
	// The first word after Node's options. A shell or a tracer may have the same words as its arguments.
	const at = args.findIndex((word) => !word.startsWith("-"));
	const [launcher = "", script, ...rest] = args.slice(Math.max(at, 0));
	const launch = resolve(placeOf(`/proc/${pid}/cwd`).path, launcher);
	if (launch !== join(HOME, "kit/launch.cjs")) return undefined;
	if (script !== "step" && script !== "solution") return undefined;
	const word = rest.find((it) => !it.startsWith("-"));
	return { script, step: findStep(word ?? "")?.number };
}

/** esbuild, which tsx starts to compile the container.ts, is a child of the supervisor but not a container. */
function isHelper({ pid }: ProcessEntry): boolean {
	return basename(programOf(pid)) === "esbuild";
}
