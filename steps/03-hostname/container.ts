import { CLONE_NEWUTS, execvp, reexec, unshare } from "#runtime";

/** Runs in the dev container: prepares what the child will be born into, starts it, waits for it. */
export async function run(command: string[]): Promise<number> {
	// Give the child a host name of its own: a rename inside stays inside.
	unshare(CLONE_NEWUTS);

	// Start this program again in the child role, and pass its exit status on.
	return reexec(command);
}

/** Runs in the child process, inside the new namespaces. Does not return: the child becomes the command. */
export function child(command: string[]): never {
	// TODO: Set a name that tells the container from the dev container.

	// Become the command: the same process, another program.
	execvp(command);
}
