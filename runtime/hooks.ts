/**
 * Hooks for the program around a container.ts: the kit's trace, and its look at a
 * starting container. A container.ts needs none of them. Without hooks every
 * function of the runtime does the same.
 */

export interface Hooks {
	/** Gets a line for each system call, written as strace writes it. */
	trace?: (line: string) => void;

	/**
	 * Called in `run`'s process when reexec is about to start a child. The child
	 * inherits what this adds to process.env, and the descriptors that it opens
	 * and that are not close-on-exec.
	 *
	 * @returns a function that gets the child's PID, or undefined if none could be started
	 */
	beforeSpawn?: () => (pid: number | undefined) => void;

	/** Called in `run`'s process when a child has ended, before reexec resolves. */
	afterEnd?: (pid: number) => void;

	/** Called in the child when execvp is about to replace the program. */
	beforeExec?: () => void;
}

/** Nothing is set at first. */
export const hooks: Hooks = {};
