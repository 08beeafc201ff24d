// All that a container.ts may import, as `#runtime`. The names are the system
// calls' own; hover over one, or read syscalls.ts, to see what it does.

export { DOCKER_CAPABILITIES, limitCapabilities } from "./capabilities.ts";
export { CGROUP, joinCgroup, setLimit } from "./cgroup.ts";
export {
	CLONE_NEWCGROUP,
	CLONE_NEWIPC,
	CLONE_NEWNET,
	CLONE_NEWNS,
	CLONE_NEWPID,
	CLONE_NEWTIME,
	CLONE_NEWUSER,
	CLONE_NEWUTS,
	MNT_DETACH,
	MNT_EXPIRE,
	MNT_FORCE,
	MS_BIND,
	MS_MOVE,
	MS_NOATIME,
	MS_NODEV,
	MS_NOEXEC,
	MS_NOSUID,
	MS_PRIVATE,
	MS_RDONLY,
	MS_REC,
	MS_RELATIME,
	MS_REMOUNT,
	MS_SHARED,
	MS_SLAVE,
	MS_UNBINDABLE,
	UMOUNT_NOFOLLOW,
} from "./constants.ts";
export {
	MASKED_PATHS,
	makeDevices,
	makeReadOnly,
	mask,
	READONLY_PATHS,
} from "./devices.ts";
export { SyscallError } from "./errors.ts";
export { execvp } from "./execvp.ts";
export { mkdir, mknod, symlink } from "./files.ts";
export { IMAGE } from "./image.ts";
export {
	ADDRESS,
	addDefaultRoute,
	addVeth,
	GATEWAY,
	openNetwork,
	setUp,
	VETH,
} from "./network.ts";
export { pivotRoot } from "./pivot-root.ts";
export { setNoNewPrivs } from "./prctl.ts";
export { reexec } from "./reexec.ts";
export { ROOTFS } from "./rootfs.ts";
export { denySyscalls } from "./seccomp.ts";
export {
	chdir,
	chroot,
	mount,
	sethostname,
	umount,
	unshare,
} from "./syscalls.ts";
export { setgid, setgroups, setuid } from "./users.ts";
