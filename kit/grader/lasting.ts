/** What a step established, and every later step still demands. */

import { existsSync, readFileSync } from "node:fs";
import type { ProcessSnapshot } from "../proc/process.ts";
import { ARGUMENTS, COMMAND, RENAMED, STATUS } from "./observe.ts";
import {
	type Diagnosis,
	requirement,
	type SeenRunning,
	where,
} from "./requirement.ts";

type Look = Promise<SeenRunning>;

/** Step 1, a requirement for each respect in which a command must not notice how it was started. */
export function carriesExec(step: number, look: Look): void {
	for (const [name, title, judge] of EXEC)
		requirement(`${step}.${name}`, title, look, (seen) => judge(seen, step));
}

/** Step 1 as one requirement of a later step: the first thing that no longer holds. */
export function stillExecs(step: number, look: Look): void {
	requirement(
		`${step}.exec`,
		"the command still starts as it did in step 1",
		look,
		(seen) => {
			for (const [, , judge] of EXEC) {
				const diagnosis = judge(seen, step);
				if (diagnosis) return diagnosis;
			}
			return undefined;
		},
	);
}

type Judge = (seen: SeenRunning, step: number) => Diagnosis | undefined;

const EXEC: [name: string, title: string, judge: Judge][] = [
	[
		"becomes",
		"the child becomes the command: no Node and no shell stays beneath it",
		({ between, command, supervisor }, step) => {
			const [extra] = between;
			if (supervisor.pid === command.pid)
				return {
					seen: "your supervisor itself became the command: there is no child",
					why: "somebody has to stay outside, to wait for the container and to prepare what it is born into",
					look: `${where(step, /export (async )?function run/)}: run() starts the child, with reexec(command)`,
				};
			if (!extra && command.program !== process.execPath) return undefined;
			return {
				seen: `between your supervisor and the command stands ${extra ? nameOf(extra) : "Node itself"}`,
				why: "a program that starts the command and waits for it is one process too many: it gets the signals, and in step 5 it would be PID 1",
				look: `${where(step, /export function child/)}: child() becomes the command, with execvp(command)`,
			};
		},
	],
	[
		"arguments",
		"its arguments arrive to the letter: blanks, quotes, an empty one, a newline, 容器",
		({ command }, step) => {
			const same = COMMAND.every(
				(word, index) => word === command.command[index],
			);
			if (same && command.command.length === COMMAND.length) return undefined;
			return {
				seen: `of ${JSON.stringify(ARGUMENTS)} arrived ${JSON.stringify(command.command.slice(4))}`,
				why: "a command is an array of words; joined into a string, or read by a shell, it is another command",
				look: `${where(step, /(execvp|reexec)\(/)}: hand the whole array on, to reexec(command) and to execvp(command)`,
			};
		},
	],
	[
		"streams",
		"stdin, stdout and stderr are its own, and kept apart",
		({ streams, command, init }, step) => {
			const lost = [0, 1, 2].filter(
				(fd) => command.descriptors.get(fd) !== init.descriptors.get(fd),
			);
			if (lost.length === 0 && streams.heard && streams.complained)
				return undefined;
			const names = ["stdin", "stdout", "stderr"];
			return {
				seen:
					lost.length > 0
						? `${lost.map((fd) => `${names[fd]} is ${command.descriptors.get(fd) || "closed"}`).join(", ")}`
						: `a line typed ${streams.heard ? "came back, but one written to stderr did not" : "into it did not come back"}`,
				why: "the command's streams are the terminal's own, not copies that somebody passes along",
				look: `${where(step, /reexec\(/)}: reexec(command) hands the streams down, and execvp(command) keeps them open`,
			};
		},
	],
	[
		"status",
		`its exit status comes back`,
		({ outcome }, step) => {
			if (outcome.status === STATUS) return undefined;
			return {
				seen: `\`exit ${STATUS}\` came back as ${outcome.status}${outcome.status === 125 ? `:\n${outcome.stderr.replace("complained\n", "").trim()}` : ""}`,
				why: "run() resolves to the exit status; without `return`, or with a number of its own, the command's is lost",
				look: `${where(step, /reexec\(/)}: return reexec(command)`,
			};
		},
	],
	[
		"environment",
		"nothing of your supervisor's environment leaks into it",
		({ command, supervisor }, step) => {
			const own = ["PATH", "HOME", "TERM", "HOSTNAME", "LANG"];
			const shells = ["PWD", "OLDPWD", "SHLVL", "_"];
			const allowed = new Set([...own, ...shells]);
			const extra = command.environment.filter(
				(entry) => !allowed.has(entry.split("=")[0] ?? ""),
			);
			const outer = new Set(supervisor.environment);
			// The kit's own come into the supervisor's later than /proc tells.
			const leaked = extra.filter(
				(entry) => outer.has(entry) || entry.startsWith("WORKSHOP_"),
			);
			if (leaked.length === 0) return undefined;
			return {
				seen: `${leaked.length} variables of the dev container's, ${leaked[0]?.split("=")[0]} among them`,
				why: "an environment is handed down until somebody stops it; tokens and paths of the outside have no business in a container",
				look: `${where(step, /execvp\(/)}: execvp(command) gives it a clean environment; an env of your own replaces that`,
			};
		},
	],
	[
		"descriptors",
		"no open file of your supervisor's leaks into it",
		({ command }, step) => {
			const leaked = [...command.descriptors].filter(
				([fd, target]) => fd > 2 && target !== "",
			);
			if (leaked.length === 0) return undefined;
			return {
				seen: leaked
					.map(([fd, target]) => `descriptor ${fd} is ${target}`)
					.join(", "),
				why: "an open directory is a way out of any chroot, and an open socket one into the host: runc had a CVE for one (CVE-2024-21626)",
				look: `${where(step, /reexec\(/)}: reexec(command) marks all but stdin, stdout and stderr close-on-exec`,
			};
		},
	],
	[
		"signals",
		"no signal is ignored or blocked when it starts",
		({ command }, step) => {
			if (command.ignored === 0n && command.blocked === 0n) return undefined;
			return {
				seen: `SigIgn ${command.ignored.toString(16)}, SigBlk ${command.blocked.toString(16)} in /proc/PID/status`,
				why: "Node ignores SIGPIPE, and what is ignored stays so over execve: in `yes | head -1`, yes would not end in silence but complain",
				look: `${where(step, /execvp\(/)}: execvp(command) puts them back`,
			};
		},
	],
];

