import {} from "#runtime";

/** Runs in the dev container: prepares what the child will be born into, starts it, waits for it. */
export async function run(command: string[]): Promise<number> {
	throw new Error("run() is not written yet");
}

/** Runs in the child process, inside the new namespaces. Does not return: the child becomes the command. */
export function child(command: string[]): never {
	throw new Error("child() is not written yet");
}
