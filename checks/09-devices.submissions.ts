import type { Submissions } from "../kit/grader/index.ts";

const PIVOT = 'pivotRoot(".", ".");';
const PROC =
	'mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC);';
const DEV = 'mount("tmpfs", "/dev", "tmpfs", MS_NOSUID, "mode=755");';
const NODES = 'makeDevices("/dev");';
const PTS =
	'mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, modes);';
const MODES = '"ptmxmode=0666,mode=0620,gid=5"';
const SHM =
	'mount("shm", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC);';
const SYS =
	'mount("sysfs", "/sys", "sysfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC);';
const LOCK = "for (const path of READONLY_PATHS) makeReadOnly(path);";
const MASK = "for (const path of MASKED_PATHS) mask(path);";

const wrong: Submissions["wrong"] = [
	{
		what: "the image's /dev",
		fails: "dev",
		edit: {
			[DEV]: "",
			[NODES]: "",
			[PTS]: "void modes;",
			[SHM]: "",
			[MASK]: "",
		},
	},
	{
		what: "mounted before the pivot, on the old /dev",
		fails: "dev",
		edit: {
			[DEV]: "",
			[NODES]: "",
			[PTS]: "void modes;",
			[SHM]: "",
			[MASK]: "",
			[PIVOT]: `${DEV} ${NODES} ${PIVOT}`,
		},
	},
	{
		what: "the dev container's /dev, bound",
		fails: "dev",
		edit: {
			[DEV]: "",
			[NODES]: "",
			[PTS]: "void modes;",
			[SHM]: "",
			[MASK]: "",
			[PIVOT]: `mount("/dev", "dev", null, MS_BIND | MS_REC); ${PIVOT}`,
		},
	},
	{ what: "no mode", fails: "dev", edit: { ', "mode=755"': "" } },
	{
		what: "no devices",
		fails: "nodes",
		edit: {
			[NODES]: 'mkdir("/dev/pts"); mkdir("/dev/shm");',
			[MASK]: "",
		},
	},
	{
		what: "files in the place of devices",
		fails: "nodes",
		top: 'import { writeFileSync } from "node:fs";',
		edit: {
			[NODES]:
				'mkdir("/dev/pts"); mkdir("/dev/shm"); for (const name of ["null", "zero", "full", "random", "urandom", "tty"]) writeFileSync("/dev/" + name, "");',
		},
	},
	{
		what: "zero is null",
		fails: "nodes",
		top: 'import { rmSync } from "node:fs";',
		edit: {
			[NODES]: `${NODES} rmSync("/dev/zero"); mknod("/dev/zero", 0o666, 1, 3);`,
		},
	},
	{
		what: "no tty",
		fails: "nodes",
		top: 'import { rmSync } from "node:fs";',
		edit: { [NODES]: `${NODES} rmSync("/dev/tty");` },
	},
	{
		what: "MS_NODEV on /dev",
		fails: "nodes",
		edit: {
			'"tmpfs", MS_NOSUID, "mode': '"tmpfs", MS_NOSUID | MS_NODEV, "mode',
		},
	},
	{
		what: "no devpts",
		fails: "pts",
		edit: { [PTS]: "void modes;" },
	},
	{
		what: "the dev container's devpts, bound",
		fails: "pts",
		edit: {
			[PIVOT]: `mkdir("/mnt/pts"); mount("/dev/pts", "/mnt/pts", null, MS_BIND); mount("/mnt", "mnt", null, MS_BIND | MS_REC); ${PIVOT}`,
			[PTS]: 'void modes; mount("/mnt/pts", "/dev/pts", null, MS_BIND);',
		},
	},
	{
		what: "no mode for ptmx",
		fails: "pts",
		edit: { [MODES]: '"mode=0620,gid=5"' },
	},
	{
		what: "MS_NODEV on /dev/pts",
		fails: "pts",
		edit: {
			'"devpts", MS_NOSUID | MS_NOEXEC': '"devpts", MS_NOSUID | MS_NODEV',
		},
	},
	{ what: "no shared memory", fails: "shm", edit: { [SHM]: "" } },
	{ what: "no /sys", fails: "sys", edit: { [SYS]: "" } },
	{
		what: "a /sys to write to",
		fails: "sys",
		edit: { "MS_RDONLY | ": "" },
	},
	{ what: "nothing is locked", fails: "locked", edit: { [LOCK]: "" } },
	{
		what: "/proc/sys alone is locked",
		fails: "locked",
		edit: { [LOCK]: 'makeReadOnly("/proc/sys");' },
	},
	{
		what: "bound, and not remounted",
		fails: "locked",
		edit: {
			[LOCK]: 'mount("/proc/sys", "/proc/sys", null, MS_BIND | MS_RDONLY);',
		},
	},
	{
		what: "locked above the mount of /proc",
		fails: "locked",
		edit: { [LOCK]: "", [PROC]: `${LOCK} ${PROC}` },
	},
	{ what: "nothing is masked", fails: "masked", edit: { [MASK]: "" } },
	{
		what: "masked above the mount of /proc",
		fails: "masked",
		edit: { [MASK]: "", [PROC]: `${MASK} ${PROC}` },
	},
	{
		what: "the devices after /dev/pts, which is not there yet",
		fails: "runs",
		edit: { [NODES]: "", [PTS]: `${PTS} ${NODES}` },
	},
	{
		what: "the bind mount of step 7",
		fails: "overlay",
		edit: {
			'mount("overlay", ROOTFS, "overlay", 0, layers);':
				"void layers; mount(ROOTFS, ROOTFS, null, MS_BIND | MS_REC);",
		},
	},
];

