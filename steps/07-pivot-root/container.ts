import {
	CLONE_NEWNS,
	CLONE_NEWPID,
	CLONE_NEWUTS,
	chdir,
	chroot,
	execvp,
	MS_NODEV,
	MS_NOEXEC,
	MS_NOSUID,
	MS_PRIVATE,
	MS_REC,
	mount,
	ROOTFS,
	reexec,
	sethostname,
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
	// TODO: Move to a mount namespace that the supervisor does not share.

	// Make all mounts private to the container.
	mount(null, "/", null, MS_REC | MS_PRIVATE);

	// Set a host name that differs from the dev container's.
	sethostname("container");

	// TODO: Make the root file system a mount of its own, and the working directory.
	// Make the root file system the root directory, and / the working directory.
	chroot(ROOTFS);
	chdir("/");

	// TODO: Make it the root of the mount namespace, and get rid of the old root.

	// Mount a /proc of the container's processes; allow no programs or devices in it.
	mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC);

	// Become the command: the same process, a new program.
	execvp(command);
}
