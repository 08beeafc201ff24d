/** Root's power, in forty-one pieces. capabilities(7) */

import { prctl } from "./prctl.ts";
import { syscall } from "./syscalls.ts";

/** All capabilities by number, from <linux/capability.h>. */
export const CAPABILITIES = [
	"CAP_CHOWN",
	"CAP_DAC_OVERRIDE",
	"CAP_DAC_READ_SEARCH",
	"CAP_FOWNER",
	"CAP_FSETID",
	"CAP_KILL",
	"CAP_SETGID",
	"CAP_SETUID",
	"CAP_SETPCAP",
	"CAP_LINUX_IMMUTABLE",
	"CAP_NET_BIND_SERVICE",
	"CAP_NET_BROADCAST",
	"CAP_NET_ADMIN",
	"CAP_NET_RAW",
	"CAP_IPC_LOCK",
	"CAP_IPC_OWNER",
	"CAP_SYS_MODULE",
	"CAP_SYS_RAWIO",
	"CAP_SYS_CHROOT",
	"CAP_SYS_PTRACE",
	"CAP_SYS_PACCT",
	"CAP_SYS_ADMIN",
	"CAP_SYS_BOOT",
	"CAP_SYS_NICE",
	"CAP_SYS_RESOURCE",
	"CAP_SYS_TIME",
	"CAP_SYS_TTY_CONFIG",
	"CAP_MKNOD",
	"CAP_LEASE",
	"CAP_AUDIT_WRITE",
	"CAP_AUDIT_CONTROL",
	"CAP_SETFCAP",
	"CAP_MAC_OVERRIDE",
	"CAP_MAC_ADMIN",
	"CAP_SYSLOG",
	"CAP_WAKE_ALARM",
	"CAP_BLOCK_SUSPEND",
	"CAP_AUDIT_READ",
	"CAP_PERFMON",
	"CAP_BPF",
	"CAP_CHECKPOINT_RESTORE",
] as const;

export type Capability = (typeof CAPABILITIES)[number];

/** The fourteen that Docker leaves to a container. */
export const DOCKER_CAPABILITIES: readonly Capability[] = [
	"CAP_AUDIT_WRITE",
	"CAP_CHOWN",
	"CAP_DAC_OVERRIDE",
	"CAP_FOWNER",
	"CAP_FSETID",
	"CAP_KILL",
	"CAP_MKNOD",
	"CAP_NET_BIND_SERVICE",
	"CAP_NET_RAW",
	"CAP_SETFCAP",
	"CAP_SETGID",
	"CAP_SETPCAP",
	"CAP_SETUID",
	"CAP_SYS_CHROOT",
];

/**
 * Cuts the bounding set to these capabilities, and empties the inheritable set. The two are what execve gives root:
 * the lines that follow still have all of root's power, the command has these capabilities and no others.
 *
 * @param kept the capabilities that stay
 * @throws SyscallError EPERM: without CAP_SETPCAP.
 * @see capabilities(7), PR_CAPBSET_DROP(2const)
 */
export function limitCapabilities(kept: readonly Capability[]): void {
	const [PR_CAPBSET_DROP] = [24];
	const unknown = kept.find((name) => !CAPABILITIES.includes(name));
	if (unknown !== undefined)
		throw new TypeError(
			`limitCapabilities(kept): there is no capability ${JSON.stringify(unknown)}; their names begin with CAP_`,
		);
	for (const [number, name] of CAPABILITIES.entries())
		if (!kept.includes(name))
			prctl([PR_CAPBSET_DROP, number], ["PR_CAPBSET_DROP", name]);
	clearInheritable();
}

/** Docker before 20.10.14 leaves something in there, and the bounding set does not stop it. capset(2) */
function clearInheritable(): void {
	const [VERSION_3, SELF] = [0x20080522, 0];
	const header = Uint32Array.of(VERSION_3, SELF);
	// Effective, permitted, inheritable: the lower 32 capabilities, then the higher.
	const sets = new Uint32Array(6);
	syscall(
		"int capget(void *header, void *data)",
		[header, sets],
		["self", "sets"],
	);
	sets[2] = 0;
	sets[5] = 0;
	syscall(
		"int capset(void *header, const void *data)",
		[header, sets],
		["self", "inheritable=0"],
	);
}
