import {
	CLONE_NEWNS,
	CLONE_NEWPID,
	CLONE_NEWUTS,
	chdir,
	execvp,
	MASKED_PATHS,
	MNT_DETACH,
	MS_NODEV,
	MS_NOEXEC,
	MS_NOSUID,
	MS_PRIVATE,
	MS_RDONLY,
	MS_REC,
	makeDevices,
	makeReadOnly,
	mask,
	mkdir,
	mount,
	pivotRoot,
	READONLY_PATHS,
	ROOTFS,
	reexec,
	sethostname,
	umount,
	unshare,
} from "#runtime";

/** Runs in the dev container: prepares the namespaces, starts the child, waits for it. */
export async function run(command: string[]): Promise<number> {
	// Give the child a new UTS namespace: a rename inside changes no name outside.
	// Give the child a new PID namespace: its first process is PID 1.
	// Give the child a new mount namespace: a list of mounts of its own.
	unshare(CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNS);

	// Start this program again in the child role, and return the child's exit status.
	return reexec(command);
}

/** Runs in the child process: prepares the container, then becomes the command. Does not return. */
export function child(command: string[]): never {
	// Move to a mount namespace that the supervisor does not share.
	unshare(CLONE_NEWNS);

	// Make all mounts private to the container.
	mount(null, "/", null, MS_REC | MS_PRIVATE);

	// Set a host name that differs from the dev container's.
	sethostname("container");

	// Put an empty layer in memory over the root file system: all writes go there.
	mount("tmpfs", "/mnt", "tmpfs");
	mkdir("/mnt/upper");
	mkdir("/mnt/work");
	const layers = `lowerdir=${ROOTFS},upperdir=/mnt/upper,workdir=/mnt/work`;
	mount("overlay", ROOTFS, "overlay", 0, layers);
	chdir(ROOTFS);

	// Make it the root of the mount namespace, and get rid of the old root.
	pivotRoot(".", ".");
	umount(".", MNT_DETACH);

	// Mount a /proc of the container's processes; allow no programs or devices in it.
	mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC);

	// Give it a /dev of its own: devices, terminals, shared memory; and /sys, read-only.
	mount("tmpfs", "/dev", "tmpfs", MS_NOSUID, "mode=755");
	makeDevices("/dev");
	const modes = "ptmxmode=0666,mode=0620,gid=5";
	mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, modes);
	mount("shm", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC);
	mount("sysfs", "/sys", "sysfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC);

	// Make the settings of the whole machine read-only, and cover what tells of it.
	for (const path of READONLY_PATHS) makeReadOnly(path);
	for (const path of MASKED_PATHS) mask(path);

	// Become the command: the same process, a new program.
	execvp(command);
}
