import {
	ADDRESS,
	addDefaultRoute,
	addVeth,
	CGROUP,
	CLONE_NEWCGROUP,
	CLONE_NEWIPC,
	CLONE_NEWNET,
	CLONE_NEWNS,
	CLONE_NEWPID,
	CLONE_NEWUTS,
	chdir,
	DOCKER_CAPABILITIES,
	denySyscalls,
	execvp,
	GATEWAY,
	IMAGE,
	joinCgroup,
	limitCapabilities,
	MASKED_PATHS,
	MNT_DETACH,
	MS_NODEV,
	MS_NOEXEC,
	MS_NOSUID,
	MS_PRIVATE,
	MS_RDONLY,
	MS_REC,
	makeDevices,
	makeReadOnly,
	mask,
	mkdir,
	mount,
	openNetwork,
	pivotRoot,
	READONLY_PATHS,
	ROOTFS,
	reexec,
	setgid,
	setgroups,
	sethostname,
	setLimit,
	setNoNewPrivs,
	setUp,
	setuid,
	umount,
	unshare,
	VETH,
} from "#runtime";

/** Runs in the dev container: prepares the namespaces, starts the child, waits for it. */
export async function run(command: string[]): Promise<number> {
	// Make a cgroup for the container: twenty processes, 256 MiB, a fifth of a processor.
	mkdir(CGROUP);
	setLimit("pids.max", "20");
	setLimit("memory.max", "256M");
	setLimit("memory.swap.max", "0");
	setLimit("cpu.max", "20000 100000");

	// Give the child a new UTS namespace: a rename inside changes no name outside.
	// Give the child a new PID namespace: its first process is PID 1.
	// Give the child a new mount namespace: a list of mounts of its own.
	unshare(CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNS);

	// Keep hold of the network. Give the child a new one, and a new IPC namespace.
	const outside = openNetwork();
	unshare(CLONE_NEWNET | CLONE_NEWIPC);

	// Switch its loopback on. Lay a cable to it, with addresses and a default route.
	const inside = openNetwork();
	setUp(inside, "lo");
	addVeth(outside, VETH, inside, "eth0");
	setUp(outside, VETH, `${GATEWAY}/30`);
	setUp(inside, "eth0", `${ADDRESS}/30`);
	addDefaultRoute(inside, GATEWAY);

	// Start this program again in the child role, and return the child's exit status.
	return reexec(command);
}

/** Runs in the child process: prepares the container, then becomes the command. Does not return. */
export function child(command: string[]): never {
	// Join the cgroup before anything else is made, and show it as the root of its tree.
	// Move to a mount namespace that the supervisor does not share.
	joinCgroup();
	unshare(CLONE_NEWNS | CLONE_NEWCGROUP);

	// Make all mounts private to the container.
	mount(null, "/", null, MS_REC | MS_PRIVATE);

	// Set a host name that differs from the dev container's.
	sethostname("container");

	// Put an empty layer in memory over the root file system: all writes go there.
	mount("tmpfs", "/mnt", "tmpfs");
	mkdir("/mnt/upper");
	mkdir("/mnt/work");
	// Let the root file system be the image's layers.
	const lower = IMAGE.layers.join(":");
	const layers = `lowerdir=${lower},upperdir=/mnt/upper,workdir=/mnt/work`;
	mount("overlay", ROOTFS, "overlay", 0, layers);
	chdir(ROOTFS);

	// Make it the root of the mount namespace, and get rid of the old root.
	pivotRoot(".", ".");
	umount(".", MNT_DETACH);

	// Mount a /proc of the container's processes; allow no programs or devices in it.
	mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC);

	// Give it a /dev of its own: devices, terminals, shared memory; and /sys, read-only.
	mount("tmpfs", "/dev", "tmpfs", MS_NOSUID, "mode=755");
	makeDevices("/dev");
	const modes = "ptmxmode=0666,mode=0620,gid=5";
	mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, modes);
	mount("shm", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC);
	mount("sysfs", "/sys", "sysfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC);

	// Make the settings of the whole machine read-only, and cover what tells of it.
	for (const path of READONLY_PATHS) makeReadOnly(path);
	for (const path of MASKED_PATHS) mask(path);

	// Leave the command Docker's capabilities only, and let no program gain any.
	limitCapabilities(DOCKER_CAPABILITIES);
	setNoNewPrivs();

	// Have the kernel refuse calls for namespaces, mounts, and what no namespace separates.
	denySyscalls("unshare", "clone", "setns", "pivot_root", "mount", "umount2");
	denySyscalls("keyctl", "add_key", "request_key", "bpf", "io_uring_setup");

	// Go to the image's working directory, and become the image's user.
	// Take the image's entrypoint and environment, and its command where none is given.
	chdir(IMAGE.workingDirectory);
	setgroups(IMAGE.user.groups);
	setgid(IMAGE.user.gid);
	setuid(IMAGE.user.uid);
	const words = command.length > 0 ? command : IMAGE.command;

	// Become the command: the same process, a new program.
	execvp([...IMAGE.entrypoint, ...words], IMAGE.env);
}
