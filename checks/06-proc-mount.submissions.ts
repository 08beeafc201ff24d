import type { Submissions } from "../kit/grader/index.ts";

const FLAGS = "CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNS";
const PRIVATE = 'mount(null, "/", null, MS_REC | MS_PRIVATE);';
const NAME = 'sethostname("container");';
const ROOT = 'chroot(ROOTFS);\n\tchdir("/");';
const PROC =
	'mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC);';
const EXEC = "execvp(command);";

const wrong: Submissions["wrong"] = [
	{ what: "nothing is mounted", fails: "proc", edit: { [PROC]: "" } },
	{
		what: "mounted before chroot, on the other /proc",
		fails: "proc",
		edit: { [PROC]: "", "chroot(": `${PROC} chroot(` },
	},
	{
		what: "a mount namespace of its own, after the mounts",
		fails: "private",
		edit: {
			" | CLONE_NEWNS": "",
			[EXEC]: `unshare(CLONE_NEWNS);\n\t${EXEC}`,
		},
	},
	{
		what: "private, but only the root file system, which is no mount point",
		fails: "runs",
		edit: { [PRIVATE]: "mount(null, ROOTFS, null, MS_REC | MS_PRIVATE);" },
	},
	{
		what: "a tmpfs on /proc",
		fails: "proc",
		edit: { '"/proc", "proc"': '"/proc", "tmpfs"' },
	},
	{ what: "mounted on /mnt", fails: "proc", edit: { '"/proc"': '"/mnt"' } },
	{
		what: "the dev container's /proc, bound",
		fails: "proc-first",
		edit: {
			[PROC]: "",
			"chroot(": `
	mount("/proc", ROOTFS + "/proc", null, MS_BIND | MS_REC);
	chroot(`,
		},
	},
	{
		what: "mounted in run, by a process of the other PID namespace",
		fails: "proc-first",
		edit: {
			[PRIVATE]: "",
			[PROC]: "",
			"return reexec": `
	${PRIVATE}
	mount("proc", ROOTFS + "/proc", "proc");
	return reexec`,
		},
	},
	{
		what: "no mount namespace",
		fails: "private",
		edit: { " | CLONE_NEWNS": "" },
	},
	{
		what: "no mount namespace, and the number of a mount of the dev container's goes to the new one",
		fails: "private",
		edit: {
			" | CLONE_NEWNS": "",
			[PRIVATE]: 'umount("/dev/shm", MNT_DETACH);',
		},
	},
	{
		what: "no mount namespace, and cleared up afterwards",
		fails: "private",
		run: `
	unshare(CLONE_NEWUTS | CLONE_NEWPID);
	const status = await reexec(command);
	umount(ROOTFS + "/proc");
	return status;`,
		edit: { [PRIVATE]: "" },
	},
	{ what: "not private", fails: "private", edit: { [PRIVATE]: "" } },
	{
		what: "shared instead of private",
		fails: "private",
		edit: { MS_PRIVATE: "MS_SHARED" },
	},
	{
		what: "private once it is mounted",
		fails: "private",
		edit: {
			[PROC]: "",
			[PRIVATE]: `mount("proc", ROOTFS + "/proc", "proc"); ${PRIVATE}`,
		},
	},
	{
		what: "private after chroot, where / is no mount",
		fails: "runs",
		edit: { [PRIVATE]: "", [ROOT]: `${ROOT} ${PRIVATE}` },
	},
	{
		what: "private above unshare, in the dev container's own mount namespace",
		fails: "outer-mounts",
		edit: { [PRIVATE]: "", "unshare(": `${PRIVATE} unshare(` },
	},
	{
		what: "only / is private, above unshare",
		fails: "outer-mounts",
		edit: {
			[PRIVATE]: "",
			"unshare(": 'mount(null, "/", null, MS_PRIVATE); unshare(',
		},
	},
	{
		what: "the PID namespace is asked for twice",
		fails: "pid",
		edit: { "mount(null": "unshare(CLONE_NEWPID); mount(null" },
	},
	{
		what: "the dev container loses a mount",
		fails: "outer-mounts",
		edit: { "unshare(": 'umount("/dev/shm", MNT_DETACH); unshare(' },
	},
	{
		what: "no PID namespace",
		fails: "pid",
		edit: { " | CLONE_NEWPID": "" },
	},
	{
		what: "no UTS namespace",
		fails: "uts",
		edit: { "CLONE_NEWUTS | ": "" },
	},
	{
		what: "chdir is forgotten",
		fails: "directory",
		edit: { 'chdir("/");': "" },
	},
	{ what: "chroot is forgotten", fails: "root", edit: { [ROOT]: "" } },
];

