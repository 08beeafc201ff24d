/** What confines this process: its capabilities and AppArmor. */

import { read } from "./procfs.ts";
import { maskIn, readStatus } from "./status.ts";

/** Capability numbers, from <linux/capability.h>. capabilities(7) */
const CAPABILITIES = { DAC_OVERRIDE: 1, SYS_CHROOT: 18, SYS_ADMIN: 21 };

export type Capability = keyof typeof CAPABILITIES;

export interface Confinement {
	/** Effective capabilities, a bit each. */
	capabilities: bigint;
	/** The AppArmor profile that confines this process, e.g. "docker-default (enforce)". */
	apparmor: string | undefined;
	/** The SELinux context of this process, e.g. "system_u:system_r:container_t:s0:c1,c2". */
	selinux: string | undefined;
	/** Whether this process is in a user namespace other than the machine's: rootless Docker or Podman. user_namespaces(7) */
	inUserNamespace: boolean;
}

let known: Confinement | undefined;

/** What confines this process. It is read once, and /proc has to be there: after a chroot it may not be. */
export function confinement(): Confinement {
	known ??= {
		capabilities: maskIn(readStatus("self"), "CapEff"),
		...labels(
			read("/proc/self/attr/apparmor/current"),
			read("/proc/self/attr/current"),
		),
		inUserNamespace: !/^\s*0\s+0\s+4294967295$/m.test(
			read("/proc/self/uid_map") ?? "0 0 4294967295",
		),
	};
	return known;
}

/** Whether this process has a capability in effect. capabilities(7) */
export function hasCapability(name: Capability): boolean {
	return (
		((confinement().capabilities >> BigInt(CAPABILITIES[name])) & 1n) === 1n
	);
}

/**
 * Whose label a process carries. All security modules share attr/current; a value
 * with colons between its words is SELinux's.
 *
 * @param own what attr/apparmor/current says, since Linux 5.8
 * @param shared what attr/current says
 */
export function labels(
	own: string | undefined,
	shared: string | undefined,
): Pick<Confinement, "apparmor" | "selinux"> {
	const text = (own ?? shared ?? "").replace(/[\0\n]+$/, "");
	const other = (shared ?? "").replace(/[\0\n]+$/, "");
	const isContext = /^\w+:\w+:\w+(:|$)/;
	return {
		apparmor:
			text === "" || text === "unconfined" || isContext.test(text)
				? undefined
				: text,
		selinux: isContext.test(other) ? other : undefined,
	};
}
