/** What confines this process: its capabilities and AppArmor. */

import { read } from "./procfs.ts";
import { maskIn, readStatus } from "./status.ts";

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

/** What confines this process. It is read once, and /proc has to be there: after a chroot it may not be. */
export function confinement(): Confinement {
	known ??= {
		capabilities: maskIn(readStatus("self"), "CapEff"),
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

function appArmorProfile(): string | undefined {
	const profile = read("/proc/self/attr/current")?.replace(/[\0\n]+$/, "");
	return profile && profile !== "unconfined" ? profile : undefined;
}
