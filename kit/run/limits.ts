/** The container's cgroup: the kit says where it is to be made, and removes it in the end. */

import { tmpdir } from "node:os";
import { join } from "node:path";
import { existsSync, mkdtempSync, rmSync } from "../../runtime/fs.ts";
import { isTerminal, wrapToTerminal, write } from "../cli/terminal.ts";
import { prepareCgroup, removeCgroup } from "../host/cgroup.ts";
import { readHandover, tellChild } from "./handover.ts";

/**
 * Prepares a place for the container's cgroup and names it to the runtime, which reads it when it is loaded.
 * The group is removed when this process ends, however the run went. Whoever has
 * prepared a place already, as the grader does, removes the group as well.
 */
export function provideCgroup(): void {
	if (readHandover().cgroup) return;
	const { path, remove } = prepare();
	tellChild({ cgroup: path });
	process.on("exit", remove);
}

function prepare(): { path: string; remove: () => void } {
	try {
		const { path, missing } = prepareCgroup();
		// A script that reads stderr has no use for a remark that is the same each time.
		if (missing.length > 0 && isTerminal(2))
			say(
				`This machine can't set ${missing.join(" and ")} for a container: see npm run doctor.\n`,
			);
		return { path, remove: () => removeCgroup(path) };
	} catch (error) {
		say(
			`The container has no limits, because no cgroup can be made here: ${(error as Error).message}. See npm run doctor.\n`,
		);
		return plainFolder();
	}
}

/** Where nobody can make a cgroup, the limits are written to a folder and limit nothing: the steps after this one can be run. */
function plainFolder() {
	const folder = mkdtempSync(join(tmpdir(), "workshop-"));
	return {
		path: join(folder, "cgroup"),
		remove: () => {
			if (existsSync(folder)) rmSync(folder, { recursive: true });
		},
	};
}

function say(text: string): void {
	write(2, wrapToTerminal(2, text));
}