const right: Submissions["right"] = [
	{
		what: "a tmpfs on /tmp",
		starred: "tmp",
		edit: {
			"execvp(command)": 'mount("tmpfs", "/tmp", "tmpfs"); execvp(command)',
		},
	},
	{
		what: "private, but only /: the root file system is part of it here",
		edit: { "MS_REC | MS_PRIVATE": "MS_PRIVATE" },
	},
	{
		what: "slave instead of private",
		edit: { MS_PRIVATE: "MS_SLAVE" },
	},
	{
		what: "private in run",
		edit: { [PRIVATE]: "", "return reexec": `${PRIVATE} return reexec` },
	},
	{
		what: "the mount namespace in child",
		edit: {
			[FLAGS]: "CLONE_NEWUTS | CLONE_NEWPID",
			"mount(null": "unshare(CLONE_NEWNS); mount(null",
		},
	},
	{
		what: "no flags",
		edit: { [PROC]: 'mount("proc", "/proc", "proc");' },
	},
	{
		what: "another source",
		edit: { 'mount("proc"': 'mount("anything"' },
	},
	{
		what: "mounted before chroot, at its place in the rootfs",
		edit: {
			[PROC]: "",
			[NAME]: `mount("proc", ROOTFS + "/proc", "proc"); ${NAME}`,
		},
	},
	{
		what: "the root moved to /, as without pivot_root",
		child: `
	${PRIVATE}
	mount(ROOTFS, ROOTFS, null, MS_BIND | MS_REC);
	chdir(ROOTFS);
	mount(".", "/", null, MS_MOVE);
	chroot(".");
	chdir("/");
	${NAME}
	${PROC}
	${EXEC}`,
	},
	{
		what: "pivot_root, with a new directory for the old root",
		top: 'import { mkdirSync, rmdirSync } from "node:fs";',
		child: `
	unshare(CLONE_NEWNS);
	${PRIVATE}
	mount(ROOTFS, ROOTFS, null, MS_BIND | MS_REC);
	mkdirSync(ROOTFS + "/old");
	pivotRoot(ROOTFS, ROOTFS + "/old");
	chdir("/");
	umount("/old", MNT_DETACH);
	rmdirSync("/old");
	${NAME}
	${PROC}
	${EXEC}`,
	},
	{
		what: "an overlay over the root file system",
		top: 'import { mkdirSync } from "node:fs";',
		// Under Docker this would be the third overlay, and the kernel stacks two.
		edit: {
			[ROOT]: `
	mount("tmpfs", "/mnt", "tmpfs");
	for (const name of ["upper", "work", "root"]) mkdirSync("/mnt/" + name);
	let root = "/mnt/root";
	try {
		const work = ",upperdir=/mnt/upper,workdir=/mnt/work";
		mount("overlay", root, "overlay", 0, "lowerdir=" + ROOTFS + work);
	} catch {
		root = ROOTFS;
	}
	chroot(root);
	chdir("/");`,
		},
	},
	{
		what: "a tmpfs on /tmp as well",
		edit: { [PROC]: `${PROC} mount("tmpfs", "/tmp", "tmpfs");` },
	},
];

export default { wrong, right };
