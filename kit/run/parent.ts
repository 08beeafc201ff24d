/** Ends the child when its supervisor dies. */

import { constants } from "node:os";
import { cfunction } from "../../runtime/libc.ts";
import { statusField } from "../proc/status.ts";

/**
 * Asks the kernel to kill this process when its parent dies. If the supervisor
 * died before this call, the parent's PID is no longer the supervisor's, and this
 * process exits: as PID 1 of a namespace it can't kill itself.
 *
 * @param supervisor the supervisor's PID, as the dev container's /proc shows it
 * @see PR_SET_PDEATHSIG(2const)
 */
export function setParentDeathSignal(supervisor: string | undefined): void {
	const PR_SET_PDEATHSIG = 1;
	const { SIGKILL } = constants.signals;
	cfunction("int prctl(int option, ...)")(
		PR_SET_PDEATHSIG,
		"unsigned long",
		SIGKILL,
	);
	if (statusField("self", "PPid") !== supervisor) process.exit(128 + SIGKILL);
}
