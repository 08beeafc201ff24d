/** Follows a container from its start to its end, at next to no cost while nothing happens. */

import { hostname } from "node:os";
import { mountsOf } from "../proc/mounts.ts";
import { lastPid, listPids, listProcesses } from "../proc/table.ts";
import { type Side, snapshot } from "./compare.ts";
import { type Container, containerOf, findContainers } from "./containers.ts";
import { type View, viewOf } from "./view.ts";

/** How often to look again: what changes is to show within a quarter of a second. */
export const LOOK_MS = 200;

/**
 * Looks at the newest container, or always at one process. Each call of what is
 * returned looks again.
 *
 * @returns undefined until there is a container; after its end, how it was
 */
export function follow(pid?: number): () => View | undefined {
	let last: string | undefined;
	let containers: Container[] = [];
	let first: number | undefined;
	let view: View | undefined;
	let here: Side;
	let traces = "";

	const lookAround = () => {
		here = snapshot(process.pid);
		traces = "";
		const processes = listProcesses();
		containers = findContainers(processes);
		const found =
			pid === undefined
				? containers[0]
				: (containers.find((it) => it.pid === pid) ??
					processes.filter((it) => it.pid === pid).map(containerOf)[0]);
		if (found === undefined) return undefined;
		// The number may have been given to another process since.
		first ??= found.start;
		if (pid !== undefined && found.start !== first) return undefined;
		return viewOf(here, found, processes);
	};
	/**
	 * Nobody was born. But a process may have ended, moved, or become another
	 * program; and the dev container may have another name, or one mount more.
	 */
	const lookAgain = (view: View) => {
		here = {
			...here,
			name: hostname(),
			mounts: mountsOf(process.pid),
			proc: { ...here.proc, listed: listPids() },
		};
		const family = listProcesses(view.processes.map(({ pid }) => pid));
		// One that has not had the processor since has changed nothing, and there is nothing to read.
		const before = traces;
		traces = JSON.stringify([family, here.name, here.mounts, here.proc.listed]);
		return traces === before ? view : viewOf(here, view.container, family);
	};

	const othersThan = ({ pid }: Container) =>
		containers.filter((it) => it.pid !== pid).length;

	return () => {
		// This is read first: who is born during the look is left to the next one.
		const now = lastPid();
		const still = now === last;
		last = now;
		if (still && (view === undefined || view.ended)) return view;
		const seen = still && view ? lookAgain(view) : lookAround();
		if (seen) view = { ...seen, others: othersThan(seen.container) };
		else if (view && !view.ended) {
			view = { ...view, ended: true, others: 0 };
			// Another container may be there to look at, next time.
			last = undefined;
		}
		return view;
	};
}
