/** A cgroup: a group of processes with limits, which is a directory, and files in it. cgroups(7) */

import { expectString, quote } from "./arguments.ts";
import { SyscallError } from "./errors.ts";
import { existsSync, writeFileSync } from "./fs.ts";
import { hooks } from "./hooks.ts";

/**
 * The directory of the container's cgroup. It is not there yet: `mkdir(CGROUP)` makes the group. Each run has another name.
 * The kit removes the group when the container has ended.
 */
export const CGROUP: string = process.env.WORKSHOP_CGROUP ?? "";

/**
 * Sets a limit of the container's cgroup. On a host with cgroup v1 only pids.max has this name: there the others are
 * passed over, and the kit says so when the run begins.
 *
 * @param file "pids.max" (processes and threads), "memory.max" (bytes, or "64M"), "cpu.max" ("20000 100000": 20 ms of each 100)
 * @throws SyscallError ENOENT: there is no such group yet, or no such file. EINVAL: not a value for this file.
 * @see cgroups(7), Documentation/admin-guide/cgroup-v2.rst of the kernel
 */
export function setLimit(file: string, value: string): void {
	expectString("setLimit(file, value)", "file", file);
	expectString("setLimit(file, value)", "value", value);
	if (file === "cpu.max" && !/^(max|\d+)( \d+)?$/.test(value))
		throw new TypeError(
			`setLimit(file, value): the value of cpu.max is two numbers with a blank between them, and it is ${quote(value)}`,
		);
	const path = `${CGROUP}/${file}`;
	if (!existsSync(path) && existsSync(CGROUP) && isVersionOne()) return;
	write(path, value);
}

/**
 * Moves this process into the container's cgroup. What it starts afterwards is born there.
 *
 * @throws SyscallError ENOENT: there is no such group. EACCES, EROFS: the tree of groups may not be written.
 * @see cgroups(7)
 */
export function joinCgroup(): void {
	// "0" is the writer itself, by no number that depends on a PID namespace.
	write(`${CGROUP}/cgroup.procs`, "0");
}

/** Only version 2 has this file in every group. */
function isVersionOne(): boolean {
	return !existsSync(`${CGROUP}/cgroup.controllers`);
}

function write(path: string, text: string): void {
	const shown = [quote(path), quote(text)];
	let error: SyscallError | undefined;
	try {
		writeFileSync(path, text);
	} catch (cause) {
		const { errno = 0 } = cause as NodeJS.ErrnoException;
		error = new SyscallError("write", shown, -errno);
	}
	hooks.trace?.(
		`write(${shown.join(", ")}) = ${error ? `-1 ${error.code}` : text.length}`,
	);
	if (error) throw error;
}
