/** Acts inside another process's namespace: this thread enters it, and returns. setns(2) */

import { closeSync, constants, openSync } from "../../runtime/fs.ts";
import { cfunction } from "../../runtime/libc.ts";
import { open } from "./procfs.ts";

/**
 * Calls `act` in a namespace of a process.
 *
 * @returns the result of `act`; undefined if the process has ended, or its namespace may not be entered
 * @see setns(2)
 */
export function within<Result>(
	kind: "uts" | "net" | "cgroup",
	pid: number,
	act: () => Result,
): Result | undefined {
	const there = open(`/proc/${pid}/ns/${kind}`);
	if (there === undefined) return undefined;
	const here = openSync(`/proc/thread-self/ns/${kind}`, "r");
	try {
		if (!enter(there)) return undefined;
		try {
			return act();
		} finally {
			comeBack(here, kind);
		}
	} finally {
		closeSync(there);
		closeSync(here);
	}
}

/**
 * Calls `act` in the mount namespace of a process, at the root of that namespace, as nsenter(1) does. Where the
 * process's own root is another directory, `act` sees more than the process does.
 *
 * @param act may use synchronous functions of node:fs only: other threads stay outside
 * @returns the result of `act`; undefined if the process has ended, or its namespace may not be entered
 * @see setns(2), unshare(2) with CLONE_FS
 */
export function withinMounts<Result>(
	pid: number,
	act: () => Result,
): Result | undefined {
	const there = open(`/proc/${pid}/ns/mnt`);
	if (there === undefined) return undefined;
	const here = openSync("/proc/thread-self/ns/mnt", "r");
	const root = openSync("/", constants.O_DIRECTORY);
	const directory = openSync(".", constants.O_DIRECTORY);
	// A thread that shares its root and working directory with others may not enter.
	const CLONE_FS = 0x200;
	cfunction("int unshare(int flags)")(CLONE_FS);
	const fchdir = cfunction("int fchdir(int fd)");
	try {
		if (!enter(there)) return undefined;
		try {
			return act();
		} finally {
			comeBack(here, "mount");
			fchdir(root);
			cfunction("int chroot(const char *path)")(".");
			fchdir(directory);
		}
	} finally {
		for (const descriptor of [there, here, root, directory])
			closeSync(descriptor);
	}
}

function enter(namespace: number): boolean {
	return cfunction("int setns(int fd, int nstype)")(namespace, 0) === 0;
}

function comeBack(namespace: number, kind: string): void {
	if (!enter(namespace))
		throw new Error(`setns(2) back to the own ${kind} namespace failed`);
}
