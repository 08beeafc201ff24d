/**
 * The two ways to start a program: `reexec` starts this one again, as a child;
 * `execvp` replaces this one. Both undo what Node does to its own process.
 */

import type { ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { hostname, constants as os } from "node:os";
import type { Duplex } from "node:stream";
import { SyscallError } from "./errors.ts";
import {
	constants,
	openSync,
	readdirSync,
	readlinkSync,
	readSync,
	writeSync,
} from "./fs.ts";
import { cfunction, lastErrno } from "./libc.ts";
import { confinement, fdFlags, statusField } from "./namespaces.ts";
import { expectString } from "./syscalls.ts";
import { tracing, writeTrace } from "./trace.ts";

/** How long a container may take to end after SIGTERM, before SIGKILL. `docker stop` waits ten seconds. */
const GRACE_MS = 2000;

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
	if (process.argv[3] === "child")
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

	letBeSeen();

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

/**
 * The child's first act: to be killed when the supervisor dies, however it dies.
 * A supervisor that died before the kernel was told is found by the parent's PID.
 *
 * @see PR_SET_PDEATHSIG(2const)
 */
export function dieWithSupervisor(): void {
	const PR_SET_PDEATHSIG = 1;
	cfunction("int prctl(int option, ...)")(
		PR_SET_PDEATHSIG,
		"unsigned long",
		os.signals.SIGKILL,
	);
	// Read through the dev container's /proc, which shows the dev container's PIDs.
	if (statusField("self", "PPid") !== process.env.WORKSHOP_SUPERVISOR)
		process.kill(process.pid, "SIGKILL");
	confinement();
}

/** The root directory that this process began with, kept open: by Node, close-on-exec. */
let outside: number | undefined;

/** Keeps the way back out of a chroot open. */
export function rememberOutside(): void {
	outside = openSync("/", constants.O_DIRECTORY);
}

/**
 * Undoes a chroot of this process, so that what went wrong after it can be
 * told: the learner's file and the kit's words are outside. chroot(2) describes
 * this way out, and that is why it is no prison for root.
 */
export function returnOutside(): void {
	if (outside === undefined) return;
	cfunction("int fchdir(int fd)")(outside);
	cfunction("int chroot(const char *path)")(".");
}

/** Who wants to see the container once everything is arranged, before its command begins. */
let witness: ((pid: number) => void) | undefined;

/**
 * Has a look taken at each container's first process, when it is about to become
 * the command. It waits meanwhile: a command may be over in a millisecond.
 */
export function watchBirth(look: (pid: number) => void): void {
	witness = look;
}

/** The descriptor on which the child says that it is ready, and hears that it was seen. */
const BIRTH = 3;

/** The child's part. Node has marked the descriptor close-on-exec: the command does not inherit it. */
function letBeSeen(): void {
	if (process.env.WORKSHOP_WITNESS === undefined) return;
	writeSync(BIRTH, "ready");
	readSync(BIRTH, Buffer.alloc(1));
}

/** The supervisor's part. */
function answerBirth(child: ChildProcess): void {
	const line = child.stdio[BIRTH] as Duplex | null | undefined;
	line
		?.on("error", () => {})
		.once("data", () => {
			if (child.pid !== undefined) witness?.(child.pid);
			line.write("!");
		});
}

function startChild(command: string[]): ChildProcess {
	const [script = "", file = ""] = process.argv.slice(1);
	try {
		closeOtherDescriptors();
		// Loaded here, since the child starts no process: it becomes one.
		const { spawn } = createRequire(import.meta.url)(
			"node:child_process",
		) as typeof import("node:child_process");
		const child = spawn(
			process.execPath,
			[...process.execArgv, script, file, "child", ...command],
			{
				stdio: witness ? ["inherit", "inherit", "inherit", "pipe"] : "inherit",
				env: {
					...process.env,
					WORKSHOP_SUPERVISOR: readlinkSync("/proc/self"),
					...(witness ? { WORKSHOP_WITNESS: "" } : {}),
				},
			},
		);
		answerBirth(child);
		return child;
	} catch (error) {
		throw forkError(error);
	}
}

async function waitFor(
	child: ChildProcess,
	command: string[],
): Promise<number> {
	let killing: NodeJS.Timeout | undefined;
	const stop = () => {
		child.kill("SIGTERM");
		killing ??= setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
	};
	const leave = () => {};
	const handlers = {
		SIGINT: leave,
		SIGQUIT: leave,
		SIGTERM: stop,
		SIGHUP: stop,
	};
	for (const [signal, handler] of Object.entries(handlers))
		process.on(signal, handler);
	try {
		const status = await new Promise<number>((resolve, reject) => {
			child.on("error", (error) => reject(forkError(error)));
			child.on("exit", (code, signal) =>
				resolve(code ?? 128 + (signal ? os.signals[signal] : 0)),
			);
			if (tracing() && child.pid !== undefined)
				writeTrace(`reexec(${JSON.stringify(command)}) = pid ${child.pid}`);
		});
		if (tracing()) writeTrace(`+++ pid ${child.pid} ended with ${status} +++`);
		return status;
	} finally {
		clearTimeout(killing);
		for (const [signal, handler] of Object.entries(handlers))
			process.off(signal, handler);
	}
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
	const [F_SETFD, F_GETFL, F_SETFL] = [2, 3, 4];
	for (const fd of [0, 1, 2]) {
		fcntl(fd, F_SETFD, 0);
		const flags = fcntl(fd, F_GETFL, 0);
		if (flags !== -1) fcntl(fd, F_SETFL, flags & ~constants.O_NONBLOCK);
	}
}

/** Descriptors that this process was itself given, by a shell's `3<file` say, are not the container's. fcntl(2) */
export function closeOtherDescriptors(): void {
	const [F_SETFD, FD_CLOEXEC] = [2, 1];
	for (const fd of readdirSync("/proc/self/fd").map(Number))
		if (fd > 2 && !closesOnExec(fd)) fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/** Node's own descriptors do; where there are no others, the C library need not be asked. proc_pid_fdinfo(5) */
function closesOnExec(fd: number): boolean {
	const O_CLOEXEC = 0o2000000;
	const flags = fdFlags(fd);
	return flags === undefined || (flags & O_CLOEXEC) !== 0;
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

/** What Node says when it could not start a process, in the kernel's words. */
function forkError(error: unknown): unknown {
	const { errno, code } = error as NodeJS.ErrnoException;
	if (code === "ENOENT")
		return new Error(
			"reexec() can't find this program any more: was chroot called in run()? It belongs in child(), and locks in whoever calls it",
		);
	return typeof errno === "number"
		? new SyscallError("fork", [], Math.abs(errno))
		: error;
}
