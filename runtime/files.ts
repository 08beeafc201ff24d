/** Directories, device files and the small files by which the kernel is configured. */

import { expectString, quote } from "./arguments.ts";
import { cfunction } from "./libc.ts";
import { syscall } from "./syscalls.ts";

/**
 * Makes a directory.
 *
 * @param mode its permissions, less the umask
 * @throws SyscallError EEXIST: there already. ENOENT: its parent is not there. EROFS: on a read-only mount.
 * @see mkdir(2)
 */
export function mkdir(path: string, mode = 0o755): void {
	expectString("mkdir(path, mode)", "path", path);
	syscall(
		"int mkdir(const char *path, uint mode)",
		[path, mode],
		[quote(path), octal(mode)],
	);
}

/**
 * Makes a character device: a file that leads to a driver of the kernel.
 *
 * @param mode its permissions. The umask does not apply.
 * @throws SyscallError EEXIST: there already. EPERM: without CAP_MKNOD.
 * @see mknod(2), makedev(3)
 */
export function mknod(
	path: string,
	mode: number,
	major: number,
	minor: number,
): void {
	expectString("mknod(path, mode, major, minor)", "path", path);
	const S_IFCHR = 0o020000;
	const device = (major << 8) | minor;
	syscall(
		"int mknod(const char *path, uint mode, uint64_t dev)",
		[path, S_IFCHR | mode, device],
		[quote(path), `S_IFCHR|${octal(mode)}`, `makedev(${major}, ${minor})`],
	);
	cfunction("int chmod(const char *path, uint mode)")(path, mode);
}

/**
 * Makes a symbolic link.
 *
 * @param target what the link says
 * @throws SyscallError EEXIST: there already.
 * @see symlink(2)
 */
export function symlink(target: string, path: string): void {
	expectString("symlink(target, path)", "target", target);
	expectString("symlink(target, path)", "path", path);
	syscall(
		"int symlink(const char *target, const char *path)",
		[target, path],
		[quote(target), quote(path)],
	);
}

function octal(mode: number): string {
	return `0${mode.toString(8)}`;
}
