import type { Submissions } from "../kit/grader/index.ts";

const OWN = "unshare(CLONE_NEWNS);";
const PRIVATE = 'mount(null, "/", null, MS_REC | MS_PRIVATE);';
const BIND = "mount(ROOTFS, ROOTFS, null, MS_BIND | MS_REC);";
const GO = "chdir(ROOTFS);";
const PIVOT = 'pivotRoot(".", ".");';
const DETACH = 'umount(".", MNT_DETACH);';
const PROC =
	'mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC);';
const CHROOT = 'chroot("."); chdir("/");';

const wrong: Submissions["wrong"] = [
	{
		what: "chroot as in step 6",
		fails: "mount",
		edit: { [BIND]: "", [PIVOT]: CHROOT, [DETACH]: "" },
	},
	{
		what: "chroot, in the supervisor's mount namespace",
		fails: "alone",
		edit: { [OWN]: "", [PIVOT]: CHROOT, [DETACH]: "" },
	},
	{
		what: "chroot to a bind mount",
		fails: "namespace",
		edit: { [PIVOT]: CHROOT, [DETACH]: "" },
	},
	{
		what: "the old root is not unmounted",
		fails: "namespace",
		edit: { [DETACH]: "" },
	},
	{
		what: "the old root stays on /mnt",
		fails: "old-root",
		edit: { [PIVOT]: 'pivotRoot(".", "mnt");', [DETACH]: 'chdir("/");' },
	},
	{
		what: "MS_MOVE, which leaves the old root below",
		fails: "escape",
		edit: {
			[PIVOT]: `mount(".", "/", null, MS_MOVE); ${CHROOT}`,
			[DETACH]: "",
		},
	},
	{ what: "no bind mount", fails: "runs", edit: { [BIND]: "" } },
	{ what: "no chdir", fails: "runs", edit: { [GO]: "" } },
	{
		what: "chdir before the mount",
		fails: "runs",
		edit: { [GO]: "", [BIND]: `${GO} ${BIND}` },
	},
	{
		what: "unmounted without MNT_DETACH",
		fails: "runs",
		edit: { [DETACH]: 'umount(".");' },
	},
	{ what: "not private", fails: "runs", edit: { [PRIVATE]: "" } },
	{
		what: "chroot(ROOTFS) is left below",
		fails: "runs",
		edit: { [DETACH]: `${DETACH} chroot(ROOTFS);` },
	},
	{
		what: "the mount namespace is the supervisor's: pivotRoot refuses",
		fails: "runs",
		edit: { [OWN]: "" },
	},
	{
		what: "the mount namespace is the supervisor's: pivot_root(8) does not refuse",
		fails: "outer-root",
		top: 'import { execFileSync } from "node:child_process";',
		edit: {
			[OWN]: "",
			[PIVOT]: 'execFileSync("pivot_root", [".", "."]);',
		},
	},
	{
		what: "all of it in run",
		fails: "runs",
		edit: {
			[OWN]: "",
			[PRIVATE]: "",
			[BIND]: "",
			[GO]: "",
			[PIVOT]: "",
			[DETACH]: "",
			"return reexec": `${PRIVATE} ${BIND} ${GO} ${PIVOT} ${DETACH} return reexec`,
		},
	},
	{
		what: "chroot to a folder of the new root afterwards",
		fails: "runs",
		edit: { [PROC]: `${PROC} chroot("/tmp");` },
	},
	{ what: "/proc is forgotten", fails: "proc", edit: { [PROC]: "" } },
	{
		what: "/proc is mounted before the pivot, on the old root",
		fails: "proc",
		edit: { [PROC]: "", [PIVOT]: `${PROC} ${PIVOT}` },
	},
];

const right: Submissions["right"] = [
	{
		what: "the old root on /mnt, and unmounted there",
		edit: {
			[PIVOT]: 'pivotRoot(".", "mnt"); chdir("/");',
			[DETACH]: 'umount("/mnt", MNT_DETACH);',
		},
	},
	{
		what: "by full paths",
		edit: {
			[PIVOT]: 'pivotRoot(ROOTFS, ROOTFS); chdir("/");',
			[DETACH]: 'umount("/", MNT_DETACH);',
		},
	},
	{
		what: "no mount namespace in run",
		edit: { "CLONE_NEWPID | CLONE_NEWNS": "CLONE_NEWPID" },
	},
	{
		what: "/proc is mounted before the pivot, in the new root",
		edit: {
			[PROC]: "",
			[PIVOT]: `mount("proc", "proc", "proc"); ${PIVOT}`,
		},
	},
	{
		what: "a slave until the old root is gone",
		edit: {
			[PRIVATE]: 'mount(null, "/", null, MS_REC | MS_SLAVE);',
			[DETACH]: `${DETACH} ${PRIVATE}`,
		},
	},
	{
		what: "pivot_root(8), in a namespace of the child's own",
		top: 'import { execFileSync } from "node:child_process";',
		edit: { [PIVOT]: 'execFileSync("pivot_root", [".", "."]);' },
	},
	{
		what: "nothing but the root is bound",
		edit: { "MS_BIND | MS_REC": "MS_BIND" },
	},
	{
		what: "a tmpfs on /tmp as well",
		edit: { [PROC]: `${PROC} mount("tmpfs", "/tmp", "tmpfs");` },
	},
];

export default { wrong, right };
