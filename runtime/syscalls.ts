/**
 * The system calls of the workshop, each as a typed function. Each throws a
 * SyscallError if the call fails.
 */

import { expectFlags, expectString, quote } from "./arguments.ts";
import { decodeFlags } from "./constants.ts";
import { SyscallError } from "./errors.ts";
import { hooks } from "./hooks.ts";
import { cfunction, errnoName, lastErrno, strerror } from "./libc.ts";

/**
 * Moves this process into new namespaces. A new PID namespace is the exception:
 * the process stays where it is, and the next child starts inside, as PID 1.
 *
 * @param flags CLONE_NEWUTS, CLONE_NEWPID, … joined by `|`
 * @throws SyscallError EPERM: without CAP_SYS_ADMIN. EINVAL: CLONE_NEWUSER, since Node has threads.
 *   ENOSPC: too many namespaces, or nested too deep.
 * @see unshare(2), namespaces(7)
 */
export function unshare(flags: number, ...rest: never[]): void {
	expectFlags("unshare(flags)", "flags", flags);
	// The kernel would do nothing and report no error.
	if (flags === 0 || rest.length > 0)
		throw new TypeError(
			`unshare(flags): ${flags === 0 ? "flags are 0, which selects no namespace" : "it takes one argument"}: join several flags with |`,
		);
	syscall("int unshare(int flags)", [flags], [decodeFlags("CLONE", flags)]);
}

/**
 * Changes the host name of this process's UTS namespace.
 *
 * @param name at most 64 bytes
 * @throws SyscallError EINVAL: longer than 64 bytes. EPERM: without CAP_SYS_ADMIN.
 * @see sethostname(2), uts_namespaces(7)
 */
export function sethostname(name: string): void {
	expectString("sethostname(name)", "name", name);
	const bytes = Buffer.byteLength(name);
	syscall(
		"int sethostname(const char *name, size_t len)",
		[name, bytes],
		[quote(name), String(bytes)],
	);
}

/**
 * Changes what `/` means to this process and its children. It moves nothing
 * else: the working directory and open files stay where they were, outside.
 *
 * @param path the new root directory
 * @throws SyscallError ENOENT, ENOTDIR: no directory there. EPERM: without CAP_SYS_CHROOT.
 * @see chroot(2)
 */
export function chroot(path: string): void {
	expectString("chroot(path)", "path", path);
	syscall("int chroot(const char *path)", [path], [quote(path)]);
}

/**
 * Changes the working directory, as `cd` does.
 *
 * @param path absolute, or relative to the working directory
 * @throws SyscallError ENOENT, ENOTDIR: no directory there. EACCES: may not enter it.
 * @see chdir(2)
 */
export function chdir(path: string): void {
	expectString("chdir(path)", "path", path);
	syscall("int chdir(const char *path)", [path], [quote(path)]);
}

/**
 * Mounts a file system, or changes a mount that exists (MS_REMOUNT, MS_BIND, MS_PRIVATE, …).
 *
 * @param source a device, a directory, or a name to be shown; null where the flags need none
 * @param target the directory where it appears
 * @param fstype "proc", "tmpfs", …; null where the flags need none
 * @param flags MS_NOSUID, MS_REC, … joined by `|`
 * @param data options of the file system's own, such as "size=1m"
 * @throws SyscallError EPERM: without CAP_SYS_ADMIN. EACCES: refused by AppArmor. ENOENT: no such target.
 *   ENODEV: no such file system type. EBUSY: mounted there already.
 * @see mount(2), mount_namespaces(7)
 */
export function mount(
	source: string | null,
	target: string,
	fstype: string | null,
	flags = 0,
	data: string | null = null,
): void {
	const shape = "mount(source, target, fstype, flags, data)";
	if (source !== null) expectString(shape, "source", source);
	expectString(shape, "target", target);
	if (fstype !== null) expectString(shape, "fstype", fstype);
	expectFlags(shape, "flags", flags);
	// Without flags, the kernel would look for a file system of no type.
	if (flags === 0 && (fstype === null || fstype === "none"))
		throw new TypeError(
			`${shape}: flags are 0, which asks for nothing here: join several flags with |`,
		);
	if (data !== null) expectString(shape, "data", data);
	syscall(
		"int mount(const char *source, const char *target, const char *fstype, unsigned long flags, const char *data)",
		[source, target, fstype, flags, data],
		[
			quote(source),
			quote(target),
			quote(fstype),
			decodeFlags("MS", flags),
			quote(data),
		],
	);
}

/**
 * Unmounts a file system.
 *
 * @param target where it is mounted
 * @param flags MNT_DETACH, MNT_FORCE, … joined by `|`
 * @throws SyscallError EBUSY: in use. EINVAL: nothing is mounted there. EPERM: without CAP_SYS_ADMIN.
 * @see umount2(2)
 */
export function umount(target: string, flags = 0): void {
	expectString("umount(target, flags)", "target", target);
	expectFlags("umount(target, flags)", "flags", flags);
	syscall(
		"int umount2(const char *target, int flags)",
		[target, flags],
		[quote(target), decodeFlags("MNT", flags)],
	);
}

/** Calls a function that returns -1 and sets errno when it fails. `shown` is how its arguments read in C. */
export function syscall(
	prototype: string,
	args: unknown[],
	shown: string[],
): void {
	const [, name = ""] = /(\w+)\(/.exec(prototype) ?? [];
	const result: number = cfunction(prototype)(...args);
	const errno = result === -1 ? lastErrno() : 0;
	if (hooks.trace) {
		const outcome = errno
			? `-1 ${errnoName(errno)} (${strerror(errno)})`
			: String(result);
		hooks.trace(`${name}(${shown.join(", ")}) = ${outcome}`);
	}
	if (errno) throw new SyscallError(name, shown, errno);
}
