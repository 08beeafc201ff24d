/** What holds a process back, beside its namespaces: the mounts of / and /dev, limits, capabilities, filters. */

import { CAPABILITIES } from "../../runtime/capabilities.ts";
import { type Mount, mountsOf } from "./mounts.ts";
import { read } from "./procfs.ts";
import { maskIn, readStatus } from "./status.ts";

export interface Bounds {
	/** The mount that is its /, and the one on its /dev. */
	top: MountPoint;
	dev: MountPoint;
	limits: Limits;
	/** The capabilities that a program of it can have at most, without CAP_: its bounding set. */
	powers: string[];
	/** The number of those that it has in effect. */
	inEffect: number;
	/** The number of its seccomp filters. */
	filters: number;
}

/** A mount as a file system and the directory of it that is mounted: a copy in another namespace is the same. Empty if there is none. */
export interface MountPoint {
	id: string;
	type: string;
}

/** What a cgroup may have at most, and what it has now. */
export interface Limits {
	/** The group: "/workshop-…". */
	group: string;
	/** "1/20": processes and threads. Undefined where there is no limit. */
	pids: string | undefined;
	/** "3M/256M" */
	memory: string | undefined;
}

/** @param mounts those that the process sees itself */
export function boundsOf(pid: number, mounts: Mount[]): Bounds {
	const status = readStatus(pid);
	return {
		top: mountOn(mounts, "/"),
		dev: mountOn(mounts, "/dev"),
		limits: limitsOf(pid),
		powers: namesIn(maskIn(status, "CapBnd")),
		inEffect: namesIn(maskIn(status, "CapEff")).length,
		filters: Number(status?.get("Seccomp_filters") ?? 0),
	};
}

/** The capabilities of a mask. A new kernel may have some that have no name here. */
function namesIn(mask: bigint): string[] {
	const bits = [...mask.toString(2)].reverse();
	return bits.flatMap((bit, number) =>
		bit === "1"
			? (CAPABILITIES[number]?.replace("CAP_", "") ?? String(number))
			: [],
	);
}

function mountOn(mounts: Mount[], target: string): MountPoint {
	// The last one covers those before it.
	const mount = mounts.filter((it) => it.target === target).at(-1);
	const [, , device = "", directory = ""] = mount?.line.split(" ") ?? [];
	return { id: mount ? `${device} ${directory}` : "", type: mount?.type ?? "" };
}

/** Version 2 has one tree. In version 1 the controller of processes has its own, with the same files. */
function limitsOf(pid: number): Limits {
	const groups = read(`/proc/${pid}/cgroup`) ?? "";
	const tree = "/sys/fs/cgroup";
	const one = /^\d+:(?:.*,)?pids(?:,.*)?:(.*)$/m.exec(groups)?.[1];
	const group = one ?? /^0::(.*)$/m.exec(groups)?.[1] ?? "";
	const top = one === undefined ? tree : `${tree}/pids`;
	const folder = `${top}${belowMount(top, group)}`;
	return {
		group,
		pids: share(folder, "pids", Number),
		memory: share(folder, "memory", mebibytes),
	};
}

/** A group's path below what is mounted: Docker mounts the container's own group alone, and /proc names it from the host's root. */
function belowMount(top: string, group: string): string {
	const mount = mountsOf(process.pid).findLast(({ target }) => target === top);
	const root = mount?.line.split(" ")[3] ?? "/";
	return root !== "/" && group.startsWith(`${root}/`)
		? group.slice(root.length)
		: group;
}

function share(
	folder: string,
	what: string,
	tell: (text: string) => number | string,
): string | undefined {
	const limit = read(`${folder}/${what}.max`)?.trim();
	if (limit === undefined || limit === "max") return undefined;
	return `${tell(read(`${folder}/${what}.current`) ?? "0")}/${tell(limit)}`;
}

function mebibytes(text: string): string {
	return `${Math.round(Number(text) / 2 ** 20)}M`;
}
