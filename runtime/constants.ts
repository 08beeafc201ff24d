/**
 * The kernel's own numbers, from <linux/sched.h>, <linux/mount.h> and, for
 * umount2(2), <sys/mount.h>. They are the same on every architecture that Node runs on.
 */

/** A time namespace, for the children to come: their own monotonic and boot clocks. time_namespaces(7) */
export const CLONE_NEWTIME = 0x00000080;
/** A mount namespace: a private list of mounts. mount_namespaces(7) */
export const CLONE_NEWNS = 0x00020000;
/** A cgroup namespace: its own view of the cgroup tree. cgroup_namespaces(7) */
export const CLONE_NEWCGROUP = 0x02000000;
/** A UTS namespace: its own host name and domain name. uts_namespaces(7) */
export const CLONE_NEWUTS = 0x04000000;
/** An IPC namespace: its own message queues, semaphores and shared memory. ipc_namespaces(7) */
export const CLONE_NEWIPC = 0x08000000;
/** A user namespace: its own user and group IDs. user_namespaces(7) */
export const CLONE_NEWUSER = 0x10000000;
/** A PID namespace, for the children to come: their own process IDs, from 1. pid_namespaces(7) */
export const CLONE_NEWPID = 0x20000000;
/** A network namespace: its own interfaces, routes and ports. network_namespaces(7) */
export const CLONE_NEWNET = 0x40000000;

/** No writing to the file system. mount(2) */
export const MS_RDONLY = 1;
/** Set-user-ID bits have no effect on programs run from there. mount(2) */
export const MS_NOSUID = 2;
/** Device files there open nothing. mount(2) */
export const MS_NODEV = 4;
/** Programs there can't be run. mount(2) */
export const MS_NOEXEC = 8;
/** Change the flags of a mount that exists. mount(2) */
export const MS_REMOUNT = 32;
/** Access times are not kept. mount(2) */
export const MS_NOATIME = 1024;
/** Make a directory visible at a second place. mount(2) */
export const MS_BIND = 4096;
/** Move a mount to another place. mount(2) */
export const MS_MOVE = 8192;
/** Do it to the whole tree of mounts below. mount(2) */
export const MS_REC = 16384;
/** Propagation: can't be bind-mounted, and otherwise as MS_PRIVATE. mount_namespaces(7) */
export const MS_UNBINDABLE = 1 << 17;
/** Propagation: mounts made here stay here, and none arrive. mount_namespaces(7) */
export const MS_PRIVATE = 1 << 18;
/** Propagation: mounts made outside arrive, mounts made here stay. mount_namespaces(7) */
export const MS_SLAVE = 1 << 19;
/** Propagation: mounts travel both ways. mount_namespaces(7) */
export const MS_SHARED = 1 << 20;
/** Access times are kept, but rarely written. mount(2) */
export const MS_RELATIME = 1 << 21;

/** Abort pending requests of a network file system, and then unmount. A mount in use stays. umount2(2) */
export const MNT_FORCE = 1;
/** Detach it now, unmount it when it is no longer in use. umount2(2) */
export const MNT_DETACH = 2;
/** Unmount only what has not been used since the last such call. umount2(2) */
export const MNT_EXPIRE = 4;
/** Don't follow a symbolic link at the target. umount2(2) */
export const UMOUNT_NOFOLLOW = 8;

const families = {
	CLONE: {
		CLONE_NEWTIME,
		CLONE_NEWNS,
		CLONE_NEWCGROUP,
		CLONE_NEWUTS,
		CLONE_NEWIPC,
		CLONE_NEWUSER,
		CLONE_NEWPID,
		CLONE_NEWNET,
	},
	MS: {
		MS_RDONLY,
		MS_NOSUID,
		MS_NODEV,
		MS_NOEXEC,
		MS_REMOUNT,
		MS_NOATIME,
		MS_BIND,
		MS_MOVE,
		MS_REC,
		MS_UNBINDABLE,
		MS_PRIVATE,
		MS_SLAVE,
		MS_SHARED,
		MS_RELATIME,
	},
	MNT: { MNT_FORCE, MNT_DETACH, MNT_EXPIRE, UMOUNT_NOFOLLOW },
};

/** Flags by name, as strace prints them: `CLONE_NEWUTS|CLONE_NEWPID`. Unknown bits are in hex. */
export function decodeFlags(
	family: keyof typeof families,
	flags: number,
): string {
	const names: string[] = [];
	let rest = flags;
	for (const [name, bit] of Object.entries(families[family])) {
		if ((flags & bit) === 0) continue;
		names.push(name);
		rest &= ~bit;
	}
	if (rest !== 0) names.push(`0x${(rest >>> 0).toString(16)}`);
	return names.join("|") || "0";
}
