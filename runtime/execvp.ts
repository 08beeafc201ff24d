/** Replaces this program by another. */

import { hostname } from "node:os";
import { expectCommand, expectString } from "./arguments.ts";
import { SyscallError } from "./errors.ts";
import { hooks } from "./hooks.ts";
import {
	closeFiles,
	keepStandardDescriptors,
	restoreSignals,
} from "./inherit.ts";
import { cfunction, lastErrno } from "./libc.ts";

/**
 * Becomes the command: the process stays the same, the program in it changes.
 * A command without a slash is looked up in PATH, inside the container.
 *
 * Undoes Node's changes first: the command starts with stdin, stdout and stderr
 * open, no other descriptors, and no ignored or blocked signals. If it
 * fails, all other files of this process are closed already.
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

	hooks.beforeExec?.();

	const shown = JSON.stringify(command);
	hooks.trace?.(`execvp(${shown} <unfinished ...>`);
	const execvpe = cfunction(
		"int execvpe(const char *file, const char **argv, const char **envp)",
	);
	closeFiles();
	execvpe(command[0], [...command, null], [...variables, null]);

	// execvpe returns only if it failed: on success, this program no longer exists.
	const error = new SyscallError("execvp", [shown], lastErrno(), command);
	hooks.trace?.(`<... execvp resumed>) = -1 ${error.code}`);
	throw error;
}

/** The variables that Docker gives a container, and none of the dev container's. */
function cleanEnvironment(): Record<string, string> {
	return {
		PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		HOME: "/root",
		...(process.env.TERM ? { TERM: process.env.TERM } : {}),
		HOSTNAME: hostname(),
	};
}
