import {
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
	sethostname,
	setLimit,
	setNoNewPrivs,
	setUp,
	umount,
	unshare,
	VETH,
} from "#runtime";

/** Runs in the dev container: prepares the namespaces, starts the child, waits for it. */
export async function run(command: string[]): Promise<number> {
	// Make a cgroup for the container: twenty processes, 64 MiB, a fifth of one processor.
	mkdir(CGROUP);
	setLimit("pids.max", "20");
	setLimit("memory.max", "64M");
	setLimit("cpu.max", "20000 100000");

	// Keep hold of the dev container's network, which this process is about to leave.
	const outside = openNetwork();

	// Give the child a new UTS namespace: a rename inside changes no name outside.
	// Give the child a new PID namespace: its first process is PID 1.
	// Give the child a new mount namespace: a list of mounts of its own.
	// Give the child a new network namespace, and a new IPC namespace.
	unshare(
		CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC,
	);

	// Switch its loopback on, and lay a cable to it, with an address at either end.
	const inside = openNetwork();
	setUp(inside, "lo");
	addVeth(outside, VETH, inside, "eth0");
	setUp(outside, VETH, "10.0.0.1/24");
	setUp(inside, "eth0", "10.0.0.2/24");
	addDefaultRoute(inside, "10.0.0.1");

	// Start this program again in the child role, and return the child's exit status.
	return reexec(command);
}

/** Runs in the child process: prepares the container, then becomes the command. Does not return. */
export function child(command: string[]): never {
	// Join the cgroup before anything else is made.
	joinCgroup();

	// Leave the supervisor's mount namespace: what moves the root here moves nobody else's.
	// Make the cgroup the top of the tree of groups that the container sees.
	unshare(CLONE_NEWNS | CLONE_NEWCGROUP);

	// Make all mounts private to the container.
	mount(null, "/", null, MS_REC | MS_PRIVATE);

	// Set a host name that differs from the dev container's.
	sethostname("container");

	// Lay an empty layer in memory over the root file system: what is written goes there.
	mount("tmpfs", "/mnt", "tmpfs");
	mkdir("/mnt/upper");
	mkdir("/mnt/work");
	mount(
		"overlay",
		ROOTFS,
		"overlay",
		0,
		`lowerdir=${ROOTFS},upperdir=/mnt/upper,workdir=/mnt/work`,
	);
	chdir(ROOTFS);

	// Make it the root of the mount namespace, and let the old root go.
	pivotRoot(".", ".");
	umount(".", MNT_DETACH);

	// Mount a /proc of the container's processes; allow no programs or devices in it.
	mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC);

	// Give it a /dev of its own: devices, terminals, shared memory.
	mount("tmpfs", "/dev", "tmpfs", MS_NOSUID, "mode=755");
	makeDevices("/dev");
	mount(
		"devpts",
		"/dev/pts",
		"devpts",
		MS_NOSUID | MS_NOEXEC,
		"newinstance,ptmxmode=0666,mode=0620,gid=5",
	);
	mount(
		"shm",
		"/dev/shm",
		"tmpfs",
		MS_NOSUID | MS_NODEV | MS_NOEXEC,
		"size=64m",
	);

	// Mount the kernel's tree of devices on /sys, to read and not to write.
	mount("sysfs", "/sys", "sysfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC);

	// Make the switches of the whole machine read-only, and cover what tells of it.
	for (const path of READONLY_PATHS) makeReadOnly(path);
	for (const path of MASKED_PATHS) mask(path);

	// Keep the capabilities that Docker leaves to a container, and give up all others.
	limitCapabilities(DOCKER_CAPABILITIES);

	// Let no program get more privileges than the one that starts it.
	setNoNewPrivs();

	// Have the kernel refuse the system calls that make namespaces and mounts, or reach into the kernel.
	denySyscalls("unshare", "clone", "setns", "pivot_root", "mount", "umount2");
	denySyscalls("fsopen", "open_tree", "move_mount", "ptrace", "bpf", "keyctl");

	// Become the command: the same process, a new program.
	execvp(command);
}
