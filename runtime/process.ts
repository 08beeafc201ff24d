/**
 * The two ways to start a program: `reexec` starts this one again, as a child;
 * `execvp` replaces this one. Both undo what Node does to its own process.
 */

import { createRequire } from "node:module";
import { hostname, constants as os } from "node:os";
import { SyscallError } from "./errors.ts";
import {
	closeSync,
	constants,
	existsSync,
	readdirSync,
	readSync,
	writeSync,
} from "./fs.ts";
import { cfunction, lastErrno } from "./libc.ts";
import { expectString } from "./syscalls.ts";
import { tracing, writeTrace } from "./trace.ts";

const require = createRequire(import.meta.url);

/** How long a container may take to end after SIGTERM, before SIGKILL. `docker stop` waits ten seconds. */
const GRACE_MS = 2000;

const HOUR_MS = 3_600_000;

/**
 * Starts this program again in the child role, with the terminal inherited, and
 * waits for it: the trick that /proc/self/exe plays in the Go talk. The child is
 * born into the namespaces that `unshare` has prepared, and calls your `child`.
 *
 * Ctrl-C and Ctrl-\ belong to the command. SIGTERM and SIGHUP, sent to this
 * process, stop the container: SIGTERM, two seconds, SIGKILL.
 *
 * @param command the program and its arguments
 * @returns the exit status: the command's own, or 128+n if signal n ended it
 * @throws SyscallError fork ENOMEM: the PID namespace's first process has died. EAGAIN: too many processes.
 * @see fork(2), execve(2), wait(2), signal(7)
 */
export async function reexec(command: string[]): Promise<number> {
	expectCommand("reexec(command)", command);
	if (process.argv[2] === "child")
		throw new Error(
			"reexec() belongs in run(): in child() it would start a child of the child, and so on. child() ends with execvp(command)",
		);
	const container = waitFor(startChild(command), command);
	containers.add(container);
	return container;
}

/** The containers started by this process: `run` may return before they end, if it forgot to wait. */
export const containers = new Set<Promise<number>>();

/**
 * Becomes the command: the process stays the same, the program in it changes.
 * A command without a slash is looked up in PATH, inside the container.
 *
 * The command starts as a program should, with none of Node's changes: open
 * stdin, stdout and stderr, no other descriptors, no ignored or blocked signals.
 *
 * @param command the program and its arguments
 * @param env its whole environment; by default PATH, HOME, TERM and HOSTNAME
 * @throws SyscallError ENOENT: no such command. EACCES: found, and may not be run. E2BIG: too long.
 * @see execvp(3), execve(2), environ(7)
 */
export function execvp(
	command: string[],
	env: Record<string, string> = cleanEnvironment(),
): never {
	expectCommand("execvp(command, env)", command);
	const variables = Object.entries(env).map(([name, value]) => {
		expectString("execvp(command, env)", `env.${name}`, value);
		return `${name}=${value}`;
	});

	keepStandardDescriptors();
	restoreSignals();

	// execvpe(3) looks the command up in the caller's PATH, not in the new one.
	if (env.PATH === undefined) delete process.env.PATH;
	else process.env.PATH = env.PATH;

	shakeHands();

	const shown = JSON.stringify(command);
	if (tracing()) writeTrace(`execvp(${shown} <unfinished ...>`);
	cfunction(
		"int execvpe(const char *file, const char **argv, const char **envp)",
	)(command[0], [...command, null], [...variables, null]);

	// Still here, so it failed: on success there is nobody left to return to.
	const error = new SyscallError("execvp", [shown], lastErrno());
	if (tracing()) writeTrace(`<... execvp resumed>) = -1 ${error.code}`);
	throw error;
}

/** Who wants to see the container once everything is arranged, before its command begins. */
let witness: ((pid: number) => void) | undefined;

/**
 * Has a look taken at each container's first process, when it is about to become
 * the command. It waits meanwhile: a command may be over in a millisecond.
 */
export function onHandshake(look: (pid: number) => void): void {
	witness = look;
}

/** The child's part. The command does not inherit the line. */
function shakeHands(): void {
	if (process.env.WORKSHOP_WITNESS === undefined) return;
	const line = Number(process.env.WORKSHOP_WITNESS);
	setCloseOnExec(line, true);
	writeSync(line, "ready");
	readSync(line, Buffer.alloc(1));
}

/**
 * The supervisor's part: a line to the child, on which it says that it is ready
 * and hears that it was seen.
 *
 * @returns the child's end, which it is to inherit
 */
function openHandshake(pidOf: () => number): number {
	const [AF_UNIX, SOCK_STREAM] = [1, 1];
	const ends = new Int32Array(2);
	const made: number = cfunction(
		"int socketpair(int domain, int type, int protocol, int *ends)",
	)(AF_UNIX, SOCK_STREAM, 0, ends);
	if (made === -1)
		throw new SyscallError(
			"socketpair",
			["AF_UNIX", "SOCK_STREAM", "0"],
			lastErrno(),
		);
	const [ours = -1, theirs = -1] = ends;
	setCloseOnExec(ours, true);
	const { Socket } = require("node:net") as typeof import("node:net");
	const line = new Socket({ fd: ours });
	line
		.on("error", () => {})
		.once("data", () => {
			witness?.(pidOf());
			line.end("!");
		});
	return theirs;
}

