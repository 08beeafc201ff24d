/**
 * What a failed system call means here, and what to do: one system call gives EPERM for
 * a dozen reasons, and in this workshop one or two of them are likely.
 */

import type { SyscallError } from "../../runtime/errors.ts";
import { confinement, hasCapability } from "../proc/confinement.ts";

export interface Advice {
	/** What the error means in this workshop. */
	means: string;
	/** What to do about it. */
	todo: string;
}

/** The words for a dev container that lacks a capability, AppArmor's leave, or seccomp's. */
export const remedies = {
	SYS_ADMIN: {
		means:
			"this process lacks CAP_SYS_ADMIN, without which the kernel makes no namespace and no mount",
		todo: "open the dev container with: docker run --cap-add=SYS_ADMIN …, or: docker compose run --rm dev",
	},
	SYS_CHROOT: {
		means: "this process lacks CAP_SYS_CHROOT",
		todo: "open the dev container with: docker run --cap-add=SYS_CHROOT …, or: docker compose run --rm dev",
	},
	apparmor: {
		means:
			"AppArmor denies it: Docker's profile docker-default refuses every mount, whatever the capabilities",
		todo: "open the dev container with: docker run --security-opt apparmor=unconfined …, or: docker compose run --rm dev",
	},
	seccomp: {
		means:
			"CAP_SYS_ADMIN is there, so it is a seccomp filter that denies this system call",
		todo: "open the dev container without a seccomp profile of your own: Docker's default one allows it once --cap-add=SYS_ADMIN is given; else --security-opt seccomp=unconfined",
	},
} satisfies Record<string, Advice>;

/** What a failed system call means in this workshop and what to do, if there is more to say than its message does. */
export function advise(error: SyscallError): Advice | undefined {
	const { syscall, code, args } = error;
	return likely[`${syscall} ${code}`]?.(args);
}

const likely: Record<string, (args: string[]) => Advice> = {
	"unshare EPERM": () =>
		hasCapability("SYS_ADMIN") ? remedies.seccomp : remedies.SYS_ADMIN,
	"unshare EINVAL": ([flags = ""]) =>
		flags.includes("CLONE_NEWUSER")
			? {
					means:
						"Node has threads, and a process that has threads can't move into a new user namespace",
					todo: "leave CLONE_NEWUSER out: the workshop's container runs as root and needs none",
				}
			: {
					means:
						"a flag is no namespace that this kernel knows; or CLONE_NEWPID was asked for twice, and this process's children already go elsewhere",
					todo: "one unshare for one container, with the CLONE_NEW… constants from #runtime joined by |",
				},
	"unshare ENOSPC": () => ({
		means:
			"the kernel's limit on namespaces is reached, or they are nested more than 32 deep",
		todo: "end containers that are still running; the limits are in /proc/sys/user/max_*_namespaces",
	}),

	"sethostname EINVAL": () => ({
		means:
			"the kernel takes a host name of at most 64 bytes, and not every character is one byte",
		todo: "choose a shorter name",
	}),
	"sethostname EPERM": () =>
		hasCapability("SYS_ADMIN") ? remedies.seccomp : remedies.SYS_ADMIN,

	"chroot ENOENT": ([path]) => ({
		means: `there is no directory ${path} to make the root of`,
		todo: "use ROOTFS from #runtime. If WORKSHOP_ROOTFS is set, let it name a root file system, or unset it and the kit makes one",
	}),
	"chroot ENOTDIR": ([path]) => ({
		means: `${path} is a file, and a root must be a directory`,
		todo: "use ROOTFS from #runtime",
	}),
	"chroot EPERM": () => remedies.SYS_CHROOT,

	"chdir ENOENT": ([path]) => ({
		means: `there is no directory ${path}; after chroot, an absolute path is looked up under the new root`,
		todo: 'chdir("/") always works',
	}),

	"mount EPERM": () =>
		hasCapability("SYS_ADMIN") ? remedies.seccomp : remedies.SYS_ADMIN,
	"mount EACCES": () =>
		confinement().apparmor === undefined
			? {
					means: "a security module denies it, or its source is read-only",
					todo: "see npm run doctor",
				}
			: remedies.apparmor,
	"mount ENOENT": ([source, target]) => ({
		means: `${target} (or ${source}) is not there; after chroot, an absolute path is looked up under the new root`,
		todo: "check both paths where this line stands: before chroot or after it",
	}),
	"mount ENODEV": ([, , fstype]) => ({
		means: `this kernel has no file system called ${fstype}`,
		todo: "check the third argument; `cat /proc/filesystems` lists what there is",
	}),
	"mount EINVAL": ([, target, , flags = ""]) =>
		/MS_(PRIVATE|SLAVE|SHARED|UNBINDABLE)/.test(flags)
			? {
					means: `propagation belongs to a mount point, and ${target} is not one; after chroot, "/" is a directory like any other`,
					todo: "change the propagation of / before chroot",
				}
			: {
					means:
						"the arguments don't go together: a source that is no such file system, or a flag that needs another target",
					todo: "compare the five arguments with mount(2)",
				},
	"mount EBUSY": ([, target]) => ({
		means: `the same file system is mounted on ${target} already`,
		todo: "mount it once, in the container's own mount namespace",
	}),

	"umount2 EINVAL": ([target]) => ({
		means: `nothing is mounted on ${target} in this mount namespace`,
		todo: "`cat /proc/self/mountinfo` lists what is mounted",
	}),
	"umount2 EBUSY": ([target]) => ({
		means: `a process still uses ${target}`,
		todo: "end it first, or pass MNT_DETACH",
	}),

	"fork ENOMEM": () => ({
		means:
			"the first process of the new PID namespace has died, and a namespace without its PID 1 takes no more processes",
		todo: "one run, one container: call reexec() once",
	}),
	"fork EAGAIN": () => ({
		means: "the limit on processes is reached",
		todo: "end some; the limit is `ulimit -u`, or the container's --pids-limit",
	}),

	"execvp ENOENT": () => ({
		means:
			"no such command is in the container's PATH, which is its own, as from step 4 on its files are (or its first line names an interpreter that is not there)",
		todo: "look for it in there: ls /bin /usr/bin",
	}),
	"execvp EACCES": () => ({
		means: "it is a directory, or a file without the x permission",
		todo: "chmod +x it, or name the program itself",
	}),
	"execvp E2BIG": () => ({
		means:
			"the kernel takes at most 128 KiB in one argument, and about 2 MiB in all",
		todo: "hand the data over on stdin or in a file",
	}),
};
