/**
 * From `npm run step 3 hostname` to hostname itself, three programs take turns:
 *
 *     node kit/launch.cjs step 3 hostname    the supervisor: run() of the container.ts
 *     node kit/launch.cjs child hostname     its child, started by reexec: child() of the same file
 *     hostname                               the same process, after execvp
 *
 * launch.cjs reads the words: the first is the role, kit/commands/step.ts or
 * kit/commands/child.ts. The rest of what the child must know is in these
 * variables of its environment. The command inherits none of them.
 */

export interface Handover {
	/** The container.ts. */
	file?: string;
	/** The supervisor's PID, as the dev container's /proc shows it. */
	supervisor?: string;
	/** Set where the system calls are to be traced. */
	trace?: string;
	/** The descriptor of the handshake, where the supervisor waits for one. */
	handshake?: string;
	/** The directory for the container's cgroup, from the step on that makes one. The runtime reads this. */
	cgroup?: string;
}

const VARIABLES: Required<Handover> = {
	file: "WORKSHOP_CONTAINER",
	supervisor: "WORKSHOP_SUPERVISOR",
	trace: "WORKSHOP_TRACE",
	handshake: "WORKSHOP_HANDSHAKE",
	cgroup: "WORKSHOP_CGROUP",
};

const KEYS = Object.keys(VARIABLES) as (keyof Handover)[];

/** Hands something over to the children that are started from now on. */
export function tellChild(handover: Handover): void {
	for (const key of KEYS)
		if (handover[key] !== undefined)
			process.env[VARIABLES[key]] = handover[key];
}

/** What was handed over to this process. */
export function readHandover(): Handover {
	return Object.fromEntries(
		KEYS.map((key) => [key, process.env[VARIABLES[key]]]),
	);
}
