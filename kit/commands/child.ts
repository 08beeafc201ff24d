/**
 * The child role, started by reexec and never typed. It starts in the namespaces
 * that `run` prepared, calls `child` of the container.ts, and becomes the command.
 */

import { createRequire } from "node:module";
import { confinement } from "../proc/confinement.ts";
import { readHandover } from "../run/handover.ts";
import { loadContainer } from "../run/load.ts";
import { setParentDeathSignal } from "../run/parent.ts";
import { runRole } from "../run/role.ts";

const require = createRequire(import.meta.url);

export async function main(command: string[]): Promise<number> {
	const { file = "", supervisor, handshake } = readHandover();
	setParentDeathSignal(supervisor);
	// Read it now, for the advice on an error: after chroot there may be no /proc.
	confinement();
	if (handshake) {
		const { awaitLook } =
			require("../run/handshake.ts") as typeof import("../run/handshake.ts");
		awaitLook(Number(handshake));
	}
	return runRole("child", file, async () => {
		const { child } = loadContainer(file);
		await child(command);
		throw new TypeError(
			"child() returned and did not become the command: its last call must be execvp(command)",
		);
	});
}
