/** Starts a child process. */

import { constants } from "node:os";
import {
	closeOtherDescriptors,
	keepStandardDescriptors,
} from "./descriptors.ts";
import { SyscallError } from "./errors.ts";
import { existsSync } from "./fs.ts";
import { hooks } from "./hooks.ts";
import { cfunction } from "./libc.ts";
import { defaultSignals } from "./signals.ts";

/**
 * Starts this Node with other arguments. The child has this process's
 * environment, stdin, stdout and stderr, and ignores no signal.
 *
 * It does not use node:child_process, which would load Node's streams and network
 * and fork: fork copies the page tables of a large process, posix_spawn does not.
 *
 * @returns its PID
 * @throws SyscallError fork ENOMEM: the PID namespace's first process has ended. EAGAIN: too many processes.
 * @see posix_spawn(3)
 */
export function spawnNode(args: string[]): number {
	// Without /proc, this process is in a new root, where Node is missing.
	if (!existsSync("/proc/self")) throw spawnError(constants.errno.ENOENT);
	keepStandardDescriptors();
	closeOtherDescriptors();
	const tellHook = hooks.beforeSpawn?.();
	const variables = Object.entries(process.env).map(
		([name, value]) => `${name}=${value}`,
	);

	const pid = new Int32Array(1);
	const fileActions = null;
	// posix_spawn returns the error number and does not set errno.
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
			"reexec() can't find this program any more: was chroot called in run()? It belongs in child(), since it changes the root of its caller",
		);
	return new SyscallError("fork", [], errno);
}
