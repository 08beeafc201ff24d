/** Which step's container runs in a terminal. */

import { findContainers } from "../../look/containers.ts";
import { listProcesses } from "../../proc/table.ts";

/** The newest container below each shell: the number of its step, by the shell's PID. */
export function stepsBelow(shells: number[]): Map<number, number> {
	const steps = new Map<number, number>();
	if (shells.length === 0) return steps;
	const processes = listProcesses();
	const parents = new Map(processes.map(({ pid, parent }) => [pid, parent]));
	for (const { supervisor, step } of findContainers(processes)) {
		let pid: number | undefined = supervisor;
		while (pid && !shells.includes(pid)) pid = parents.get(pid);
		if (pid && step !== undefined && !steps.has(pid)) steps.set(pid, step);
	}
	return steps;
}
