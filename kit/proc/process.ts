/** One process, as its files in /proc show it. proc(5) */

import { statSync } from "../../runtime/fs.ts";
import { type Mount, mountsOf } from "./mounts.ts";
import { type Namespaces, namespacesOf } from "./namespaces.ts";
import { link, list, read, words } from "./procfs.ts";
import { maskIn, pidsIn, readStatus } from "./status.ts";
import { familyOf } from "./table.ts";

/** What /proc shows of a process. A field is empty if it can't be read: the process has ended, or access is denied. */
export interface ProcessSnapshot {
	pid: number;
	parent: number;
	/** Its program and arguments. */
	command: string[];
	/** Its environment when the program began, "NAME=value" each. */
	environment: string[];
	/** The program's file. */
	program: string;
	namespaces: Namespaces;
	/** Its PIDs, from the PID namespace of this /proc to its own. */
	pids: number[];
	root: Place;
	directory: Place;
	/** What each open descriptor is: "pipe:[4242]", "/etc/passwd". */
	descriptors: Map<number, string>;
	/** Masks of ignored and blocked signals, a bit each from signal 1. */
	ignored: bigint;
	blocked: bigint;
	mounts: Mount[];
}

/** A process's root or working directory. The path is the one in the process's mount namespace. */
export interface Place {
	path: string;
	/** Device and inode: the same for one directory under all its paths. */
	id: string;
}

/** Reads a process. Undefined if there is no process with this PID. */
export function readProcess(pid: number): ProcessSnapshot | undefined {
	const status = readStatus(pid);
	if (!status) return undefined;
	const base = `/proc/${pid}`;
	return {
		pid,
		parent: Number(status.get("PPid")),
		command: commandOf(pid),
		environment: words(read(`${base}/environ`)),
		program: programOf(pid),
		namespaces: namespacesOf(pid),
		pids: pidsIn(status),
		root: placeOf(`${base}/root`),
		directory: placeOf(`${base}/cwd`),
		descriptors: new Map(
			list(`${base}/fd`).map((fd) => [Number(fd), link(`${base}/fd/${fd}`)]),
		),
		ignored: maskIn(status, "SigIgn"),
		blocked: maskIn(status, "SigBlk"),
		mounts: mountsOf(pid),
	};
}

/** Reads a process and all its descendants, parents first. Those that have ended are left out. */
export function readFamily(pid: number): ProcessSnapshot[] {
	return familyOf(pid).flatMap((member) => readProcess(member) ?? []);
}

/** When a process began, in clock ticks after boot. It distinguishes two processes with the same PID. proc_pid_stat(5) */
export function startOf(pid: number): number | undefined {
	const stat = read(`/proc/${pid}/stat`);
	// Field 2 is the program's name, which may hold anything: after it comes field 3.
	return stat
		? Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[22 - 3])
		: undefined;
}

/** The program and arguments that a process was started with. proc_pid_cmdline(5) */
export function commandOf(pid: number): string[] {
	return words(read(`/proc/${pid}/cmdline`));
}

/** The file of a process's program. proc_pid_exe(5) */
export function programOf(pid: number): string {
	return link(`/proc/${pid}/exe`);
}

/** The directory at a path, or behind a link of /proc. */
export function placeOf(path: string): Place {
	try {
		const { dev, ino } = statSync(`${path}/`);
		return { path: link(path), id: `${dev}:${ino}` };
	} catch {
		return { path: "", id: "" };
	}
}
