/** The mounts that a process sees. proc_pid_mountinfo(5) */

import { read } from "./procfs.ts";

/** A line of mountinfo. proc_pid_mountinfo(5) */
export interface Mount {
	id: string;
	target: string;
	type: string;
	source: string;
	/** The line itself. */
	line: string;
}

/** The mounts that a process sees, in the order they were made. */
export function mountsOf(pid: number): Mount[] {
	const lines = (read(`/proc/${pid}/mountinfo`) ?? "").split("\n");
	return lines.filter(Boolean).map((line) => {
		const [id = "", , , , target = ""] = line.split(" ");
		const [type = "", source = ""] = (line.split(" - ")[1] ?? "").split(" ");
		return { id, target: unescaped(target), type, source, line };
	});
}

/**
 * Mounts of the second list that the first does not have. Propagation is not part
 * of a mount's identity. The mount ID alone is not enough, since the kernel reuses
 * the ID of an unmounted file system.
 */
export function addedMounts(some: Mount[], others: Mount[]): Mount[] {
	const identity = ({ id, type, source, target }: Mount) =>
		[id, type, source, target].join("\0");
	const known = new Set(some.map(identity));
	return others.filter((mount) => !known.has(identity(mount)));
}

/** mountinfo writes blanks and a few other characters as octal numbers. */
function unescaped(path: string): string {
	return path.replace(/\\(\d{3})/g, (_, octal) =>
		String.fromCharCode(Number.parseInt(octal, 8)),
	);
}
