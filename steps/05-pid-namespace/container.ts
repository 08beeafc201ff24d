import {
	CLONE_NEWUTS,
	chdir,
	chroot,
	execvp,
	ROOTFS,
	reexec,
	sethostname,
	unshare,
} from "#runtime";

/** Runs in the dev container: prepares the namespaces, starts the child, waits for it. */
export async function run(command: string[]): Promise<number> {
	// Give the child a new UTS namespace: a rename inside changes no name outside.
	// TODO: Give the child a new PID namespace: its first process is PID 1.
	unshare(CLONE_NEWUTS);

	// Start this program again in the child role, and return the child's exit status.
	return reexec(command);
}

/** Runs in the child process: prepares the container, then becomes the command. Does not return. */
export function child(command: string[]): never {
	// Set a host name that differs from the dev container's.
	sethostname("container");

	// Make the root file system the root directory, and / the working directory.
	chroot(ROOTFS);
	chdir("/");

	// Become the command: the same process, a new program.
	execvp(command);
}
