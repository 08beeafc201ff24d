import type { Submissions } from "../kit/grader/index.ts";

const NAME = 'sethostname("container");';

const wrong: Submissions["wrong"] = [
	{
		what: "a directory of the dev container's programs, with an empty file named as the marker",
		fails: "root",
		top: 'import { existsSync, mkdirSync, writeFileSync } from "node:fs";',
		edit: {
			"chroot(ROOTFS);": `
	mount("tmpfs", "/mnt", "tmpfs");
	for (const name of ["/bin", "/usr", "/lib", "/lib64"].filter(existsSync)) {
		mkdirSync("/mnt" + name);
		mount(name, "/mnt" + name, null, MS_BIND);
	}
	writeFileSync("/mnt/CONTAINER_ROOT", "");
	chroot("/mnt");`,
		},
	},
	{
		what: "no chroot",
		fails: "root",
		child: `${NAME} execvp(command);`,
	},
	{
		what: "chroot without chdir",
		fails: "directory",
		edit: { 'chdir("/");': "" },
	},
	{
		what: "chdir before chroot",
		fails: "directory",
		edit: { 'chdir("/");': "", "chroot(": 'chdir("/"); chroot(' },
	},
	{
		what: "chdir to somewhere else inside",
		fails: "directory",
		edit: { 'chdir("/")': 'chdir("/etc")' },
	},
	{
		what: "chdir without chroot",
		fails: "root",
		edit: { "chroot(ROOTFS);": "", 'chdir("/")': "chdir(ROOTFS)" },
	},
	{
		what: "chroot to /",
		fails: "root",
		edit: { "chroot(ROOTFS)": 'chroot("/")' },
	},
	{
		what: "chroot to / by another name",
		fails: "root",
		edit: { "chroot(ROOTFS)": 'chroot("/proc/self/root")' },
	},
	{
		what: "chroot to a folder without a shell",
		fails: "runs",
		edit: { "chroot(ROOTFS)": 'chroot("/tmp")' },
	},
	{
		what: "chroot to what is not there",
		fails: "runs",
		edit: { "chroot(ROOTFS)": 'chroot("/nowhere")' },
	},
	{
		what: "chroot in run",
		fails: "runs",
		edit: {
			"chroot(ROOTFS);": "",
			'chdir("/");': "",
			"return reexec": 'chroot(ROOTFS); chdir("/"); return reexec',
		},
	},
	{
		what: "run follows the child into the root",
		fails: "outer-root",
		edit: {
			"return reexec(command);":
				"const status = reexec(command); chroot(ROOTFS); return status;",
		},
	},
	{ what: "the name is forgotten", fails: "name", edit: { [NAME]: "" } },
	{
		what: "the UTS namespace is forgotten",
		fails: "uts",
		edit: { "unshare(CLONE_NEWUTS);": "" },
	},
];

const right: Submissions["right"] = [
	{
		what: "an ordinary user",
		starred: "user",
		edit: {
			"execvp(command)":
				"process.setgroups([]); process.setgid(65534); process.setuid(65534); execvp(command)",
		},
	},
	{
		what: "chdir first, then chroot to .",
		child: `${NAME} chdir(ROOTFS); chroot("."); execvp(command);`,
	},
	{
		what: "chdir into it, then chroot",
		child: `${NAME} chdir(ROOTFS); chroot(ROOTFS); execvp(command);`,
	},
	{
		what: "it makes a directory and a file in its root",
		top: 'import { mkdirSync, writeFileSync } from "node:fs";',
		edit: {
			'chdir("/");':
				'chdir("/"); mkdirSync("/made/here", { recursive: true }); writeFileSync("/etc/hostname", "container\\n");',
		},
	},
	{
		what: "chroot before the name",
		edit: { [NAME]: "", 'chdir("/");': `chdir("/"); ${NAME}` },
	},
	{
		what: "chroot(1), which becomes the command",
		child: `${NAME} execvp(["chroot", ROOTFS, ...command]);`,
	},
	{
		what: "everything in child",
		edit: {
			"unshare(CLONE_NEWUTS);": "",
			"sethostname(": "unshare(CLONE_NEWUTS); sethostname(",
		},
	},
];

export default { wrong, right };
