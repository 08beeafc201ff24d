/**
 * The child role, which reexec starts and nobody types: it is born into the
 * namespaces that `run` prepared, calls the container.ts's `child`, and becomes
 * the command.
 */

import { readHandover } from "../run/handover.ts";
import { loadContainer } from "../run/load.ts";
import { setParentDeathSignal } from "../run/parent.ts";
import { runRole } from "../run/role.ts";

export async function main(command: string[]): Promise<number> {
	const { file = "", supervisor } = readHandover();
	setParentDeathSignal(supervisor);
	return runRole("child", file, async () => {
		const { child } = loadContainer(file);
		await child(command);
		throw new TypeError(
			"child() returned, and did not become the command: its last call is execvp(command)",
		);
	});
}
