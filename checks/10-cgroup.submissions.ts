import type { Submissions } from "../kit/grader/index.ts";

const MAKE = "mkdir(CGROUP);";
const PIDS = 'setLimit("pids.max", "20");';
const JOIN = "joinCgroup();";
const OWN = "unshare(CLONE_NEWNS | CLONE_NEWCGROUP);";
const DETACH = 'umount(".", MNT_DETACH);';

const wrong: Submissions["wrong"] = [
	{ what: "never joined", fails: "joined", edit: { [JOIN]: "" } },
	{
		what: "joined in run",
		fails: "alone",
		edit: {
			[JOIN]: "",
			[PIDS]: 'setLimit("pids.max", "60");',
			"return reexec": "joinCgroup(); return reexec",
		},
	},
	{
		what: "the supervisor joins, too",
		fails: "alone",
		edit: {
			[PIDS]: 'setLimit("pids.max", "60");',
			"return reexec(command);":
				"const status = reexec(command); joinCgroup(); return status;",
		},
	},
	{
		what: "the child leaves it again",
		fails: "joined",
		top: 'import { writeFileSync } from "node:fs";',
		edit: {
			[OWN]: `${OWN} writeFileSync(CGROUP + "/../cgroup.procs", "0");`,
		},
	},
	{
		what: "no cgroup namespace",
		fails: "namespace",
		edit: { " | CLONE_NEWCGROUP": "" },
	},
	{
		what: "the namespace before it joins",
		fails: "namespace",
		edit: { [JOIN]: "", [OWN]: `${OWN} ${JOIN}` },
	},
	{
		what: "the namespace in run",
		fails: "namespace",
		edit: {
			" | CLONE_NEWCGROUP": "",
			"return reexec": "unshare(CLONE_NEWCGROUP); return reexec",
		},
	},
	{
		what: "no limit on processes",
		fails: "pids",
		edit: { [PIDS]: "" },
	},
	{
		what: "max is no limit",
		fails: "pids",
		edit: { [PIDS]: 'setLimit("pids.max", "max");' },
	},
	{
		what: "a limit that limits nothing",
		fails: "pids",
		edit: { [PIDS]: 'setLimit("pids.max", "100000");' },
	},
	{
		what: "the limit is written to another group",
		fails: "pids",
		top: 'import { writeFileSync } from "node:fs";',
		edit: {
			[PIDS]:
				'mkdir(CGROUP + "-2"); writeFileSync(CGROUP + "-2/pids.max", "20");',
		},
	},
	{
		what: "a limit for long commands only",
		fails: "pids-bite",
		edit: { [PIDS]: `if (command.length > 9) ${PIDS}` },
	},
	{ what: "no group is made", fails: "runs", edit: { [MAKE]: "" } },
	{
		what: "limits before the group is made",
		fails: "runs",
		edit: { [MAKE]: "", [PIDS]: `${PIDS} ${MAKE}` },
	},
	{
		what: "joined after the pivot",
		fails: "runs",
		edit: { [JOIN]: "", [DETACH]: `${DETACH} ${JOIN}` },
	},
	{
		what: "not a number",
		fails: "runs",
		edit: { [PIDS]: 'setLimit("pids.max", "twenty");' },
	},
	{
		what: "the private mounts are forgotten",
		fails: "runs",
		edit: { 'mount(null, "/", null, MS_REC | MS_PRIVATE);': "" },
	},
];

const right: Submissions["right"] = [
	{
		what: "joined in two steps: the namespace of mounts first",
		edit: {
			[JOIN]: "",
			[OWN]: `unshare(CLONE_NEWNS); ${JOIN} unshare(CLONE_NEWCGROUP);`,
		},
	},
	{
		what: "by the files, without the kit's functions",
		top: 'import { mkdirSync, writeFileSync } from "node:fs";',
		edit: {
			[MAKE]: "mkdirSync(CGROUP);",
			[PIDS]: 'writeFileSync(CGROUP + "/pids.max", "20");',
			[JOIN]: 'writeFileSync(CGROUP + "/cgroup.procs", String(process.pid));',
		},
	},
	{
		what: "limits after the namespaces are made",
		edit: {
			[PIDS]: "",
			"return reexec": `${PIDS} return reexec`,
		},
	},
	{
		what: "made, limited and joined in child",
		edit: {
			[MAKE]: "",
			[PIDS]: "",
			'setLimit("memory.max", "256M");': "",
			'setLimit("memory.swap.max", "0");': "",
			'setLimit("cpu.max", "20000 100000");': "",
			[JOIN]: `
	${MAKE}
	${PIDS}
	setLimit("memory.max", "256M");
	setLimit("memory.swap.max", "0");
	setLimit("cpu.max", "20000 100000");
	${JOIN}`,
		},
	},
	{
		what: "other limits",
		edit: {
			[PIDS]: 'setLimit("pids.max", "32");',
			'"256M"': '"200M"',
			"20000 100000": "10000 50000",
		},
	},
	{
		what: "it joins late, but before the pivot",
		edit: {
			[JOIN]: "",
			[OWN]: `unshare(CLONE_NEWNS);`,
			"chdir(ROOTFS);": `${JOIN} unshare(CLONE_NEWCGROUP); chdir(ROOTFS);`,
		},
	},
];

export default { wrong, right };
