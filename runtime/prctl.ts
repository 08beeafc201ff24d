/** Powers that a process gives up, for itself and for all that it becomes. */

import { SyscallError } from "./errors.ts";
import { hooks } from "./hooks.ts";
import { cfunction, lastErrno } from "./libc.ts";

/** Calls prctl(2) with whole numbers. `shown` is how its arguments read in C. */
export function prctl(args: number[], shown: string[]): void {
	const [option = 0, ...rest] = args;
	const typed = [...rest, 0, 0, 0, 0].slice(0, 4);
	const result: number = cfunction("int prctl(int option, ...)")(
		option,
		...typed.flatMap((value) => ["unsigned long", value]),
	);
	const errno = result === -1 ? lastErrno() : 0;
	hooks.trace?.(`prctl(${shown.join(", ")}) = ${errno ? "-1" : result}`);
	if (errno) throw new SyscallError("prctl", shown, errno);
}

/**
 * Sets no_new_privs: no execve from here on gives more privileges than there are now.
 * A set-user-ID program runs as the user that starts it. Nothing takes the bit away again.
 *
 * @see PR_SET_NO_NEW_PRIVS(2const), prctl(2)
 */
export function setNoNewPrivs(): void {
	const PR_SET_NO_NEW_PRIVS = 38;
	prctl([PR_SET_NO_NEW_PRIVS, 1], ["PR_SET_NO_NEW_PRIVS", "1", "0", "0", "0"]);
}
