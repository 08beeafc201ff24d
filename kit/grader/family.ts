/** Finds the processes of a sandbox. */

import { setTimeout } from "node:timers/promises";
import { type ProcessSnapshot, readFamily } from "../proc/process.ts";
import { maskIn, readStatus } from "../proc/status.ts";
import { waitsForMachine } from "./limits.ts";

/** The process that runs the command: the one with the command's words, or at least its program and its script. */
export function findExactly(
	family: ProcessSnapshot[],
	command: string[],
): ProcessSnapshot | undefined {
	const words = command.slice(0, 3).join("\0");
	return family.find((member) => member.command.join("\0").startsWith(words));
}

/** The same, or if the words did not arrive unchanged, the first process below the supervisor with the program's name. */
export function findCommand(
	family: ProcessSnapshot[],
	command: string[],
): ProcessSnapshot | undefined {
	const [, , ...below] = family;
	return (
		findExactly(family, command) ??
		below.find((member) => member.command[0] === command[0])
	);
}

/** A process's ancestors down to itself, from the sandbox's first. */
export function chain(
	family: ProcessSnapshot[],
	last: ProcessSnapshot,
): ProcessSnapshot[] {
	const parent = family.find(({ pid }) => pid === last.parent);
	return parent ? [...chain(family, parent), last] : [last];
}

/**
 * What still runs in a sandbox after the supervisor's end.
 *
 * @param shouldEnd whether they should end with it: then the kernel gets the time to end them
 */
export async function survivorsIn(
	init: number,
	shouldEnd: boolean,
): Promise<ProcessSnapshot[]> {
	const running = () =>
		readFamily(init)
			.slice(1)
			.filter(({ command }) => command.length > 0);
	if (!shouldEnd) return running();
	let asleep = 0;
	for (let looks = 0; looks < 1000 && asleep < 20; looks++) {
		const left = running();
		if (left.length === 0) return [];
		// One that waits for a processor may be on its way out.
		if (!left.some(({ pid }) => isKilled(pid) || waitsForMachine(pid)))
			asleep++;
		await setTimeout(10);
	}
	return running();
}

/** Whether SIGKILL is on its way to a process. proc_pid_status(5) */
function isKilled(pid: number): boolean {
	const status = readStatus(pid);
	const pending = maskIn(status, "SigPnd") | maskIn(status, "ShdPnd");
	const SIGKILL = 9n;
	return ((pending >> (SIGKILL - 1n)) & 1n) === 1n;
}
