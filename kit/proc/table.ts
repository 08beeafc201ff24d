/** The table of processes. */

import { basename } from "node:path";
import { link, list, read } from "./procfs.ts";

/** A line of the process table. */
export interface ProcessEntry {
	pid: number;
	parent: number;
	/** The kernel's name for it: the program's, cut at 15 bytes, or one that the process set. Node sets "MainThread", and gets its program's. proc_pid_comm(5) */
	name: string;
	/** It has ended, and its parent has not waited for it. */
	zombie: boolean;
	/** Its PIDs, from the PID namespace of this /proc to its own. */
	pids: number[];
	/** How often its main thread was scheduled. If the number stays the same, the thread has not run. */
	turns: number;
}

/** The lines of /proc/PID/status that make an entry, in their order. */
const STATUS =
	/^Name:\t(.*)\n(?:.*\n)*?State:\t(.).*\n(?:.*\n)*?PPid:\t(\d+)\n(?:.*\n)*?NSpid:\t(.*)\n(?:.*\n)*?voluntary_ctxt_switches:\t(\d+)\nnonvoluntary_ctxt_switches:\t(\d+)$/m;

/** The processes that the reader's /proc shows, or those of the given PIDs that still exist. proc_pid_status(5) */
export function listProcesses(pids = listPids()): ProcessEntry[] {
	return pids.flatMap((pid) => {
		const status = STATUS.exec(read(`/proc/${pid}/status`) ?? "");
		if (!status) return []; // it has ended since it was listed
		const [, name = "", state, parent, numbers = "", given, taken] = status;
		return {
			pid,
			parent: Number(parent),
			name: name === "MainThread" ? programName(pid) || name : name,
			zombie: state === "Z",
			pids: numbers.split("\t").map(Number),
			turns: Number(given) + Number(taken),
		};
	});
}

function programName(pid: number): string {
	return basename(link(`/proc/${pid}/exe`));
}

/** The PIDs that a procfs shows: the reader's, or another one. */
export function listPids(proc = "/proc"): number[] {
	return list(proc)
		.filter((name) => /^\d+$/.test(name))
		.map(Number);
}

/** A process's children. Without the whole table where the kernel was built with the list of them. proc_tid_children(5) */
export function childrenOf(pid: number): number[] {
	const children = read(`/proc/${pid}/task/${pid}/children`);
	if (children !== undefined)
		return children.split(" ").filter(Boolean).map(Number);
	return listProcesses()
		.filter(({ parent }) => parent === pid)
		.map((it) => it.pid);
}

/** A process and all its descendants, parents first. */
export function familyOf(pid: number, processes = listProcesses()): number[] {
	const children = new Map<number, number[]>();
	for (const { parent, pid } of processes) {
		const siblings = children.get(parent);
		if (siblings) siblings.push(pid);
		else children.set(parent, [pid]);
	}
	const family = [pid];
	for (const member of family) family.push(...(children.get(member) ?? []));
	return family;
}

/**
 * The newest PID in the reader's PID namespace. If it stays the same, no process
 * was started, and the table need not be read again. proc_loadavg(5)
 */
export function lastPid(): string | undefined {
	return read("/proc/loadavg")?.split(" ").at(-1);
}
