/** Why a requirement can't be judged by its evidence. */

import type { Outcome } from "./outcome.ts";

/** Thrown where evidence is missing: the requirement is neither held nor broken. */
export class NotSeen extends Error {}

/** Thrown where a container was run again, and did not end. */
export class NotEnded extends Error {
	command: string[];
	outcome: Outcome;

	constructor(command: string[], outcome: Outcome) {
		super("the container did not end");
		this.command = command;
		this.outcome = outcome;
	}
}
