/** What the kernel tells of a process: its namespaces, and what confines it. proc(5) */

import { readFileSync } from "node:fs";

/** Capability numbers, from <linux/capability.h>. capabilities(7) */
const CAPABILITIES = { SYS_CHROOT: 18, SYS_ADMIN: 21 };

export type Capability = keyof typeof CAPABILITIES;

export interface Confinement {
	/** Effective capabilities, a bit each. */
	capabilities: bigint;
	/** The AppArmor profile that confines this process, e.g. "docker-default (enforce)". */
	apparmor: string | undefined;
}

let known: Confinement | undefined;

/**
 * What confines this process. It is read once, and `reexec`'s child does so at
 * its start: after chroot there may be no /proc to ask.
 */
export function confinement(): Confinement {
	known ??= {
		capabilities: BigInt(`0x${statusField("self", "CapEff") ?? "0"}`),
		apparmor: appArmorProfile(),
	};
	return known;
}

/** Whether this process has a capability in effect. capabilities(7) */
export function hasCapability(name: Capability): boolean {
	return (
		((confinement().capabilities >> BigInt(CAPABILITIES[name])) & 1n) === 1n
	);
}

/** A field of /proc/PID/status, or undefined where there is no such process or field. proc_pid_status(5) */
export function statusField(
	pid: number | "self",
	field: string,
): string | undefined {
	const status = read(`/proc/${pid}/status`) ?? "";
	return new RegExp(`^${field}:\\s*(.*)$`, "m").exec(status)?.[1];
}

function appArmorProfile(): string | undefined {
	const profile = read("/proc/self/attr/current")?.replace(/[\0\n]+$/, "");
	return profile && profile !== "unconfined" ? profile : undefined;
}

function read(path: string): string | undefined {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return undefined;
	}
}
