// Step 5: its own process IDs, from 1.

import {
	type Check,
	differs,
	requirement,
	STATUS,
} from "../kit/grader/index.ts";

export default {
	requirements: [
		requirement({
			id: "pid",
			title: "the command is PID 1 of its own PID namespace",
			lasts: true,
			judge({ command, init, where }) {
				const { pid } = init.namespaces;
				const own = differs(pid, command.namespaces.pid, "its PID namespace");
				const number = command.pids.at(-1);
				if (own && number === 1) return undefined;
				return {
					seen: own
						? `its PID in the new namespace is ${number}`
						: `it shares the dev container's PID namespace, where it is process ${number}`,
					why: own
						? "the first process of a new PID namespace is its PID 1, and another process was first"
						: "unshare(CLONE_NEWPID) does not move the caller: only children started after it are in the new namespace, so call it before the child starts",
					look: `${where(/unshare\(/)}: add CLONE_NEWPID to the unshare(…) in run(), before reexec()`,
				};
			},
		}),
		requirement({
			id: "signals",
			title: "a signal from inside can't reach outside",
			async judge({ run, where }) {
				const { status } = await run([
					"sh",
					"-c",
					`sleep 1000 & kill -KILL -1; exit ${STATUS}`,
				]);
				if (status === STATUS) return undefined;
				return {
					seen: `\`kill -KILL -1\` in the container killed processes outside of it: your supervisor ended with status ${status}`,
					why: "kill(2) reaches every process in the caller's PID namespace, and the container shares the dev container's",
					look: `${where(/unshare\(/)}: CLONE_NEWPID in the unshare(…) of run()`,
				};
			},
		}),
		requirement({
			id: "end",
			title: "when PID 1 ends, everything in the namespace ends",
			judge({ survivors, where }) {
				if (survivors.length === 0) return undefined;
				return {
					seen: `the command has ended, and ${survivors.map(({ command }) => `\`${command.join(" ").slice(0, 40)}\``).join(", ")} still runs`,
					why: "the kernel kills every process of a PID namespace when its PID 1 ends; without a PID namespace, a daemon outlives its container",
					look: `${where(/unshare\(/)}: the command itself must be PID 1: CLONE_NEWPID in run(), execvp(command) in child()`,
				};
			},
		}),
		requirement({
			id: "cgroup",
			title: "it also has its own cgroup namespace",
			extra: true,
			judge({ command, init, where }) {
				const { cgroup } = init.namespaces;
				if (differs(cgroup, command.namespaces.cgroup, "its cgroup namespace"))
					return undefined;
				return {
					seen: "the container shares the dev container's cgroup namespace",
					why: "/proc/self/cgroup shows the path of the dev container's cgroup in it",
					look: `${where(/unshare\(/)}: flags are joined with |`,
				};
			},
		}),
	],
} satisfies Check;
