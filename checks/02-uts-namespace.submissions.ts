import type { Submissions } from "../kit/grader/index.ts";

const wrong: Submissions["wrong"] = [
	{
		what: "run does not wait, and makes up a status",
		fails: "exec",
		edit: { "return reexec(command);": "void reexec(command); return 7;" },
	},
	{
		what: "a missing command is an error like any other",
		fails: "exec",
		edit: {
			"return reexec(command);":
				"const status = await reexec(command); return status === 127 ? 1 : status;",
		},
	},
	{
		what: "death by a signal is an error like any other",
		fails: "exec",
		edit: {
			"return reexec(command);":
				"const status = await reexec(command); return status > 128 ? 1 : status;",
		},
	},
	{
		what: "no namespace is made",
		fails: "uts",
		edit: { "unshare(CLONE_NEWUTS);": "" },
	},
	{
		what: "unshare comes after the child's end",
		fails: "uts",
		run: "const status = await reexec(command); unshare(CLONE_NEWUTS); return status;",
	},
	{
		what: "unshare comes after the child has started",
		fails: "uts",
		run: "const status = reexec(command); unshare(CLONE_NEWUTS); return status;",
	},
	{
		what: "no flag",
		fails: "runs",
		edit: { "unshare(CLONE_NEWUTS)": "unshare(0)" },
	},
	{
		what: "flags as two arguments",
		fails: "runs",
		edit: { "unshare(CLONE_NEWUTS)": "unshare(CLONE_NEWUTS, CLONE_NEWPID)" },
	},
	{
		what: "the mount namespace's flag",
		fails: "uts",
		edit: { CLONE_NEWUTS: "CLONE_NEWNS" },
	},
	{
		what: "the IPC namespace's flag",
		fails: "uts",
		edit: { CLONE_NEWUTS: "CLONE_NEWIPC" },
	},
	{
		what: "flags joined by &",
		fails: "runs",
		edit: { CLONE_NEWUTS: "CLONE_NEWUTS & CLONE_NEWPID" },
	},
	{
		what: "a user namespace",
		fails: "runs",
		edit: { CLONE_NEWUTS: "CLONE_NEWUTS | CLONE_NEWUSER" },
	},
	{
		what: "the dev container is renamed first",
		fails: "outer-name",
		edit: { "unshare(": 'sethostname("mine"); unshare(' },
	},
	{
		what: "unshare(1) stays beneath",
		fails: "exec",
		child: 'execvp(["unshare", "--uts", "--fork", ...command]);',
	},
	{
		what: "the status is lost again",
		fails: "exec",
		edit: { "return reexec(command);": "await reexec(command); return 0;" },
	},
];

const right: Submissions["right"] = [
	{
		what: "an IPC namespace, too",
		starred: "ipc",
		edit: { CLONE_NEWUTS: "CLONE_NEWUTS | CLONE_NEWIPC" },
	},
	{
		what: "unshare in child",
		remarked: "uts",
		edit: {
			"unshare(CLONE_NEWUTS);": "",
			"execvp(": "unshare(CLONE_NEWUTS); execvp(",
		},
	},
	{
		what: "more namespaces than asked",
		edit: {
			CLONE_NEWUTS:
				"CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWCGROUP",
		},
	},
	{
		what: "two namespaces, one in another",
		edit: { "unshare(": "unshare(CLONE_NEWUTS); unshare(" },
	},
	{
		what: "unshare(1), which becomes the command",
		remarked: "uts",
		edit: {
			"unshare(CLONE_NEWUTS);": "",
			"execvp(command)": 'execvp(["unshare", "--uts", ...command])',
		},
	},
];

export default { wrong, right };
