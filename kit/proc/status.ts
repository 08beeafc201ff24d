/** The fields of /proc/PID/status. proc_pid_status(5) */

import { read } from "./procfs.ts";

/** The fields by their names, as the kernel writes them: "PPid" is "1". */
export type Status = ReadonlyMap<string, string>;

/** All fields of a process at one moment. Undefined if there is no such process. */
export function readStatus(pid: number | "self"): Status | undefined {
	const text = read(`/proc/${pid}/status`);
	if (text === undefined) return undefined;
	const fields = new Map<string, string>();
	for (const line of text.split("\n")) {
		const colon = line.indexOf(":");
		if (colon > 0)
			fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
	}
	return fields;
}

/** One field. Undefined if there is no such process or field. */
export function statusField(
	pid: number | "self",
	field: string,
): string | undefined {
	return readStatus(pid)?.get(field);
}

/** A process's PIDs, from the PID namespace of this /proc to its own. pid_namespaces(7) */
export function pidsOf(pid: number): number[] {
	return pidsIn(readStatus(pid));
}

/** The same, from a status that was already read. */
export function pidsIn(status: Status | undefined): number[] {
	return (status?.get("NSpid") ?? "").split("\t").map(Number);
}

/** A field that is a mask in hexadecimal: capabilities, signals. */
export function maskIn(status: Status | undefined, field: string): bigint {
	return BigInt(`0x${status?.get(field) ?? "0"}`);
}
