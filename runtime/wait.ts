/** Waits for a child process. */

import { SyscallError } from "./errors.ts";
import { hooks } from "./hooks.ts";
import { cfunction, lastErrno } from "./libc.ts";

/** How long a container may take to end after SIGTERM, before SIGKILL. `docker stop` waits ten seconds. */
const GRACE_MS = 2000;

const HOUR_MS = 3_600_000;

/**
 * Waits for a child's end. Meanwhile this process ignores Ctrl-C and Ctrl-\, which
 * the child gets too, and SIGTERM and SIGHUP, sent to this process, end the child.
 *
 * @returns its exit status, or 128+n if signal n ended it
 */
export async function waitFor(pid: number): Promise<number> {
	let killing: NodeJS.Timeout | undefined;
	const stop = () => {
		process.kill(pid, "SIGTERM");
		killing ??= setTimeout(() => process.kill(pid, "SIGKILL"), GRACE_MS);
	};
	let look = () => {};
	const ended = new Promise<number>((resolve, reject) => {
		look = () => {
			try {
				const status = statusOf(pid);
				if (status !== undefined) resolve(status);
			} catch (error) {
				reject(error);
			}
		};
	});
	const leave = () => {};
	const handlers = {
		SIGINT: leave,
		SIGQUIT: leave,
		// Node would start a thread for its debugger, and after unshare(CLONE_NEWPID) can't.
		SIGUSR1: leave,
		SIGTERM: stop,
		SIGHUP: stop,
		SIGCHLD: look,
	};
	for (const [signal, handler] of Object.entries(handlers))
		process.on(signal, handler);
	// Keeps Node running: a signal handler does not.
	const waiting = setInterval(() => {}, HOUR_MS);
	look(); // the child may have ended before the handlers were set
	try {
		const status = await ended;
		hooks.trace?.(`+++ pid ${pid} ended with ${status} +++`);
		return status;
	} finally {
		clearInterval(waiting);
		clearTimeout(killing);
		for (const [signal, handler] of Object.entries(handlers))
			process.off(signal, handler);
	}
}

/**
 * How a child ended: its exit status, or 128+n if signal n ended it. Undefined
 * while it runs.
 *
 * @see waitpid(2)
 */
function statusOf(pid: number): number | undefined {
	const WNOHANG = 1;
	const status = new Int32Array(1);
	const found = cfunction("int waitpid(int pid, int *status, int options)")(
		pid,
		status,
		WNOHANG,
	);
	if (found === -1)
		throw new SyscallError("waitpid", [String(pid)], lastErrno());
	if (found === 0) return undefined;
	// The low seven bits are the signal that ended it, the second byte its exit status.
	const [word = 0] = status;
	const signal = word & 0x7f;
	return signal === 0 ? (word >> 8) & 0xff : 128 + signal;
}
