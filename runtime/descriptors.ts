/** Controls which descriptors the next program inherits. Undoes what Node has changed. */

import { constants, readdirSync } from "./fs.ts";
import { cfunction } from "./libc.ts";

/** Commands and flags of fcntl(2). The numbers are the same on every Linux that Node runs on. */
const FCNTL = { F_SETFD: 2, F_GETFL: 3, F_SETFL: 4, FD_CLOEXEC: 1 };

/**
 * Lets the next program inherit stdin, stdout and stderr as they were. Node marks
 * them close-on-exec: the command would have no terminal. Node makes a pipe
 * non-blocking: `yes | less` would end with EAGAIN.
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

/** Marks all other descriptors close-on-exec. This process may have inherited some, from a shell's `3<file` for example. */
export function closeOtherDescriptors(): void {
	for (const fd of readdirSync("/proc/self/fd").map(Number))
		if (fd > 2) setCloseOnExec(fd, true);
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
