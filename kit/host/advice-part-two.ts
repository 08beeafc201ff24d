/** Advice on the system calls of Part two, which advice.ts adds to its own. */

export interface Advice {
	/** What the error means in this workshop. */
	means: string;
	/** What to do about it. */
	todo: string;
}

const PROFILE: Advice = {
	means:
		"a seccomp filter refuses it, even to root: Docker's default profile does",
	todo: "open the dev container with docker run --security-opt seccomp=docker/seccomp.json …, or: docker compose run --rm dev. Or take the way with MS_MOVE, at the end of npm run notes 7",
};

const NOT_ROOT: Advice = {
	means: "this process has become another user already, and has lost the right",
	todo: "call setgroups first, then setgid, and setuid last",
};

const NO_SUCH_LIMIT: Advice = {
	means: "the group has no such file, or there is no group of this name here",
	todo: "call mkdir(CGROUP) before setLimit, and joinCgroup before pivotRoot; `ls /sys/fs/cgroup/workshop-*` lists the names of the files",
};

const READ_ONLY_TREE: Advice = {
	means: "the tree of cgroups can't be written here",
	todo: "call mkdir(CGROUP) in run(), and joinCgroup() as the first line of child(); npm run doctor says whether this machine allows it",
};

/** The options of an overlay are one string. The kernel says which of them it did not like in its own log alone. */
const overlay: Record<string, Advice> = {
	EINVAL: {
		means:
			"one of these: upperdir or workdir is not on a tmpfs, and another overlay can't hold them; the two are on different mounts; an option is missing or misspelled, a blank follows a comma, or several lower directories have no colon between them",
		todo: "mount a tmpfs, make both directories in it, and pass lowerdir=…,upperdir=…,workdir=… as one string. `dmesg` on the machine has the kernel's reason",
	},
	ENOENT: {
		means:
			"one of lowerdir, upperdir and workdir does not exist; ROOTFS is a name to the kernel if the string stands in plain quotes",
		todo: "call mkdir for upper and work after the tmpfs is mounted, and write the options in backquotes",
	},
	EBUSY: {
		means: "another overlay uses this upperdir or workdir",
		todo: "mount a tmpfs of the container's own first",
	},
};

export const laterLikely: Record<
	string,
	(args: string[]) => Advice | undefined
> = {
	"pivot_root EPERM": () => PROFILE,
	"pivot_root EBUSY": () => ({
		means: "the new root is on the mount that is the root already",
		todo: "make ROOTFS a mount first, and call chdir(ROOTFS) after that, not before",
	}),
	"pivot_root EINVAL": () => ({
		means:
			"the new root is no mount point, or the mount that it hangs on is shared",
		todo: "make ROOTFS a mount, and make all mounts private before: MS_REC | MS_PRIVATE on /",
	}),
	"pivot_root ENOENT": () => ({
		means: "one of the two directories does not exist",
		todo: 'call chdir(ROOTFS) and pivotRoot(".", "."): then no directory has to be made for the old root',
	}),
	"mount EINVAL": ([, , fstype]) => ofOverlay(fstype, "EINVAL"),
	"mount ENOENT": ([, target = "", fstype]) =>
		/^"\/dev\/(pts|shm)"$/.test(target)
			? {
					means: `there is no directory ${target} in the new /dev`,
					todo: 'call makeDevices("/dev") below the mount on /dev: it makes the directory',
				}
			: ofOverlay(fstype, "ENOENT"),
	"mount EBUSY": ([, , fstype]) => ofOverlay(fstype, "EBUSY"),

	"netlink EPERM": () => ({
		means:
			"this process lacks CAP_NET_ADMIN, without which the kernel changes no network device",
		todo: "open the dev container with: docker run --cap-add=NET_ADMIN …, or: docker compose run --rm dev",
	}),
	"netlink ENOTSUP": () => ({
		means:
			"this machine's kernel can't make a veth device: its module is not loaded",
		todo: "load it on the machine itself, as root, not in the dev container: modprobe veth",
	}),
	"netlink EEXIST": () => ({
		means:
			"that network has a device of this name, an address or a route like it already",
		todo: "call unshare(CLONE_NEWNET) between the two openNetwork(), and name the outer end VETH, which is another name in each run",
	}),
	"netlink ENODEV": () => ({
		means: "that network has no device of this name",
		todo: "check which of the two networks this line is about: `outside` is the dev container's, `inside` the container's",
	}),
	"netlink ENETUNREACH": () => ({
		means: "no device of that network leads to the gateway yet",
		todo: "give eth0 its address, and switch it on, before the route is added",
	}),

	"mkdir ENOENT": ([path = ""]) => ofCgroup(path, NO_SUCH_LIMIT),
	"mkdir EROFS": ([path = ""]) => ofCgroup(path, READ_ONLY_TREE),
	"mkdir EEXIST": ([path = ""]) =>
		ofCgroup(path, {
			means: "the group is there already",
			todo: "call mkdir(CGROUP) once, in run()",
		}),
	"write ENOENT": () => NO_SUCH_LIMIT,
	"write EACCES": () => NO_SUCH_LIMIT,
	"write EPERM": () => NO_SUCH_LIMIT,
	"write EROFS": () => READ_ONLY_TREE,
	"write EINVAL": () => ({
		means: "the kernel does not take this value for this limit",
		todo: 'pids.max takes a number, memory.max bytes or "256M", cpu.max two numbers with a blank between them',
	}),

	"prctl EPERM": () => ({
		means:
			"this process lacks CAP_SETPCAP, without which it can't change its capabilities",
		todo: "call limitCapabilities once, in child(), and with CAP_SETPCAP in its list",
	}),
	"prctl EACCES": () => ({
		means: "the kernel takes a filter only with no_new_privs, or from root",
		todo: "call setNoNewPrivs() above denySyscalls(…)",
	}),
	"capset EPERM": () => ({
		means: "a process can't get capabilities that it has not",
		todo: "call limitCapabilities once, before setuid",
	}),
	"setresuid EPERM": () => NOT_ROOT,
	"setresgid EPERM": () => NOT_ROOT,
	"setgroups EPERM": () => NOT_ROOT,
};

/** What the learner's own code has taken away above the line that failed. */
export function takenAway(syscall: string, above: string): Advice | undefined {
	const [inRun = "", inChild = ""] = above.split(/^export function child/m);
	const denied = [...inChild.matchAll(/^\s*denySyscalls\(([^)]*)\)/gm)];
	if (denied.some(([, names = ""]) => names.includes(`"${syscall}"`)))
		return {
			means: `your own filter refuses ${syscall}: it counts from its line on, for your code as well`,
			todo: "move denySyscalls(…) below this line; what it may stand above is execvp(command) alone",
		};
	if (/^\s*limitCapabilities\(/m.test(inRun) && inChild)
		return {
			means:
				"limitCapabilities(…) in run() counts for the child, which has lost the right to do this",
			todo: "move it to child(), right above execvp(command)",
		};
	return undefined;
}

function ofOverlay(
	fstype: string | undefined,
	code: keyof typeof overlay,
): Advice | undefined {
	return fstype === '"overlay"' ? overlay[code] : undefined;
}

function ofCgroup(path: string, advice: Advice): Advice | undefined {
	return /cgroup|^""$/.test(path) ? advice : undefined;
}
