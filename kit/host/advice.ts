/**
 * What a failed system call means here, and what to do: one system call gives EPERM for
 * a dozen reasons, and in this workshop one or two of them are likely.
 */

import type { SyscallError } from "../../runtime/errors.ts";
import { confinement, hasCapability } from "../proc/confinement.ts";
import { type Advice, laterLikely, takenAway } from "./advice-part-two.ts";

/** Advice for a dev container that lacks a capability, or that AppArmor or seccomp confines. */
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
	DAC_OVERRIDE: {
		means:
			"this process lacks CAP_DAC_OVERRIDE: the grader can't write to the overlay that it lays over this machine's files",
		todo: "open the dev container with: docker run --cap-add=DAC_OVERRIDE …, or: docker compose run --rm dev",
	},
	apparmor: {
		means:
			"AppArmor denies it: Docker's profile docker-default refuses every mount, whatever the capabilities",
		todo: "open the dev container with: docker run --security-opt apparmor=unconfined …, or: docker compose run --rm dev",
	},
	selinux: {
		means:
			"SELinux denies it: the context of the dev container may not mount, whatever the capabilities",
		todo: "open the dev container with: docker run --security-opt label=disable …; a folder of the host needs :z, as in -v ./steps:/workshop/steps:z",
	},
	maskedProc: {
		means:
			"this is a user namespace (rootless Docker or Podman), where the kernel allows a new procfs only if no part of the present /proc is covered",
		todo: "open the dev container with: docker run --security-opt systempaths=unconfined …; with Podman: --security-opt unmask=ALL; in Kubernetes: procMount: Unmasked",
	},
	seccomp: {
		means:
			"this process has CAP_SYS_ADMIN, so a seccomp filter denies this system call",
		todo: "open the dev container with Docker's default seccomp profile, which allows the call with --cap-add=SYS_ADMIN; else with --security-opt seccomp=unconfined",
	},
} satisfies Record<string, Advice>;

/**
 * What a failed system call means in this workshop and what to do. Undefined if its message says all.
 *
 * @param above the learner's file up to the line that failed
 */
export function advise(error: SyscallError, above = ""): Advice | undefined {
	const { syscall, code, args } = error;
	const key = `${syscall} ${code}`;
	return (
		(code === "EPERM" ? takenAway(syscall, above) : undefined) ??
		laterLikely[key]?.(args) ??
		likely[key]?.(args, above)
	);
}

const tooLong: Advice = {
	means:
		"the arguments and the environment are too long: the kernel takes at most 128 KiB in one, and about 2 MiB in all",
	todo: "pass the data on stdin or in a file",
};

const likely: Record<string, (args: string[], above: string) => Advice> = {
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
						"this kernel knows no namespace for one of the flags; or this process has already called unshare(CLONE_NEWPID)",
					todo: "call unshare once, with the CLONE_NEW… constants from #runtime joined by |",
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

	"chroot ENOENT": ([path], above) => ({
		means: `there is no directory ${path}; after chroot or pivotRoot, an absolute path is looked up under the new root`,
		todo: /^\s*(chroot|pivotRoot)\(/m.test(above)
			? "the root has been changed above this line already: remove this call"
			: path === '"ROOTFS"'
				? "write ROOTFS without the quotes: it is a constant from #runtime"
				: "use ROOTFS from #runtime. If WORKSHOP_ROOTFS is set, it must name a root file system; unset it, and the kit makes one",
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

	"mount EPERM": ([, , fstype]) => {
		if (!hasCapability("SYS_ADMIN")) return remedies.SYS_ADMIN;
		return fstype === '"proc"' && confinement().inUserNamespace
			? remedies.maskedProc
			: remedies.seccomp;
	},
	"mount EACCES": () => {
		if (confinement().apparmor !== undefined) return remedies.apparmor;
		if (confinement().selinux !== undefined) return remedies.selinux;
		return {
			means: "a security module denies it, or its source is read-only",
			todo: "see npm run doctor",
		};
	},
	"mount ENOENT": ([source, target]) => ({
		means: `${target} or ${source} does not exist; after chroot or pivotRoot, an absolute path is looked up under the new root`,
		todo: "check both paths, and whether this line is before or after the change of root",
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
						"the arguments don't fit together: the source is not a file system of this type, a flag needs another target, or an option is misspelled",
					todo: "compare the five arguments with mount(2); options have commas between them, and no blanks",
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
			"the first process of the new PID namespace has ended, and a PID namespace without its PID 1 accepts no new process. PID 1 is the first process that run() starts after unshare(CLONE_NEWPID): a helper program, too",
		todo: "call reexec() only once in run(), and start no other program between unshare and reexec",
	}),
	"fork EAGAIN": () => ({
		means: "the limit on processes is reached",
		todo: "end some; the limit is `ulimit -u`, or the container's --pids-limit",
	}),

	"fork E2BIG": () => tooLong,

	"execvp ENOENT": () => ({
		means:
			"the container's PATH has no such command; from step 4 on, the container has its own files. A script gives the same error if the interpreter in its first line is missing",
		todo: "list the container's commands: ls /bin /usr/bin",
	}),
	"execvp EACCES": () => ({
		means: "it is a directory, or a file without the x permission",
		todo: "make the file executable with chmod +x, or name another program",
	}),
	"execvp E2BIG": () => tooLong,
};
