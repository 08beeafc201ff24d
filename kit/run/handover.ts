/**
 * From `npm run step 3 hostname` to hostname itself, three programs take turns:
 *
 *     node kit/launch.cjs step 3 hostname    the supervisor: run() of the container.ts
 *     node kit/launch.cjs child hostname     its child, started by reexec: child() of the same file
 *     hostname                               the same process, after execvp
 *
 * launch.cjs reads the words: the first one names the role, kit/commands/step.ts or
 * kit/commands/child.ts. The child reads everything else from these variables of
 * its environment. The command inherits none of them.
 */

export interface Handover {
	/** The container.ts. */
	file?: string;
	/** The supervisor's PID, as the dev container's /proc shows it. */
	supervisor?: string;
	/** Set if the system calls are traced. */
	trace?: string;
	/** The descriptor of the handshake, if the supervisor waits for one. */
	handshake?: string;
	/** The directory for the container's cgroup, from the step on that makes one. The runtime reads this. */
	cgroup?: string;
	/** The file that tells of the image, if one was chosen. The runtime reads this. */
	image?: string;
	/** The descriptor to which the child writes why it could not become the command. */
	failure?: string;
}

const VARIABLES: Required<Handover> = {
	file: "WORKSHOP_CONTAINER",
	supervisor: "WORKSHOP_SUPERVISOR",
	trace: "WORKSHOP_TRACE",
	handshake: "WORKSHOP_HANDSHAKE",
	cgroup: "WORKSHOP_CGROUP",
	image: "WORKSHOP_IMAGE",
	failure: "WORKSHOP_FAILURE",
};

const KEYS = Object.keys(VARIABLES) as (keyof Handover)[];

/** Sets the variables for all children that are started from now on. */
export function tellChild(handover: Handover): void {
	for (const key of KEYS)
		if (handover[key] !== undefined)
			process.env[VARIABLES[key]] = handover[key];
}

/** Removes the variables that the supervisor itself was started with, but for the two that the grader sets. */
export function forgetHandover(): void {
	for (const key of KEYS)
		if (key !== "cgroup" && key !== "image") delete process.env[VARIABLES[key]];
}

/** Reads the variables that this process was started with. */
export function readHandover(): Handover {
	return Object.fromEntries(
		KEYS.map((key) => [key, process.env[VARIABLES[key]]]),
	);
}