const right: Submissions["right"] = [
	{
		what: "mounted before the pivot, in the new root",
		edit: {
			[DEV]: "",
			[NODES]: "",
			[PTS]: "",
			[SHM]: "",
			[SYS]: "",
			[PIVOT]: `mount("tmpfs", "dev", "tmpfs", MS_NOSUID, "mode=755"); makeDevices("dev"); mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, ${MODES}); mount("shm", "dev/shm", "tmpfs"); mount("sysfs", "sys", "sysfs", MS_RDONLY); ${PIVOT}`,
		},
	},
	{
		what: "the order of the others",
		edit: {
			[SYS]: "",
			[MASK]: "",
			[LOCK]: `${MASK} ${LOCK}`,
			[DEV]: `${SYS} ${DEV}`,
		},
	},
	{
		what: "devices by mknod, one by one",
		edit: {
			[NODES]: `
	for (const [name, major, minor] of [["null", 1, 3], ["zero", 1, 5], ["full", 1, 7], ["random", 1, 8], ["urandom", 1, 9], ["tty", 5, 0]] as const)
		mknod("/dev/" + name, 0o666, major, minor);
	mkdir("/dev/pts");
	mkdir("/dev/shm");
	symlink("pts/ptmx", "/dev/ptmx");`,
		},
	},
	{
		what: "more flags, and sizes",
		edit: {
			'"mode=755"': '"mode=755,size=64k"',
			[SHM]:
				'mount("shm", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=64m,mode=1777");',
		},
	},
	{
		what: "/dev to be read only, once it is furnished",
		edit: {
			[SYS]: `${SYS} mount(null, "/dev", null, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID);`,
		},
	},
	{
		what: "/sys mounted and locked later",
		edit: {
			[SYS]:
				'mount("sysfs", "/sys", "sysfs"); mount(null, "/sys", null, MS_REMOUNT | MS_BIND | MS_RDONLY);',
		},
	},
	{
		what: "all of /proc/bus, fs and irq masked",
		edit: {
			[LOCK]:
				'for (const path of READONLY_PATHS) if (path === "/proc/sys" || path === "/proc/sysrq-trigger") makeReadOnly(path); else mask(path);',
		},
	},
];

export default { wrong, right };