/** Starts this program again, in the child role. posix_spawn(3) */
function startChild(command: string[]): number {
	// Where there is no /proc, there is no program of ours either.
	if (!existsSync("/proc/self")) throw spawnError(os.errno.ENOENT);
	const [, script = ""] = process.argv;
	const words = [process.execPath, ...process.execArgv, script, "child"];
	const variables = Object.entries(process.env).map(
		([name, value]) => `${name}=${value}`,
	);

	keepStandardDescriptors();
	closeOtherDescriptors();
	const pid = new Int32Array(1);
	const line = witness && openHandshake(() => pid[0] ?? 0);
	if (line !== undefined) variables.push(`WORKSHOP_WITNESS=${line}`);

	// Not by node:child_process: it would load Node's streams and network, and
	// fork copies the tables of a large memory that posix_spawn only borrows.
	const errno = cfunction(
		"int posix_spawn(int *pid, const char *path, const void *actions, const void *attributes, const char **argv, const char **envp)",
	)(
		pid,
		process.execPath,
		null,
		defaultSignals(),
		[...words, ...command, null],
		[...variables, null],
	);
	if (line !== undefined) closeSync(line);
	if (errno !== 0) throw spawnError(errno);
	return pid[0] ?? 0;
}

/**
 * Has a child begin with no signal ignored: those of this process, and one that
 * the C library keeps for itself and would ignore. posix_spawnattr_setsigdefault(3)
 */
function defaultSignals(): Buffer {
	const [POSIX_SPAWN_SETSIGDEF, ATTRIBUTES_BYTES, SIGSET_BYTES] = [4, 512, 128];
	const attributes = Buffer.alloc(ATTRIBUTES_BYTES);
	cfunction("int posix_spawnattr_init(void *attributes)")(attributes);
	cfunction("int posix_spawnattr_setflags(void *attributes, short flags)")(
		attributes,
		POSIX_SPAWN_SETSIGDEF,
	);
	cfunction(
		"int posix_spawnattr_setsigdefault(void *attributes, const void *signals)",
	)(attributes, Buffer.alloc(SIGSET_BYTES, 0xff));
	return attributes;
}

/** Waits for the child, and sees to it that it ends when this process is told to. */
async function waitFor(pid: number, command: string[]): Promise<number> {
	if (tracing()) writeTrace(`reexec(${JSON.stringify(command)}) = pid ${pid}`);
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
	// A signal that may come is nothing that Node would wait for.
	const waiting = setInterval(() => {}, HOUR_MS);
	look(); // it may have ended before anybody listened
	try {
		const status = await ended;
		if (tracing()) writeTrace(`+++ pid ${pid} ended with ${status} +++`);
		return status;
	} finally {
		clearInterval(waiting);
		clearTimeout(killing);
		for (const [signal, handler] of Object.entries(handlers))
			process.off(signal, handler);
	}
}

/** How a child ended: its exit status, or 128+n if signal n ended it. Undefined while it runs. waitpid(2) */
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
	const [word = 0] = status;
	const signal = word & 0x7f;
	return signal === 0 ? (word >> 8) & 0xff : 128 + signal;
}

/** What Docker gives a container, and nothing of the dev container's own. */
function cleanEnvironment(): Record<string, string> {
	return {
		PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		HOME: "/root",
		...(process.env.TERM ? { TERM: process.env.TERM } : {}),
		HOSTNAME: hostname(),
	};
}

/**
 * Node marks 0, 1 and 2 close-on-exec: without this the command would have no
 * terminal. And where it wrote to a pipe, it has made it non-blocking: then
 * `yes | less` would die of EAGAIN. fcntl(2)
 */
function keepStandardDescriptors(): void {
	const [F_GETFL, F_SETFL] = [3, 4];
	for (const fd of [0, 1, 2]) {
		setCloseOnExec(fd, false);
		const flags = fcntl(fd, F_GETFL, 0);
		if (flags !== -1) fcntl(fd, F_SETFL, flags & ~constants.O_NONBLOCK);
	}
}

/** Descriptors that this process was itself given, by a shell's `3<file` say, are not the container's. */
export function closeOtherDescriptors(): void {
	for (const fd of readdirSync("/proc/self/fd").map(Number))
		if (fd > 2) setCloseOnExec(fd, true);
}

/** Whether a descriptor is closed when another program begins. F_SETFD(2const) */
function setCloseOnExec(fd: number, closes: boolean): void {
	const [F_SETFD, FD_CLOEXEC] = [2, 1];
	fcntl(fd, F_SETFD, closes ? FD_CLOEXEC : 0);
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
 * Node ignores SIGPIPE and SIGXFSZ, and what is ignored or blocked stays so over
 * execve: `yes | head -1` would complain of a broken pipe instead of ending. signal(7)
 */
function restoreSignals(): void {
	const [SIG_DFL, SIG_SETMASK, HIGHEST_SIGNAL, SIGSET_BYTES] = [0, 2, 64, 128];
	const signal = cfunction("void *signal(int signum, intptr_t handler)");
	for (let signum = 1; signum <= HIGHEST_SIGNAL; signum++)
		signal(signum, SIG_DFL);
	cfunction("int sigprocmask(int how, const void *set, void *oldset)")(
		SIG_SETMASK,
		Buffer.alloc(SIGSET_BYTES),
		null,
	);
}

function expectCommand(shape: string, command: unknown): void {
	if (!Array.isArray(command) || command.length === 0)
		throw new TypeError(
			`${shape}: command must be an array of strings, the program's name first`,
		);
	for (const word of command) expectString(shape, "each word of command", word);
}

/** Why no child could be started, in the kernel's words. */
function spawnError(errno: number): Error {
	if (errno === os.errno.ENOENT)
		return new Error(
			"reexec() can't find this program any more: was chroot called in run()? It belongs in child(), and locks in whoever calls it",
		);
	return new SyscallError("fork", [], errno);
}