/** Step 2: a UTS namespace of the container's own. */
export function hasUts(step: number, look: Look, id = "uts"): void {
	requirement(
		`${step}.${id}`,
		"it has a UTS namespace of its own",
		look,
		({ command, init, supervisor }) => {
			if (command.namespaces.uts !== init.namespaces.uts) return undefined;
			return {
				seen: `the container still shares the dev container's UTS namespace, ${init.namespaces.uts}`,
				why:
					supervisor.namespaces.uts !== init.namespaces.uts
						? "a child is born into the namespaces that its parent is in at that moment: yours moved after the child was born"
						: "a child is born into its parent's namespaces, and nobody made a new one",
				look: `${where(step, /unshare\(/)}: unshare(CLONE_NEWUTS) must happen in run(), before reexec()`,
			};
		},
	);
}

/** Step 3: a name of the container's own, while the dev container keeps its own. */
export function hasName(step: number, look: Look): void {
	requirement(
		`${step}.name`,
		"it has a name of its own when the command starts",
		look,
		({ name, before }) => {
			const outer = [before.name, givenName()];
			if (name !== "" && !outer.includes(name) && name !== "(none)")
				return undefined;
			return {
				seen: outer.includes(name)
					? `its name is ${JSON.stringify(name)}, as is the dev container's`
					: `its name is ${JSON.stringify(name)}`,
				why: "a new UTS namespace begins as a copy of the old one, name and all: somebody has to set another",
				look: `${where(step, /sethostname\(/)}: sethostname(…) in child(), before execvp(command)`,
			};
		},
	);
}

