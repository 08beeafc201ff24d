/** The child's tie to its supervisor. */

import { constants } from "node:os";
import { cfunction } from "../../runtime/libc.ts";
import { statusField } from "../proc/status.ts";

/**
 * Asks the kernel to kill this process when its parent dies, however that dies.
 * A supervisor that died before the kernel was asked is recognised by the
 * parent's PID, which is another one then. This process exits in that case: as
 * PID 1 of a namespace it can't kill itself.
 *
 * @param supervisor its PID, as the dev container's /proc shows it
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
