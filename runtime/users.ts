/** Who a process is. credentials(7) */

import { syscall } from "./syscalls.ts";

const ids = (user: number) => [user, user, user];

/**
 * Changes the user ID: real, effective and saved. Who was root and is no longer can't undo it, and
 * loses all capabilities.
 *
 * @throws SyscallError EPERM: without CAP_SETUID.
 * @see setresuid(2), credentials(7)
 */
export function setuid(user: number): void {
	syscall(
		"int setresuid(uint ruid, uint euid, uint suid)",
		ids(user),
		ids(user).map(String),
	);
}

/**
 * Changes the group ID: real, effective and saved. Call it before setuid, which takes the right to away.
 *
 * @throws SyscallError EPERM: without CAP_SETGID.
 * @see setresgid(2)
 */
export function setgid(group: number): void {
	syscall(
		"int setresgid(uint rgid, uint egid, uint sgid)",
		ids(group),
		ids(group).map(String),
	);
}

/**
 * Sets the supplementary groups.
 *
 * @throws SyscallError EPERM: without CAP_SETGID.
 * @see setgroups(2)
 */
export function setgroups(groups: readonly number[]): void {
	syscall(
		"int setgroups(size_t size, const uint32_t *list)",
		[groups.length, Uint32Array.from(groups)],
		[String(groups.length), `[${groups.join(", ")}]`],
	);
}
