import type { Submissions } from "../kit/grader/index.ts";

const NAME = 'sethostname("container");';

const wrong: Submissions["wrong"] = [
	{ what: "no name is set", fails: "name", edit: { [NAME]: "" } },
	{
		what: "the dev container's name is set again",
		fails: "name",
		top: 'import { hostname } from "node:os";',
		edit: { '"container"': "hostname()" },
	},
	{
		what: "the dev container's real name is typed again",
		fails: "name",
		top: 'import { readFileSync } from "node:fs";',
		edit: { '"container"': 'readFileSync("/etc/hostname", "utf8").trim()' },
	},
	{ what: "an empty name", fails: "name", edit: { '"container"': '""' } },
	{
		what: "only the variable is set",
		fails: "name",
		child: 'execvp(command, { PATH: "/usr/bin:/bin", HOSTNAME: "container" });',
	},
	{
		what: "the name comes late",
		fails: "name",
		run: `
	unshare(CLONE_NEWUTS);
	const status = reexec(command);
	setTimeout(() => sethostname("late"), 2500).unref();
	return status;`,
		child: "execvp(command);",
	},
	{
		what: "the name is too long",
		fails: "runs",
		edit: { '"container"': '"x".repeat(65)' },
	},
	{
		what: "the name is set without a namespace",
		fails: "uts",
		edit: { "unshare(CLONE_NEWUTS);": "" },
	},
	{
		what: "run sets it before the namespace is made",
		fails: "outer-name",
		edit: { [NAME]: "", "unshare(": `${NAME} unshare(` },
	},
	{
		what: "run sets it back and forth",
		fails: "uts",
		run: `unshare(CLONE_NEWIPC); ${NAME} return reexec(command);`,
		child: "execvp(command);",
	},
	{
		what: "the environment leaks again",
		fails: "exec",
		edit: { "execvp(command)": "execvp(command, process.env)" },
	},
];

const right: Submissions["right"] = [
	{
		what: "a name made of random digits",
		starred: "unlike",
		edit: { '"container"': "Math.random().toString(16).slice(2)" },
	},
	{
		what: "the name is set in run, inside the new namespace",
		edit: { [NAME]: "", "return reexec": `${NAME} return reexec` },
	},
	{
		what: "the name is in /etc/hostname, too",
		top: 'import { writeFileSync } from "node:fs";',
		edit: { [NAME]: `${NAME} writeFileSync("/etc/hostname", "container\\n");` },
	},
	{ what: "the longest name", edit: { '"container"': '"x".repeat(64)' } },
	{ what: "a name of other letters", edit: { '"container"': '"容器"' } },
	{
		what: "the name is set by a shell that goes",
		child: `
	const script = 'echo container >/proc/sys/kernel/hostname; exec "$@"';
	execvp(["sh", "-c", script, "sh", ...command]);`,
	},
];

export default { wrong, right };
