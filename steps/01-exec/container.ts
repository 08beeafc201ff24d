import { execvp, reexec } from "#runtime";

/** Runs in the dev container: prepares the namespaces, starts the child, waits for it. */
export async function run(command: string[]): Promise<number> {
	// Start this program again in the child role, and return the child's exit status.
	return reexec(command);
}

/** Runs in the child process: prepares the container, then becomes the command. Does not return. */
export function child(command: string[]): never {
	// Become the command: the same process, a new program.
	execvp(command);
}
