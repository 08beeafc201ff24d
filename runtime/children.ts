/** Starts a child process, and waits for its end. */

import { constants } from "node:os";
import { SyscallError } from "./errors.ts";
import { existsSync } from "./fs.ts";
import { hooks } from "./hooks.ts";
import {
	closeOtherDescriptors,
	defaultSignals,
	keepStandardDescriptors,
} from "./inherit.ts";
import { cfunction, lastErrno } from "./libc.ts";

/** How long a container may take to end after SIGTERM, before SIGKILL. `docker stop` waits ten seconds. */
const GRACE_MS = 2000;

const HOUR_MS = 3_600_000;

/**
 * Starts this Node with other arguments. The child has this process's
 * environment, stdin, stdout and stderr, and ignores no signal.
 *
 * Not by node:child_process: that would load Node's streams and network, and
 * fork copies the tables of a large memory that posix_spawn only borrows.
 *
 * @returns its PID
 * @throws SyscallError fork ENOMEM: the PID namespace's first process has died. EAGAIN: too many processes.
 * @see posix_spawn(3)
 */
export function spawnNode(args: string[]): number {
	// Where there is no /proc, there is no program of ours either.
	if (!existsSync("/proc/self")) throw spawnError(constants.errno.ENOENT);
	keepStandardDescriptors();
	closeOtherDescriptors();
	const tellHook = hooks.beforeSpawn?.();
	const variables = Object.entries(process.env).map(
		([name, value]) => `${name}=${value}`,
	);

	const pid = new Int32Array(1);
	const fileActions = null;
	// It returns the error number itself, and leaves errno alone.
	const errno: number = cfunction(
		"int posix_spawn(int *pid, const char *path, const void *actions, const void *attributes, const char **argv, const char **envp)",
	)(
		pid,
		process.execPath,
		fileActions,
		defaultSignals(),
		[process.execPath, ...args, null],
		[...variables, null],
	);
	const started = errno === 0 ? pid[0] : undefined;
	tellHook?.(started);
	if (started === undefined) throw spawnError(errno);
	return started;
}

/** Why no child could be started, in the kernel's words. */
function spawnError(errno: number): Error {
	if (errno === constants.errno.ENOENT)
		return new Error(
			"reexec() can't find this program any more: was chroot called in run()? It belongs in child(), and locks in whoever calls it",
		);
	return new SyscallError("fork", [], errno);
}

/**
 * Waits for a child's end. Meanwhile Ctrl-C is left to the child,
 * and SIGTERM, SIGHUP and SIGQUIT (Ctrl-\), sent to this process, end it.
 *
 * @returns its exit status, or 128+n if signal n ended it
 */
export async function waitFor(pid: number): Promise<number> {
	const takeTerminalBack = keepTerminal();
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
		// Node would start a thread for its debugger, and after unshare(CLONE_NEWPID) can't.
		SIGUSR1: leave,
		SIGTERM: stop,
		SIGHUP: stop,
		// PID 1 may have no handler for it, and npm ends.
		SIGQUIT: stop,
		SIGCHLD: look,
	};
	for (const [signal, handler] of Object.entries(handlers))
		process.on(signal, handler);
	// A signal that may come is nothing that Node would wait for.
	const waiting = setInterval(() => {}, HOUR_MS);
	look(); // it may have ended before anybody listened
	try {
		const status = await ended;
		takeTerminalBack();
		hooks.afterEnd?.(pid);
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
 * Remembers whose the terminal is. A shell in the container makes its own process
 * group the terminal's foreground group, and gives it back when it ends; in a PID
 * namespace it can't, because it has no number for the group outside.
 *
 * @returns gives the terminal to this process's group again, if it had it and no group has it now
 * @see tcsetpgrp(3), credentials(7)
 */
function keepTerminal(): () => void {
	const tcgetpgrp = cfunction("int tcgetpgrp(int fd)");
	const terminal = [0, 1, 2].find((fd) => tcgetpgrp(fd) > 0);
	if (terminal === undefined) return () => {};
	const own: number = cfunction("int getpgrp(void)")();
	if (tcgetpgrp(terminal) !== own) return () => {};
	return () => {
		const foreground: number = tcgetpgrp(terminal);
		if (foreground === own || groupExists(foreground)) return;
		// The kernel stops who takes the terminal from the background, unless SIGTTOU is ignored.
		const [SIG_DFL, SIG_IGN] = [0, 1];
		const signal = cfunction("void *signal(int signum, intptr_t handler)");
		signal(constants.signals.SIGTTOU, SIG_IGN);
		cfunction("int tcsetpgrp(int fd, int group)")(terminal, own);
		signal(constants.signals.SIGTTOU, SIG_DFL);
	};
}

/** Whether a process group has a process. */
function groupExists(group: number): boolean {
	try {
		process.kill(-group, 0);
		return true;
	} catch {
		return false;
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
