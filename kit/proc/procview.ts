/** The /proc in a process's own root directory. proc(5) */

import { isProcfs, link, read, words } from "./procfs.ts";
import { listPids } from "./table.ts";

/** What the /proc in a process's own root directory shows. */
export interface ProcView {
	/** The PIDs that `ls /proc` lists there. */
	listed: number[];
	/** The program and arguments of /proc/1 there, and its PID namespace. */
	first: string[];
	namespace: string;
	/** Whether it shows the reader: a procfs of another PID namespace does not. */
	knowsReader: boolean;
}

/** Reads a process's own /proc. If it is not a procfs, nothing is listed. proc(5) */
export function procViewOf(pid: number): ProcView {
	const proc = `/proc/${pid}/root/proc`;
	if (!isProcfs(proc))
		return { listed: [], first: [], namespace: "", knowsReader: false };
	return {
		listed: listPids(proc),
		first: words(read(`${proc}/1/cmdline`)),
		namespace: link(`${proc}/1/ns/pid`),
		knowsReader: link(`${proc}/self`) !== "",
	};
}
