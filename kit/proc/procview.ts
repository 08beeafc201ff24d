/** The /proc that a process has in its own root. proc(5) */

import { link, read, words } from "./procfs.ts";
import { listPids } from "./table.ts";

/** What the /proc in a process's own root directory tells. */
export interface ProcView {
	/** The PIDs that `ls /proc` lists there. */
	listed: number[];
	/** What /proc/1 is there: its program and arguments, and its PID namespace. */
	first: string[];
	namespace: string;
	/** Whether the reader is among them: a procfs of another PID namespace does not know it. */
	knowsReader: boolean;
}

/** What a process would find in its /proc. A directory that is no procfs lists nothing. proc(5) */
export function procViewOf(pid: number): ProcView {
	const proc = `/proc/${pid}/root/proc`;
	return {
		listed: listPids(proc),
		first: words(read(`${proc}/1/cmdline`)),
		namespace: link(`${proc}/1/ns/pid`),
		knowsReader: link(`${proc}/self`) !== "",
	};
}
