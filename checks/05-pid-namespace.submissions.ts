import type { Submissions } from "../kit/grader/index.ts";

const SPAWN = 'import { spawn, spawnSync } from "node:child_process";';

const wrong: Submissions["wrong"] = [
	{
		what: "the flag is missing",
		fails: "pid",
		edit: { "CLONE_NEWUTS | CLONE_NEWPID": "CLONE_NEWUTS" },
	},
	{
		what: "the flag replaces the other",
		fails: "uts",
		edit: { "CLONE_NEWUTS | CLONE_NEWPID": "CLONE_NEWPID" },
	},
	{
		what: "the flags are joined by ||",
		fails: "pid",
		edit: { "CLONE_NEWUTS | CLONE_NEWPID": "CLONE_NEWUTS || CLONE_NEWPID" },
	},
	{
		what: "the PID namespace is asked for twice, in child as well",
		fails: "pid",
		edit: { "sethostname(": "unshare(CLONE_NEWPID); sethostname(" },
	},
	{
		what: "unshare at the top of the file, which run and child both load",
		fails: "pid",
		edit: { "unshare(CLONE_NEWUTS | CLONE_NEWPID);": "" },
		top: "unshare(CLONE_NEWUTS | CLONE_NEWPID);",
	},
	{
		what: "unshare in child comes too late",
		fails: "pid",
		edit: {
			"CLONE_NEWUTS | CLONE_NEWPID": "CLONE_NEWUTS",
			"sethostname(": "unshare(CLONE_NEWPID); sethostname(",
		},
	},
	{
		what: "unshare comes after the child has started",
		fails: "pid",
		run: `
	unshare(CLONE_NEWUTS);
	const status = reexec(command);
	unshare(CLONE_NEWPID);
	return status;`,
	},
	{
		what: "a mount namespace instead",
		fails: "pid",
		edit: { CLONE_NEWPID: "CLONE_NEWNS" },
	},
	{
		what: "a shell is PID 1",
		fails: "exec",
		edit: {
			"execvp(command)":
				'execvp(["sh", "-c", "\\"$@\\"; exit $?", "sh", ...command])',
		},
	},
	{
		what: "another process was PID 1, and died",
		fails: "runs",
		top: SPAWN,
		edit: { "return reexec": 'spawnSync("true"); return reexec' },
	},
	{
		what: "another process is PID 1",
		fails: "pid",
		top: SPAWN,
		edit: {
			"return reexec":
				'spawn("sleep", ["1000"], { stdio: "ignore" }).unref(); return reexec',
		},
	},
	{
		what: "a daemon is started outside",
		fails: "end",
		top: SPAWN,
		edit: {
			"unshare(": `
	const daemon = { detached: true, stdio: "ignore" };
	spawn("sleep", ["1000"], daemon).unref();
	unshare(`,
		},
	},
	{
		what: "chdir is forgotten",
		fails: "directory",
		edit: { 'chdir("/");': "" },
	},
	{
		what: "chroot is forgotten",
		fails: "root",
		edit: { "chroot(ROOTFS);": "", 'chdir("/");': "" },
	},
	{
		what: "the name is forgotten",
		fails: "name",
		edit: { 'sethostname("container");': "" },
	},
];

const right: Submissions["right"] = [
	{
		what: "a cgroup namespace, too",
		starred: "cgroup",
		edit: { CLONE_NEWPID: "CLONE_NEWPID | CLONE_NEWCGROUP" },
	},
	{
		what: "two calls of unshare",
		edit: {
			"unshare(CLONE_NEWUTS | CLONE_NEWPID);":
				"unshare(CLONE_NEWPID); unshare(CLONE_NEWUTS);",
		},
	},
	{
		what: "the other namespaces in child",
		edit: {
			"CLONE_NEWUTS | CLONE_NEWPID": "CLONE_NEWPID",
			"sethostname(": "unshare(CLONE_NEWUTS); sethostname(",
		},
	},
	{
		what: "network, IPC and cgroup as well",
		edit: {
			CLONE_NEWPID:
				"CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWCGROUP",
		},
	},
];

export default { wrong, right };
