// Step 1: the command runs as it would without you in between.

import {
	ARGUMENTS,
	type Check,
	LINE,
	type ProcessSnapshot,
	requirement,
	STATUS,
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
				"the child becomes the command: no Node and no shell stays beneath it",
			lasts: true,
			judge({ between, command, supervisor, where }) {
				const [extra] = between;
				if (supervisor.pid === command.pid)
					return {
						seen: "your supervisor itself became the command: there is no child",
						why: "somebody has to stay outside, to wait for the container and to prepare what it is born into",
						look: `${where(/export (async )?function run/)}: run() starts the child, with reexec(command)`,
					};
				if (!extra && command.program !== process.execPath) return undefined;
				return {
					seen: `between your supervisor and the command stands ${extra ? nameOf(extra) : "Node itself"}`,
					why: "a program that starts the command and waits for it is one process too many: it gets the signals, and in step 5 it would be PID 1",
					look: `${where(/export function child/)}: child() becomes the command, with execvp(command)`,
				};
			},
		}),
		requirement({
			id: "arguments",
			title:
				"its arguments arrive to the letter: blanks, quotes, an empty one, a newline, 容器",
			lasts: true,
			judge({ given, command, where }) {
				const same = given.every(
					(word, index) => word === command.command[index],
				);
				if (same && command.command.length === given.length) return undefined;
				const words = command.command.slice(given.length - ARGUMENTS.length);
				return {
					seen: `of ${JSON.stringify(ARGUMENTS)} arrived ${JSON.stringify(words)}`,
					why: "a command is an array of words; joined into a string, or read by a shell, it is another command",
					look: `${where(/(execvp|reexec)\(/)}: hand the whole array on, to reexec(command) and to execvp(command)`,
				};
			},
		}),
		requirement({
			id: "streams",
			title: "stdin, stdout and stderr are its own, and kept apart",
			lasts: true,
			inside: `echo "heard $line"; echo complained >&2`,
			judge({ command, init, outcome, where }) {
				const lost = [0, 1, 2].filter(
					(fd) => command.descriptors.get(fd) !== init.descriptors.get(fd),
				);
				const heard = outcome.stdout.includes(`heard ${LINE}\n`);
				const complained = outcome.stderr.includes("complained\n");
				if (lost.length === 0 && heard && complained) return undefined;
				const names = ["stdin", "stdout", "stderr"];
				return {
					seen:
						lost.length > 0
							? `${lost.map((fd) => `${names[fd]} is ${command.descriptors.get(fd) || "closed"}`).join(", ")}`
							: `a line typed ${heard ? "came back, but one written to stderr did not" : "into it did not come back"}`,
					why: "the command's streams are the terminal's own, not copies that somebody passes along",
					look: `${where(/reexec\(/)}: reexec(command) hands the streams down, and execvp(command) keeps them open`,
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
					seen: `\`exit ${STATUS}\` came back as ${status}${status === 125 ? `:\n${stderr.replace("complained\n", "").trim()}` : ""}`,
					why: "run() resolves to the exit status; without `return`, or with a number of its own, the command's is lost",
					look: `${where(/reexec\(/)}: return reexec(command)`,
				};
			},
		}),
		requirement({
			id: "environment",
			title: "nothing of your supervisor's environment leaks into it",
			lasts: true,
			judge({ command, supervisor, where }) {
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
					look: `${where(/execvp\(/)}: execvp(command) gives it a clean environment; an env of your own replaces that`,
				};
			},
		}),
		requirement({
			id: "descriptors",
			title: "no open file of your supervisor's leaks into it",
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
					why: "an open directory is a way out of any chroot, and an open socket one into the host: runc had a CVE for one (CVE-2024-21626)",
					look: `${where(/reexec\(/)}: reexec(command) marks all but stdin, stdout and stderr close-on-exec`,
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
					why: "Node ignores SIGPIPE, and what is ignored stays so over execve: in `yes | head -1`, yes would not end in silence but complain",
					look: `${where(/execvp\(/)}: execvp(command) puts them back`,
				};
			},
		}),
		requirement({
			id: "zero",
			title: "a status of 0 comes back as 0, and 255 as 255",
			async judge({ run, where }) {
				const [zero, most] = await Promise.all([
					run(["sh", "-c", "exit 0"]),
					run(["sh", "-c", "exit 255"]),
				]);
				if (zero.status === 0 && most.status === 255) return undefined;
				return {
					seen: `\`exit 0\` came back as ${zero.status}, and \`exit 255\` as ${most.status}`,
					why: "the exit status is the only word that a command leaves behind; a shell's `&&` and every CI live by it",
					look: `${where(/reexec\(/)}: run() returns what reexec(command) resolves to, unchanged`,
				};
			},
		}),
		requirement({
			id: "signal",
			title: "death by signal n comes back as 128+n",
			async judge({ runWaiting, where }) {
				const { status } = await runWaiting(({ command }) =>
					process.kill(command.pid, "SIGKILL"),
				);
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
			async judge({ run, where }) {
				const { status, stderr } = await run(["no-such-command"]);
				if (status === 127) return undefined;
				return {
					seen: `status ${status}${stderr && `, and: ${stderr.trim().split("\n")[0]}`}`,
					why: "127 is what every shell, and docker run, says of a command that is not there",
					look: `${where(/execvp\(/)}: execvp(command) raises an error when there is no such command; let it pass`,
				};
			},
		}),
		requirement({
			id: "outlives",
			title: "it does not outlive your supervisor, even one that is killed",
			async judge({ runWaiting, where }) {
				const { survivors } = await runWaiting(({ supervisor }) =>
					process.kill(supervisor.pid, "SIGKILL"),
				);
				if (survivors.length === 0) return undefined;
				return {
					seen: `your supervisor was killed, and \`${survivors[0]?.command.join(" ").slice(0, 40)}\` still runs`,
					why: "a process is not told of its parent's death unless it asks for it: PR_SET_PDEATHSIG, prctl(2)",
					look: `${where(/(spawn|exec)\w*\(/)}: reexec(command) sees to it; a child that you start yourself goes on alone`,
				};
			},
		}),
	],
} satisfies Check;

function nameOf({ command, program, pid }: ProcessSnapshot): string {
	return `${program === process.execPath ? "Node" : command[0]} (process ${pid})`;
}
