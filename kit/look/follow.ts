/** Follows a container from its start to its end. While nothing changes, it costs almost nothing. */

import { hostname } from "node:os";
import { mountsOf } from "../proc/mounts.ts";
import { lastPid, listPids, listProcesses } from "../proc/table.ts";
import { type Side, snapshot } from "./compare.ts";
import { containerOf, findContainers } from "./containers.ts";
import { type View, viewOf } from "./view.ts";

/** How often to ask for the next view: a change must show within a quarter of a second. */
export const REFRESH_MS = 200;

/** What is known after a reading. */
interface Following {
	/** The newest PID before the reading. If it stays the same, no process was started. */
	newest?: string | undefined;
	/** When the followed process began: its PID may be reused later. */
	start?: number | undefined;
	sight?: Sight | undefined;
}

/** A view, and the data that it was made from. */
interface Sight {
	view: View;
	/** The dev container's side. */
	outside: Side;
	/** The last reading of the same processes. If the next one equals it, nothing has changed. */
	trace: string;
}

/**
 * Follows the newest container, or the process with this PID.
 *
 * @returns a function that reads the view again. It returns undefined until there
 *   is a container, the last view after its end, and the same object if nothing
 *   has changed
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
	// Read first: a process that starts during this reading is found by the next one.
	const newest = lastPid();
	const running = sight?.view.ended ? undefined : sight;
	if (newest === before.newest && !running) return before;
	const found =
		newest === before.newest && running
			? readAgain(running)
			: search(pid, start);
	if (found) return { newest, start: found.view.container.start, sight: found };
	// Another container may run already: without `newest` the next reading searches again.
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
 * Reads the same processes again, since no process was started. One of them may
 * have ended, moved or become another program, and the dev container may have a
 * new name or a new mount.
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