/** The name that the real dev container was given. The one it has now may be a learner's mistake. hostname(5) */
function givenName(): string | undefined {
	const file = "/etc/hostname";
	return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

/** Steps 2 and 3: the dev container's name is not touched. */
export function keepsOuterName(step: number, look: Look): void {
	requirement(
		`${step}.outer-name`,
		"the dev container keeps its name",
		look,
		({ before, after, outerName }) => {
			// A rename of the grader's own that came through is another requirement's.
			const name = after.name === RENAMED ? outerName : after.name;
			if (before.name === name) return undefined;
			return {
				seen: `the dev container that the grader made for it was called ${JSON.stringify(before.name)}, and now ${JSON.stringify(name)}`,
				why: "sethostname(2) renames the UTS namespace that the caller is in, and that was the dev container's",
				look: `${where(step, /sethostname\(|unshare\(/)}: set the name in child(), once unshare(CLONE_NEWUTS) has been called in run()`,
			};
		},
	);
}

/** Step 4: the root is the root file system, and the command stands in it. */
export function hasRoot(step: number, look: Look): void {
	requirement(
		`${step}.root`,
		"its root directory is the root file system",
		look,
		({ command, init, marked }) => {
			if (marked && command.root.id !== init.root.id) return undefined;
			return {
				seen:
					command.root.id === init.root.id
						? `its / is the dev container's own`
						: `its / is ${command.root.path}`,
				why:
					command.root.id === init.root.id
						? "a process keeps its parent's root directory until chroot(2) gives it another"
						: "chroot(2) takes any directory, and this one is not the root file system",
				look: `${where(step, /chroot\(/)}: chroot(ROOTFS) in child(), before execvp(command)`,
			};
		},
	);
}

/** Step 4: the trap in it. */
export function startsInRoot(step: number, look: Look): void {
	requirement(
		`${step}.directory`,
		"the command starts in / of the new root",
		look,
		({ command, init }) => {
			const { root, directory } = command;
			if (directory.id === root.id) return undefined;
			if (root.id === init.root.id)
				return {
					seen: `its working directory is ${directory.path}, and its root is the dev container's own`,
					why: "there is no new root yet to start in",
					look: `${where(step, /chroot\(|chdir\(/)}: chroot(ROOTFS) in child(), and then chdir("/")`,
				};
			const inside =
				root.path !== "/" && directory.path.startsWith(`${root.path}/`);
			return {
				seen: inside
					? `its working directory is ${directory.path.slice(root.path.length)} of the new root`
					: `its working directory is ${directory.path}, outside the root file system`,
				why: inside
					? "a container starts where it is told, and this one is told to start in /"
					: 'chroot(2) moves "/" and leaves you standing where you were: `cd ..` walks out',
				look: `${where(step, /chroot\(|chdir\(/)}: chdir("/") after chroot(ROOTFS)`,
			};
		},
	);
}

/** Step 5: the command is process 1. */
export function isPidOne(step: number, look: Look): void {
	requirement(
		`${step}.pid`,
		"the command is PID 1 of a PID namespace of its own",
		look,
		({ command, init }) => {
			const own = command.namespaces.pid !== init.namespaces.pid;
			if (own && command.pids.at(-1) === 1) return undefined;
			return {
				seen: own
					? `its PID in there is ${command.pids.at(-1)}`
					: `it shares the dev container's PID namespace, where it is process ${command.pids.at(-1)}`,
				why: own
					? "the first process born in a new PID namespace is its PID 1, and another one was first"
					: "unshare(CLONE_NEWPID) moves nobody: only children born after it are in the new namespace, so it has to be called before the child is born",
				look: `${where(step, /unshare\(/)}: CLONE_NEWPID belongs to the unshare(…) in run(), before reexec()`,
			};
		},
	);
}

function nameOf({ command, program, pid }: ProcessSnapshot): string {
	return `${program === process.execPath ? "Node" : command[0]} (process ${pid})`;
}
