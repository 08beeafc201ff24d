// Step 5: its own process IDs, from 1.

import {
	askedFor,
	type Check,
	type Container,
	differs,
	link,
	NotSeen,
	type ProcessSnapshot,
	readFamily,
	requirement,
	STATUS,
	shown,
} from "../kit/grader/index.ts";

export default {
	requirements: [
		requirement({
			id: "pid",
			title: "the command is PID 1 of its own PID namespace",
			lasts: true,
			see: seePids,
			async judge(seen, { first, forChildren }) {
				const { command, init, where } = seen;
				const { pid } = init.namespaces;
				const own = differs(pid, command.namespaces.pid, "its PID namespace");
				const number = command.pids.at(-1);
				if (own && number !== 1)
					return {
						seen: `the command is process ${number} in the new PID namespace${first ? `, and PID 1 is \`${shown(first)}\`` : ""}`,
						why: "the first process that starts after unshare(CLONE_NEWPID) becomes PID 1, and another one was first",
						look: `${where(/unshare\(/)}: start no process between unshare() and reexec()`,
					};
				if (own && forChildren === command.namespaces.pid) return undefined;
				if (own)
					return {
						seen: "processes that the command starts are in another PID namespace than the command",
						why: "CLONE_NEWPID was asked for twice: in run() for the command, and again in the child for the command's children. Once the first of those ends, a shell says `fork: Cannot allocate memory`",
						look: `${where(/CLONE_NEWPID(?!.*from)/)}: unshare(CLONE_NEWPID) in run() alone, before reexec(). Code outside of run() and child() runs in both`,
					};
				const asked = await askedFor("CLONE_NEWPID", seen);
				return {
					seen: `it shares the dev container's PID namespace${asked.seen && `: ${asked.seen}`}`,
					why: "unshare(CLONE_NEWPID) does not move the caller: only children started after it are in the new namespace, so call it before the child starts",
					look:
						asked.look ??
						`${where(/unshare\(/)}: CLONE_NEWPID belongs to the unshare(…) in run(), before reexec()`,
				};
			},
		}),
		requirement({
			id: "signals",
			title: "a signal from inside can't reach outside",
			again: true,
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
			judge({ command, init, survivors, where }) {
				if (survivors.length === 0) return undefined;
				followsFrom(init, command);
				return {
					seen: `the command has ended, and ${survivors.map(({ command }) => `\`${shown(command)}\``).join(", ")} still runs`,
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

/** PID 1 of the command's namespace, and the namespace in which its children start. */
function seePids({ init, command }: Container) {
	const first = readFamily(init).find(
		({ namespaces, pids }) =>
			namespaces.pid === command.namespaces.pid && pids.at(-1) === 1,
	);
	return {
		first: first?.command,
		forChildren: link(`/proc/${command.pid}/ns/pid_for_children`),
	};
}

/** One cause, one diagnosis: without a PID namespace of its own, what such a namespace does can't be seen. */
function followsFrom(init: ProcessSnapshot, command: ProcessSnapshot): void {
	if (
		!differs(init.namespaces.pid, command.namespaces.pid, "its PID namespace")
	)
		throw new NotSeen("it follows from the PID namespace that both share");
}
