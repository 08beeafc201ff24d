// Step 1: the command runs as it would without the container.

import {
	ARGUMENTS,
	type Check,
	LINE,
	lastWords,
	type ProcessSnapshot,
	requirement,
	STATUS,
	shown,
} from "../kit/grader/index.ts";

export default {
	together: {
		id: "exec",
		title: "the command still starts as it did in step 1",
	},
	requirements: [
		requirement({
			id: "becomes",
			title:
				"the child becomes the command: no Node and no shell stays in between",
			lasts: true,
			judge({ between, command, supervisor, where }) {
				const [extra] = between;
				if (supervisor.pid === command.pid)
					return {
						seen: "your supervisor itself became the command: there is no child",
						why: "one process must stay outside: it prepares the namespaces and waits for the container",
						look: `${where(/export (async )?function run/)}: run() starts the child, with reexec(command)`,
					};
				if (!extra && command.program !== process.execPath) return undefined;
				return {
					seen: `${extra ? nameOf(extra) : "Node itself"} stands between your supervisor and the command`,
					why: "a program that starts the command and waits for it is one process too many: it gets the signals, and in step 5 it would be PID 1",
					look: `${where(/export function child/)}: child() becomes the command, with execvp(command)`,
				};
			},
		}),
		requirement({
			id: "arguments",
			title:
				"its arguments arrive unchanged: blanks, quotes, an empty one, a newline, 容器",
			lasts: true,
			judge({ given, command, where }) {
				const same = given.every(
					(word, index) => word === command.command[index],
				);
				if (same && command.command.length === given.length) return undefined;
				const words = command.command.slice(given.length - ARGUMENTS.length);
				return {
					seen: `the command got ${JSON.stringify(words)} instead of ${JSON.stringify(ARGUMENTS)}`,
					why: "a command is an array of words: joining them into a string, or passing them through a shell, changes them",
					look: `${where(/(execvp|reexec)\(/)}: pass the whole array to reexec(command) and to execvp(command)`,
				};
			},
		}),
		requirement({
			id: "streams",
			title: "it gets stdin, stdout and stderr unchanged",
			lasts: true,
			inside: `echo "heard $line"; echo "complained of $line" >&2`,
			judge({ command, init, outcome, where }) {
				const lost = [0, 1, 2].filter(
					(fd) => command.descriptors.get(fd) !== init.descriptors.get(fd),
				);
				const heard = outcome.stdout.includes(`heard ${LINE}\n`);
				const complained = outcome.stderr.includes(`complained of ${LINE}\n`);
				if (lost.length === 0 && heard && complained) return undefined;
				const names = ["stdin", "stdout", "stderr"];
				return {
					seen:
						lost.length > 0
							? `${lost.map((fd) => `${names[fd]} is ${command.descriptors.get(fd) || "closed"}`).join(", ")}`
							: `a line typed into the command ${heard ? "came back, but a line that it wrote to stderr did not" : "did not come back"}`,
					why: "the command uses the terminal directly: no process copies its input and output",
					look: `${where(/reexec\(/)}: reexec(command) passes the streams on, and execvp(command) keeps them open`,
				};
			},
		}),
		requirement({
			id: "status",
			title: "its exit status comes back",
			lasts: true,
			judge({ outcome: { status, stderr }, where }) {
				if (status === STATUS) return undefined;
				return {
					seen: `\`exit ${STATUS}\` came back as ${status}${status === 125 ? `:\n${lastWords(stderr)}` : ""}`,
					why: "run() must resolve to the command's exit status; without `return`, or with another number, that status is lost",
					look: `${where(/reexec\(/)}: return reexec(command)`,
				};
			},
		}),
		requirement({
			id: "environment",
			title: "no variable of your supervisor's environment leaks into it",
			lasts: true,
			judge({ command, supervisor, where }) {
				const own = ["PATH", "HOME", "TERM", "HOSTNAME", "LANG"];
				const shells = ["PWD", "OLDPWD", "SHLVL", "_"];
				const allowed = new Set([...own, ...shells]);
				const extra = command.environment.filter(
					(entry) => !allowed.has(entry.split("=")[0] ?? ""),
				);
				const outer = new Set(supervisor.environment);
				// The kit sets its own variables later, and /proc shows only those of the start.
				const leaked = extra.filter(
					(entry) => outer.has(entry) || entry.startsWith("WORKSHOP_"),
				);
				// A variable that the grader has added tells a copy from a value that is only alike.
				const added = /^(CANARY=|WORKSHOP_)/;
				if (!leaked.some((entry) => added.test(entry))) return undefined;
				const names = leaked
					.filter((entry) => !added.test(entry))
					.map((entry) => entry.split("=")[0]);
				return {
					seen:
						names.length > 0
							? `the command has ${names.length} ${names.length > 1 ? "variables" : "variable"} of the dev container: ${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""}`
							: "the command has a variable that only your supervisor should have",
					why: "a child inherits its parent's whole environment by default; the dev container's tokens and paths do not belong in a container",
					look: `${where(/execvp\(/)}: execvp(command) gives it a clean environment, unless you pass another env`,
				};
			},
		}),
		requirement({
			id: "descriptors",
			title: "no open file of your supervisor leaks into it",
			lasts: true,
			judge({ command, where }) {
				const leaked = [...command.descriptors].filter(
					([fd, target]) => fd > 2 && target !== "",
				);
				if (leaked.length === 0) return undefined;
				return {
					seen: leaked
						.map(([fd, target]) => `descriptor ${fd} is ${target}`)
						.join(", "),
					why: "an open directory is a way out of a chroot, and an open socket is a way into the host: runc leaked such a directory (CVE-2024-21626)",
					look: `${where(/reexec\(/)}: reexec(command) marks all but stdin, stdout and stderr close-on-exec, and execvp(command) closes directories and files before it`,
				};
			},
		}),
		requirement({
			id: "signals",
			title: "no signal is ignored or blocked when it starts",
			lasts: true,
			judge({ command: { ignored, blocked }, where }) {
				if (ignored === 0n && blocked === 0n) return undefined;
				return {
					seen: `SigIgn ${ignored.toString(16)}, SigBlk ${blocked.toString(16)} in /proc/PID/status`,
					why: "Node ignores SIGPIPE, and an ignored signal stays ignored across execve: in `yes | head -1`, yes would print an error instead of ending silently",
					look: `${where(/execvp\(/)}: execvp(command) restores them`,
				};
			},
		}),
		requirement({
			id: "zero",
			title: "a status of 0 comes back as 0, and 255 as 255",
			again: true,
			async judge({ run, where }) {
				const [zero, most] = await Promise.all([
					run(["sh", "-c", "exit 0"]),
					run(["sh", "-c", "exit 255"]),
				]);
				if (zero.status === 0 && most.status === 255) return undefined;
				return {
					seen: `\`exit 0\` came back as ${zero.status}, and \`exit 255\` as ${most.status}`,
					why: "the exit status is the only result that a command returns; a shell's `&&` and every CI depend on it",
					look: `${where(/reexec\(/)}: run() returns what reexec(command) resolves to, unchanged`,
				};
			},
		}),
		requirement({
			id: "signal",
			title: "death by signal n comes back as 128+n",
			lasts: true,
			again: true,
			async judge({ killed, where }) {
				const { status } = await killed();
				if (status === 128 + 9) return undefined;
				return {
					seen: `a command killed by SIGKILL came back as ${status}, and not as 137`,
					why: "a shell reports death by signal n as status 128+n, and so does docker run",
					look: `${where(/reexec\(/)}: reexec(command) resolves to 128+n; return it unchanged`,
				};
			},
		}),
		requirement({
			id: "missing",
			title: "a command that does not exist gives 127",
			lasts: true,
			again: true,
			async judge({ run, where }) {
				const { status, stderr } = await run(["no-such-command"]);
				if (status === 127) return undefined;
				return {
					seen: `status ${status}${stderr && `, and stderr says:\n${lastWords(stderr)}`}`,
					why: "every shell, and docker run, reports 127 for a command that does not exist",
					look: `${where(/execvp\(/)}: execvp(command) throws an error when there is no such command; don't catch it`,
				};
			},
		}),
		requirement({
			id: "outlives",
			title: "it does not outlive your supervisor, even if that is killed",
			again: true,
			async judge({ runWaiting, where }) {
				const { survivors } = await runWaiting(({ supervisor }) =>
					process.kill(supervisor.pid, "SIGKILL"),
				);
				if (survivors.length === 0) return undefined;
				return {
					seen: `your supervisor was killed, and \`${shown(survivors[0]?.command ?? [])}\` still runs`,
					why: "the kernel does not signal a child when its parent dies, unless the child asked for it: PR_SET_PDEATHSIG, prctl(2)",
					look: `${where(/(spawn|exec)\w*\(/)}: a child of reexec(command) asks for it; a child that you start yourself runs on`,
				};
			},
		}),
		requirement({
			id: "variable",
			title: "its environment has a variable `container`",
			extra: true,
			judge({ command, where }) {
				const has = command.environment.some((it) => /^container=./.test(it));
				if (has) return undefined;
				return {
					seen: "its environment has no variable `container`",
					why: "systemd and others ask for it, to find out that they run in a container",
					look: `${where(/execvp\(/)}: the second argument of execvp is the whole environment`,
				};
			},
		}),
	],
} satisfies Check;

function nameOf({ command, program, pid }: ProcessSnapshot): string {
	return `${program === process.execPath ? "Node" : command[0]} (process ${pid})`;
}
