/** What a container finds in /dev, and what of /proc and /sys it may not touch: Docker's choice. */

import { expectString } from "./arguments.ts";
import {
	MS_BIND,
	MS_NODEV,
	MS_NOEXEC,
	MS_NOSUID,
	MS_RDONLY,
	MS_REMOUNT,
} from "./constants.ts";
import { mkdir, mknod, symlink } from "./files.ts";
import { existsSync, statSync } from "./fs.ts";
import { mount } from "./syscalls.ts";

/** The devices that every container has, with the kernel's numbers. null(4), random(4), tty(4) */
const DEVICES = [
	["null", 1, 3],
	["zero", 1, 5],
	["full", 1, 7],
	["random", 1, 8],
	["urandom", 1, 9],
	["tty", 5, 0],
] as const;

const LINKS = [
	["/proc/self/fd", "fd"],
	["/proc/self/fd/0", "stdin"],
	["/proc/self/fd/1", "stdout"],
	["/proc/self/fd/2", "stderr"],
	["pts/ptmx", "ptmx"],
] as const;

/**
 * Makes the six devices of a container, the links that programs expect beside them, and the directories pts and shm.
 *
 * @param directory an empty one: /dev of the container
 * @throws SyscallError EEXIST: a device is there already. EPERM: without CAP_MKNOD.
 * @see mknod(2)
 */
export function makeDevices(directory: string): void {
	expectString("makeDevices(directory)", "directory", directory);
	for (const [name, major, minor] of DEVICES)
		mknod(`${directory}/${name}`, 0o666, major, minor);
	for (const name of ["pts", "shm"]) mkdir(`${directory}/${name}`);
	for (const [target, name] of LINKS) symlink(target, `${directory}/${name}`);
}

/** Parts of /proc that change the whole machine. Docker makes them read-only. */
export const READONLY_PATHS: readonly string[] = [
	"/proc/bus",
	"/proc/fs",
	"/proc/irq",
	"/proc/sys",
	"/proc/sysrq-trigger",
];

/** Parts of /proc and /sys that tell of the whole machine. Docker covers them. */
export const MASKED_PATHS: readonly string[] = [
	"/proc/acpi",
	"/proc/asound",
	"/proc/interrupts",
	"/proc/kcore",
	"/proc/keys",
	"/proc/latency_stats",
	"/proc/sched_debug",
	"/proc/scsi",
	"/proc/timer_list",
	"/proc/timer_stats",
	"/sys/devices/virtual/powercap",
	"/sys/firmware",
];

/**
 * Makes a path read-only for this mount namespace: binds it onto itself, and remounts that read-only.
 * A path that this kernel does not have is passed over.
 *
 * @throws SyscallError EPERM: without CAP_SYS_ADMIN.
 * @see mount(2)
 */
export function makeReadOnly(path: string): void {
	expectString("makeReadOnly(path)", "path", path);
	if (!existsSync(path)) return;
	mount(path, path, null, MS_BIND);
	const flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
	mount(null, path, null, MS_REMOUNT | MS_BIND | MS_RDONLY | flags);
}

/**
 * Covers a path: a file by /dev/null, a directory by an empty, read-only tmpfs.
 * A path that this kernel does not have is passed over.
 *
 * @throws SyscallError EPERM: without CAP_SYS_ADMIN. ENOENT: there is no /dev/null to cover it with.
 * @see mount(2)
 */
export function mask(path: string): void {
	expectString("mask(path)", "path", path);
	if (!existsSync(path)) return;
	if (statSync(path).isDirectory())
		mount("tmpfs", path, "tmpfs", MS_RDONLY, "size=0");
	else mount("/dev/null", path, null, MS_BIND);
}
