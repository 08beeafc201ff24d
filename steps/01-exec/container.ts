import {} from "#runtime";

/** Runs in the dev container: prepares the namespaces, starts the child, waits for it. */
export async function run(command: string[]): Promise<number> {
	// TODO: Start this program again in the child role, and return the child's exit status.
	throw new Error("run() is not written yet");
}

/** Runs in the child process: prepares the container, then becomes the command. Does not return. */
export function child(command: string[]): never {
	// TODO: Become the command: the same process, a new program.
	throw new Error("child() is not written yet");
}
