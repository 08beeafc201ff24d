/** The namespaces of a process, and what a process outside can read of them. namespaces(7) */

import { hostname } from "node:os";
import { within } from "./enter.ts";
import { link, read } from "./procfs.ts";

/** The kinds of namespaces, as /proc/PID/ns names them. namespaces(7) */
export const NAMESPACES = [
	"uts",
	"mnt",
	"pid",
	"net",
	"ipc",
	"user",
	"cgroup",
	"time",
] as const;

/** A process's namespaces by kind: "uts:[4026531838]". One that can't be read is empty. */
export type Namespaces = Record<(typeof NAMESPACES)[number], string>;

/** The namespaces that a process is in: its main thread, where threads differ. namespaces(7) */
export function namespacesOf(pid: number): Namespaces {
	return Object.fromEntries(
		NAMESPACES.map((kind) => [kind, link(`/proc/${pid}/ns/${kind}`)]),
	) as Namespaces;
}

/**
 * The host name in the UTS namespace of a process. No file in /proc shows it.
 *
 * @returns undefined if the process has ended, or its namespace may not be entered
 */
export function hostnameOf(pid: number): string | undefined {
	return withinUts(pid, hostname);
}

/**
 * Calls `act` in the UTS namespace of a process. This thread enters the namespace
 * and returns afterwards.
 *
 * @returns the result of `act`; undefined if the process has ended, or its namespace may not be entered
 * @see setns(2)
 */
export function withinUts<Result>(
	pid: number,
	act: () => Result,
): Result | undefined {
	return within("uts", pid, act);
}

/** The network interfaces that a process sees. network_namespaces(7) */
export function interfacesOf(pid: number): string[] {
	return [...(read(`/proc/${pid}/net/dev`) ?? "").matchAll(/^ *([^ :]+):/gm)]
		.map(([, name = ""]) => name)
		.sort();
}

/** The IPv4 addresses that a process's network has, without the loopback's. The kernel lists them as local routes. */
export function addressesOf(pid: number): string[] {
	const routes = read(`/proc/${pid}/net/fib_trie`) ?? "";
	const local = /\|-- ([\d.]+)\n\s+\/32 host LOCAL/g;
	const addresses = [...routes.matchAll(local)].map(([, it = ""]) => it);
	return [...new Set(addresses)].filter((it) => !it.startsWith("127."));
}

/** A process's cgroup, named as in the reader's cgroup namespace. cgroups(7) */
export function cgroupOf(pid: number): string {
	return /^0::(.*)$/m.exec(read(`/proc/${pid}/cgroup`) ?? "")?.[1] ?? "";
}
