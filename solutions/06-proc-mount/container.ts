import {
	CLONE_NEWNS,
	CLONE_NEWPID,
	CLONE_NEWUTS,
	chdir,
	chroot,
	execvp,
	MS_PRIVATE,
	MS_REC,
	mount,
	ROOTFS,
	reexec,
	sethostname,
	unshare,
} from "#runtime";

/** Runs in the dev container: prepares what the child will be born into, starts it, waits for it. */
export async function run(command: string[]): Promise<number> {
	// Give the child a host name of its own: a rename inside stays inside.
	// Give it process IDs of its own: it is born as PID 1.
	// Give it a list of mounts of its own: what it mounts, only it can see.
	unshare(CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNS);

	// Start this program again in the child role, and pass its exit status on.
	return reexec(command);
}

/** Runs in the child process, inside the new namespaces. Does not return: the child becomes the command. */
export function child(command: string[]): never {
	// Let no mount that is made in here travel back out.
	mount(null, "/", null, MS_REC | MS_PRIVATE);

	// Set a name that tells the container from the dev container.
	sethostname("container");

	// Make the root file system its /, and stand inside it.
	chroot(ROOTFS);
	chdir("/");

	// Mount a /proc that shows the container's processes, and no others.
	mount("proc", "/proc", "proc");

	// Become the command: the same process, another program.
	execvp(command);
}
