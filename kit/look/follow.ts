/** Follows a container from its start to its end, at next to no cost while nothing happens. */

import { hostname } from "node:os";
import { mountsOf } from "../proc/mounts.ts";
import { lastPid, listPids, listProcesses } from "../proc/table.ts";
import { type Side, snapshot } from "./compare.ts";
import { containerOf, findContainers } from "./containers.ts";
import { type View, viewOf } from "./view.ts";

/** How often to ask for the next view: what changes is to show within a quarter of a second. */
export const REFRESH_MS = 200;

/** What is known after a reading. */
interface Following {
	/** The last PID that was given before it. As long as it stays the same, no process was born. */
	newest?: string | undefined;
	/** When the process began that is followed by its PID: the number may be given to another one later. */
	start?: number | undefined;
	sight?: Sight | undefined;
}

/** A view, and what it was made of. */
interface Sight {
	view: View;
	/** The dev container's side. */
	outside: Side;
	/** What the last reading of the same processes gave. If the next one gives the same, nothing has changed. */
	trace: string;
}

/**
 * Follows the newest container, or always one process. Each call of what is
 * returned reads again.
 *
 * @returns undefined until there is a container; after its end, how it was; the
 *   same object if nothing has changed
 */
export function follow(pid?: number): () => View | undefined {
	let following: Following = {};
	return () => {
		following = readOn(following, pid);
		return following.sight?.view;
	};
}

function readOn(before: Following, pid: number | undefined): Following {
	const { start, sight } = before;
	// This is read first: a process that is born during the reading is left to the next one.
	const newest = lastPid();
	const running = sight?.view.ended ? undefined : sight;
	if (newest === before.newest && !running) return before;
	const found =
		newest === before.newest && running
			? readAgain(running)
			: search(pid, start);
	if (found) return { newest, start: found.view.container.start, sight: found };
	// Another container may be there already: without `newest` the next reading searches.
	if (running) return { start, sight: ended(running) };
	return { newest, start, sight };
}

/** Searches all processes for the container. */
function search(
	pid: number | undefined,
	start: number | undefined,
): Sight | undefined {
	const outside = snapshot(process.pid);
	const processes = listProcesses();
	const containers = findContainers(processes);
	const container =
		pid === undefined
			? containers[0]
			: (containers.find((it) => it.pid === pid) ??
				processes.filter((it) => it.pid === pid).map(containerOf)[0]);
	if (!container) return undefined;
	if (pid !== undefined && start !== undefined && start !== container.start)
		return undefined;
	const view = viewOf(outside, container, processes);
	if (!view) return undefined;
	const others = containers.filter((it) => it.pid !== container.pid).length;
	return { view: { ...view, others }, outside, trace: "" };
}

/**
 * Reads the same processes again: none was born. But one may have ended, moved,
 * or become another program; and the dev container may have another name, or
 * one mount more.
 */
function readAgain(before: Sight): Sight | undefined {
	const { container, processes, others } = before.view;
	const outside = {
		...before.outside,
		name: hostname(),
		mounts: mountsOf(process.pid),
		proc: { ...before.outside.proc, listed: listPids() },
	};
	const family = listProcesses(processes.map(({ pid }) => pid));
	const { name, mounts, proc } = outside;
	const trace = JSON.stringify([family, name, mounts, proc.listed]);
	if (trace === before.trace) return before;
	const view = viewOf(outside, container, family);
	return view && { view: { ...view, others }, outside, trace };
}

function ended(sight: Sight): Sight {
	return { ...sight, view: { ...sight.view, ended: true, others: 0 } };
}
