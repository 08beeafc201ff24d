/** A sandbox's cgroup: the grader makes it before the sandbox, and the container makes its own below it. */

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { isTreeWritable, prepareCgroup, removeCgroup } from "../host/cgroup.ts";
import { within } from "../proc/enter.ts";
import { list, read } from "../proc/procfs.ts";

export interface GroupPlace {
	/** The sandbox's group, whose limits hold for all in it. */
	path: string;
	/** The group of the sandbox's own processes: in version 2 a group that passes controllers on has no members. */
	members: string;
	/** Where the container makes its cgroup. */
	container: string;
	/** Removes all that was made there. */
	remove(): void;
}

/** What a sandbox may take of the machine, where the kernel's files for that are there. */
const LIMITS = { "pids.max": "600", "memory.max": String(1 << 30) };

/**
 * Makes a group for a sandbox. Undefined where this machine lets nobody make one.
 *
 * @param isNeeded the step is about groups. For the limits alone, Docker's read-only tree stays as it is: there
 *   the whole dev container has a limit.
 */
export function makeGroup(isNeeded: boolean): GroupPlace | undefined {
	if (!isNeeded && !isTreeWritable()) return undefined;
	try {
		const { path } = prepareCgroup();
		const members = join(path, "sandbox");
		mkdirSync(members, { recursive: true });
		passControllersOn(path);
		for (const [file, limit] of Object.entries(LIMITS))
			if (existsSync(join(path, file))) writeFileSync(join(path, file), limit);
		const remove = () => removeCgroup(path);
		return { path, members, container: join(path, "container"), remove };
	} catch {
		return undefined;
	}
}

/**
 * Moves a sandbox's first process into its group as soon as it is born. The kernel takes
 * some ten milliseconds for that, in which the sandbox goes on being made.
 *
 * @param first its PID; undefined while it is not born, 0 once the sandbox is gone
 */
export async function admit(
	{ members }: GroupPlace,
	first: () => number | undefined,
): Promise<void> {
	let pid = first();
	for (; pid === undefined; pid = first()) await setTimeout(1);
	if (pid !== 0) await writeFile(join(members, "cgroup.procs"), String(pid));
}

/** In version 2, a group's own groups have only the limits that it passes on. */
function passControllersOn(path: string): void {
	const controllers = read(join(path, "cgroup.controllers"));
	if (controllers === undefined) return;
	const words = controllers.split(/\s+/).filter(Boolean);
	writeFileSync(
		join(path, "cgroup.subtree_control"),
		words.map((name) => `+${name}`).join(" "),
	);
}

/** Keeps what the kernel counted in a group, before the group is removed. */
export function countsOf(group: string | undefined): (file: string) => string {
	const counts = new Map<string, string>();
	if (group === undefined) return () => "";
	for (const file of list(group))
		if (/\.(events|stat|max|peak)$/.test(file))
			counts.set(file, read(join(group, file)) ?? "");
	return (file) => counts.get(file) ?? "";
}

/** A file of a container's cgroup. Undefined if the group or the file is not there. */
export function readGroup(
	group: string | undefined,
	file: string,
): string | undefined {
	return group === undefined ? undefined : read(join(group, file))?.trim();
}

/** The groups of a process as the process itself sees them, a line for each tree: "0::/". cgroups(7) */
export function groupsSeenBy(pid: number): string[] {
	const lines = within("cgroup", pid, () => read(`/proc/${pid}/cgroup`));
	return (lines ?? "").trim().split("\n");
}
