/** How a run of a graded container ended, and whether it is to be believed. */

/** How a run ended. */
export interface Outcome {
	/** The supervisor's exit status. Undefined if its time was up, or the sandbox was ended from outside. */
	status: number | undefined;
	/** It no longer went on, and was killed. */
	timedOut: boolean;
	/** How long that took, in seconds, and which programs ran then below the supervisor. */
	seconds: number;
	programs: string[][];
	stdout: string;
	stderr: string;
}

/**
 * Whether the supervisor ended by SIGILL, SIGBUS or SIGSEGV. Node does that where an
 * emulated processor fails it, once in some hundred starts; TypeScript hardly can.
 */
export function hasCrashed({ status = 0 }: Outcome): boolean {
	return [132, 135, 139].includes(status);
}
