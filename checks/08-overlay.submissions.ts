import type { Submissions } from "../kit/grader/index.ts";

const PRIVATE = 'mount(null, "/", null, MS_REC | MS_PRIVATE);';
const TMPFS = 'mount("tmpfs", "/mnt", "tmpfs");';
const UPPER = 'mkdir("/mnt/upper");';
const WORK = 'mkdir("/mnt/work");';
const LAYERS =
	"`lowerdir=$" + "{ROOTFS},upperdir=/mnt/upper,workdir=/mnt/work`";
const OVERLAY = 'mount("overlay", ROOTFS, "overlay", 0, layers);';
const GO = "chdir(ROOTFS);";
const BIND = "mount(ROOTFS, ROOTFS, null, MS_BIND | MS_REC);";

/** Other directories: for the options, in the place of the template. */
const layers = (lower: string, upper: string, work: string) =>
	`"lowerdir=" + ${lower} + ",upperdir=" + ${upper} + ",workdir=" + ${work}`;

const wrong: Submissions["wrong"] = [
	{
		what: "the bind mount of step 7",
		fails: "overlay",
		edit: { [OVERLAY]: BIND },
	},
	{
		what: "an overlay over /etc alone",
		fails: "overlay",
		edit: {
			[LAYERS]: layers('ROOTFS + "/etc"', '"/mnt/upper"', '"/mnt/work"'),
			[OVERLAY]: `${BIND} mount("overlay", ROOTFS + "/etc", "overlay", 0, layers);`,
		},
	},
	{
		what: "a copy of the image on a tmpfs",
		fails: "overlay",
		top: 'import { cpSync } from "node:fs";',
		edit: {
			[OVERLAY]:
				'cpSync(ROOTFS, "/mnt/upper", { recursive: true, verbatimSymlinks: true, filter: (it) => !it.startsWith(ROOTFS + "/dev/") }); void layers;',
			[GO]: 'mount("/mnt/upper", "/mnt/upper", null, MS_BIND); chdir("/mnt/upper");',
		},
	},
	{
		what: "no upper directory, but a second lower one",
		fails: "writes",
		edit: { [LAYERS]: '"lowerdir=/mnt/upper:" + ROOTFS' },
	},
	{
		what: "read-only",
		fails: "writes",
		edit: { '"overlay", 0,': '"overlay", MS_RDONLY,' },
	},
	{
		what: "the upper directory lies in the dev container's memory",
		fails: "layer",
		edit: {
			[TMPFS]: "",
			[UPPER]: 'mkdir("/dev/shm/upper");',
			[WORK]: 'mkdir("/dev/shm/work");',
			[LAYERS]: layers("ROOTFS", '"/dev/shm/upper"', '"/dev/shm/work"'),
		},
	},
	{
		what: "the dev container's root as the lower directory",
		fails: "root",
		edit: {
			[LAYERS]: layers('"/"', '"/mnt/upper"', '"/mnt/work"'),
		},
	},
	{ what: "no upper directory was made", fails: "runs", edit: { [UPPER]: "" } },
	{ what: "no work directory was made", fails: "runs", edit: { [WORK]: "" } },
	{ what: "no tmpfs", fails: "runs", edit: { [TMPFS]: "" } },
	{
		what: "no workdir",
		fails: "runs",
		edit: { ",workdir=/mnt/work": "" },
	},
	{
		what: "a blank after the comma",
		fails: "runs",
		edit: { ",upperdir": ", upperdir" },
	},
	{
		what: "plain quotes",
		fails: "runs",
		edit: { [LAYERS]: LAYERS.replaceAll("`", "'") },
	},
	{
		what: "the image is the upper directory",
		fails: "runs",
		edit: { [LAYERS]: layers('"/mnt/upper"', "ROOTFS", '"/mnt/work"') },
	},
	{
		what: "chdir before the mount",
		fails: "runs",
		edit: { [GO]: "", [OVERLAY]: `${GO} ${OVERLAY}` },
	},
	{
		what: "mounted elsewhere, and pivoted to ROOTFS",
		fails: "runs",
		edit: { [OVERLAY]: OVERLAY.replace("ROOTFS", '"/mnt"') },
	},
	{
		what: "private after the mounts",
		fails: "proc",
		edit: { [PRIVATE]: "", [GO]: `${PRIVATE} ${GO}` },
	},
	{
		what: "the old root is not unmounted",
		fails: "root-mount",
		edit: { 'umount(".", MNT_DETACH);': "" },
	},
];

const right: Submissions["right"] = [
	{
		what: "mounted beside its directories",
		edit: {
			[OVERLAY]: `mkdir("/mnt/root"); ${OVERLAY.replace("ROOTFS", '"/mnt/root"')}`,
			[GO]: 'chdir("/mnt/root");',
		},
	},
	{
		what: "a tmpfs on another directory",
		edit: {
			[TMPFS]: 'mount("none", "/run", "tmpfs");',
			[UPPER]: 'mkdir("/run/u");',
			[WORK]: 'mkdir("/run/w");',
			[LAYERS]: layers("ROOTFS", '"/run/u"', '"/run/w"'),
		},
	},
	{
		what: "another source, another order, no access times",
		edit: {
			'mount("overlay", ROOTFS, "overlay", 0':
				'mount("none", ROOTFS, "overlay", MS_NOATIME',
			[LAYERS]: '"workdir=/mnt/work,upperdir=/mnt/upper,lowerdir=" + ROOTFS',
		},
	},
	{
		what: "an empty directory between the two",
		edit: {
			[UPPER]: `${UPPER} mkdir("/mnt/between");`,
			[LAYERS]: layers(
				'"/mnt/between:" + ROOTFS',
				'"/mnt/upper"',
				'"/mnt/work"',
			),
		},
	},
	{
		what: "the layer is made in run",
		edit: {
			[TMPFS]: "",
			[UPPER]: "",
			[WORK]: "",
			"return reexec": `${PRIVATE} ${TMPFS} ${UPPER} ${WORK} return reexec`,
		},
	},
	{
		what: "a tmpfs of a given size",
		edit: { [TMPFS]: 'mount("tmpfs", "/mnt", "tmpfs", 0, "size=64m");' },
	},
];

export default { wrong, right };
