/** The error of a failed system call. */

import { errnoName, strerror } from "./libc.ts";

/** A system call that failed. Its message reads as in strace: `chroot("/rootfs") failed: ENOENT (No such file or directory)`. */
export class SyscallError extends Error {
	/** The function's name: "unshare" */
	syscall: string;
	/** Its arguments as they read in C: ["CLONE_NEWUTS|CLONE_NEWPID"] */
	args: string[];
	/** The kernel's error number: 1 */
	errno: number;
	/** Its symbol: "EPERM" */
	code: string;

	/** The command of a failed execvp: ["no-such-command"]. Undefined for other calls. */
	command: string[] | undefined;

	constructor(
		syscall: string,
		args: string[],
		errno: number,
		command?: string[],
	) {
		const code = errnoName(errno);
		super(
			`${syscall}(${args.join(", ")}) failed: ${code} (${strerror(errno)})`,
		);
		this.name = "SyscallError";
		this.syscall = syscall;
		this.args = args;
		this.errno = errno;
		this.code = code;
		this.command = command;
	}
}
