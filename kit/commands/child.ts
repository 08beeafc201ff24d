/**
 * The child role, which reexec starts and nobody types: it is born into the
 * namespaces that `run` prepared, calls the container.ts's `child`, and becomes
 * the command.
 */

import { createRequire } from "node:module";
import { constants } from "node:os";
import { cfunction } from "../../runtime/libc.ts";
import { statusField } from "../proc/status.ts";
import { readHandover } from "../run/handover.ts";
import { loadContainer } from "../run/load.ts";
import { runRole } from "../run/role.ts";

const require = createRequire(import.meta.url);

export async function main(command: string[]): Promise<number> {
	const { file = "", supervisor, handshake } = readHandover();
	setParentDeathSignal(supervisor);
	if (handshake) {
		const { awaitLook } =
			require("../run/handshake.ts") as typeof import("../run/handshake.ts");
		awaitLook(Number(handshake));
	}
	return runRole("child", file, async () => {
		const { child } = loadContainer(file);
		await child(command);
		throw new TypeError(
			"child() returned, and did not become the command: its last call is execvp(command)",
		);
	});
}

/**
 * Asks the kernel to kill this process when its parent dies, however that dies.
 * A supervisor that died before the kernel was asked is recognised by the
 * parent's PID, which is another one then. This process exits in that case: as
 * PID 1 of a namespace it can't kill itself.
 *
 * @param supervisor its PID, as the dev container's /proc shows it
 * @see PR_SET_PDEATHSIG(2const)
 */
function setParentDeathSignal(supervisor: string | undefined): void {
	const PR_SET_PDEATHSIG = 1;
	const { SIGKILL } = constants.signals;
	cfunction("int prctl(int option, ...)")(
		PR_SET_PDEATHSIG,
		"unsigned long",
		SIGKILL,
	);
	if (statusField("self", "PPid") !== supervisor) process.exit(128 + SIGKILL);
}
