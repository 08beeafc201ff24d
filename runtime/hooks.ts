/**
 * What the program around a container.ts adds to the runtime: the kit's trace and
 * its look at a container that begins. A container.ts needs none of this, and
 * without it every function here does the same.
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

	/** Called in the child when execvp is about to replace the program. */
	beforeExec?: () => void;
}

/** Nothing is set at first. */
export const hooks: Hooks = {};
