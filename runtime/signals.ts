/**
 * Resets signals for a new program. An ignored or blocked signal stays so across
 * execve, and Node ignores SIGPIPE and SIGXFSZ: `yes | head -1` would print an
 * error about a broken pipe instead of ending. signal(7)
 */

import { cfunction } from "./libc.ts";

/** The size of the C library's sigset_t: a bit for each of up to 1024 signals, in glibc and musl alike. */
const SIGSET_BYTES = 128;

/** Linux numbers signals from 1 to this. */
const HIGHEST_SIGNAL = 64;

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
 * Attributes for posix_spawn(3) that give a child the default action of every
 * signal. Without them the child ignores what this process ignores, and a signal
 * that the C library uses internally.
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
