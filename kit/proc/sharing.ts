/** Whether a container has something of its own. It is decided here, for whoever shows it and for whoever grades it. */

/** "unknown": one side could not be read, which proves neither. */
export type Sharing = "own" | "shared" | "unknown";

/**
 * Compares what the two sides have of a kind, by its identity: a namespace's
 * "uts:[4026531838]", a directory's device and inode. One that could not be read is empty.
 */
export function sharing(outside: string, inside: string): Sharing {
	if (outside === "" || inside === "") return "unknown";
	return outside === inside ? "shared" : "own";
}
