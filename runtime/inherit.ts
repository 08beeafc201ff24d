/**
 * What a program inherits from the one before it: open files, and which signals
 * are ignored or blocked. Node has changed both for itself: it ignores SIGPIPE and
 * SIGXFSZ, for instance, and `yes | head -1` would complain of a broken pipe
 * instead of ending. Here they are made what a new program should find. signal(7)
 */

import { constants, fstatSync, readdirSync } from "./fs.ts";
import { cfunction } from "./libc.ts";

/** Commands and flags of fcntl(2). The numbers are the same on every Linux that Node runs on. */
const FCNTL = {
	F_GETFD: 1,
	F_SETFD: 2,
	F_GETFL: 3,
	F_SETFL: 4,
	FD_CLOEXEC: 1,
};

/** The size of the C library's sigset_t: a bit for each of up to 1024 signals, in glibc and musl alike. */
const SIGSET_BYTES = 128;

/** Linux numbers signals from 1 to this. */
const HIGHEST_SIGNAL = 64;

/**
 * Has the next program inherit stdin, stdout and stderr as they were. Node marks
 * them close-on-exec, and the command would have no terminal. A pipe that Node
 * wrote to is non-blocking: then `yes | less` would end with EAGAIN.
 *
 * @see F_SETFL(2const)
 */
export function keepStandardDescriptors(): void {
	for (const fd of [0, 1, 2]) {
		setCloseOnExec(fd, false);
		const flags = fcntl(fd, FCNTL.F_GETFL, 0);
		const isOpen = flags !== -1;
		if (isOpen) fcntl(fd, FCNTL.F_SETFL, flags & ~constants.O_NONBLOCK);
	}
}

/** Closes all other descriptors when the next program begins. A shell's `3<file`, say, gave them to this process, and the container must not have them. */
export function closeOtherDescriptors(): void {
	for (const fd of readdirSync("/proc/self/fd").map(Number))
		if (fd > 2) setCloseOnExec(fd, true);
}

/**
 * Closes now every descriptor above 2 that leads to a file or a directory. Close-on-exec
 * is too late: execve looks the program up first, and /proc/self/fd/20/bin/sh, with
 * 20 an open directory outside the root, is a way out (CVE-2024-21626). The others,
 * pipes and sockets, lead nowhere, and Node's threads abort without theirs.
 *
 * @see close_range(2)
 */
export function closeFiles(): void {
	// A container.ts and Node have a few dozen open.
	const HIGHEST_USUAL = 255;
	closeFilesOf(3, HIGHEST_USUAL);
	try {
		const closed: number = cfunction(
			"int close_range(unsigned int first, unsigned int last, int flags)",
		)(HIGHEST_USUAL + 1, 0xffffffff, 0);
		if (closed === 0) return;
	} catch {
		// The C library has no such function.
	}
	closeFilesOf(HIGHEST_USUAL + 1, 4095);
}

/** Without /proc/self/fd: by now the container may have no /proc, or another. */
function closeFilesOf(first: number, last: number): void {
	const close = cfunction("int close(int fd)");
	for (let fd = first; fd <= last; fd++) {
		const isOpen = fcntl(fd, FCNTL.F_GETFD, 0) !== -1;
		if (!isOpen) continue;
		const it = fstatSync(fd);
		if (it.isDirectory() || it.isFile() || it.isSymbolicLink()) close(fd);
	}
}

/**
 * Says whether a descriptor is closed when another program begins.
 *
 * @see F_SETFD(2const)
 */
export function setCloseOnExec(fd: number, closes: boolean): void {
	fcntl(fd, FCNTL.F_SETFD, closes ? FCNTL.FD_CLOEXEC : 0);
}

function fcntl(fd: number, command: number, argument: number): number {
	return cfunction("int fcntl(int fd, int cmd, ...)")(
		fd,
		command,
		"int",
		argument,
	);
}

/**
 * Stops ignoring, handling and blocking signals in this process.
 *
 * @see signal(2), sigprocmask(2)
 */
export function restoreSignals(): void {
	const SIG_DFL = 0;
	const signal = cfunction("void *signal(int signum, intptr_t handler)");
	for (let signum = 1; signum <= HIGHEST_SIGNAL; signum++)
		signal(signum, SIG_DFL);

	const SIG_SETMASK = 2;
	const none = Buffer.alloc(SIGSET_BYTES);
	cfunction("int sigprocmask(int how, const void *set, void *oldset)")(
		SIG_SETMASK,
		none,
		null,
	);
}

/**
 * Attributes for posix_spawn(3) by which a child begins with no signal ignored:
 * those of this process, and one that the C library keeps for itself and would
 * ignore.
 *
 * @see posix_spawnattr_setsigdefault(3)
 */
export function defaultSignals(): Buffer {
	const POSIX_SPAWN_SETSIGDEF = 4;
	// A posix_spawnattr_t has 336 bytes in glibc and in musl: room to grow.
	const attributes = Buffer.alloc(512);
	const all = Buffer.alloc(SIGSET_BYTES, 0xff);
	cfunction("int posix_spawnattr_init(void *attributes)")(attributes);
	cfunction("int posix_spawnattr_setflags(void *attributes, short flags)")(
		attributes,
		POSIX_SPAWN_SETSIGDEF,
	);
	cfunction(
		"int posix_spawnattr_setsigdefault(void *attributes, const void *signals)",
	)(attributes, all);
	return attributes;
}
