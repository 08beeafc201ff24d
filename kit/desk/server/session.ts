/** What runs in a terminal, and its end. */

import { read } from "../../proc/procfs.ts";
import { listPids } from "../../proc/table.ts";

/** A line of /proc/PID/stat, as far as it is needed. proc_pid_stat(5) */
interface Member {
	pid: number;
	parent: number;
	session: number;
	zombie: boolean;
}

/** More rounds than any tree of processes needs. What forks faster than it can be stopped is at its limit soon. */
const ROUNDS = 50;

/**
 * Ends a terminal's shell and all that runs in it: its session, and its
 * descendants in sessions of their own. They are stopped first and killed then, so
 * that a fork bomb can't grow while it is being counted.
 *
 * @param shell its PID, which is the session's number
 */
export function endSession(shell: number): void {
	const found = new Set<number>();
	for (let round = 0; round < ROUNDS; round++) {
		const more = membersOf(shell, listMembers(), found);
		if (more.length === 0) break;
		for (const pid of more) {
			found.add(pid);
			send(pid, "SIGSTOP");
		}
	}
	for (const pid of found) send(pid, "SIGKILL");
	// With something mounted over /proc, nothing was found.
	send(-shell, "SIGKILL");
	send(shell, "SIGKILL");
}

/** Those of a session, and the descendants of it and of those found before, who were not found before. */
function membersOf(shell: number, all: Member[], found: Set<number>): number[] {
	const family = new Set([...found, shell]);
	const more: number[] = [];
	// A child may come before its parent in the list: PIDs begin again from 1.
	for (let before = -1; before !== family.size; ) {
		before = family.size;
		for (const { pid, parent, session, zombie } of all) {
			if (zombie || found.has(pid) || more.includes(pid)) continue;
			if (session !== shell && !family.has(parent) && pid !== shell) continue;
			family.add(pid);
			more.push(pid);
		}
	}
	return more;
}

function listMembers(): Member[] {
	return listPids().flatMap((pid) => {
		// The name is in brackets, and may have any byte in it.
		const text = read(`/proc/${pid}/stat`) ?? "";
		const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
		const [state, parent, , session] = fields;
		if (session === undefined) return []; // it has ended since it was listed
		return [
			{
				pid,
				parent: Number(parent),
				session: Number(session),
				zombie: state === "Z",
			},
		];
	});
}

function send(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch {
		// It has ended.
	}
}
