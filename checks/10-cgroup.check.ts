// Step 10: limits on its processes, and on its memory and processor time where the machine can give them.

import {
	type Check,
	type Container,
	differs,
	groupsSeenBy,
	NotSeen,
	readGroup,
	requirement,
} from "../kit/grader/index.ts";

/** More processes than a limit should allow, but no fork bomb. It ends by itself. */
const MANY = 300;

const VERSION_ONE =
	"not limited and not checked here: this machine has cgroup version 1";
/** For a loop that needs a whole processor. */
const BUSY_SECONDS = 2;

/** For a shell that tries each fork again for some time. */
const SOON = ["timeout", "-s", "KILL", "4"];

export default {
	together: {
		id: "cgroup",
		title: "it is still in a cgroup with limits, as in step 10",
	},
	requirements: [
		requirement({
			id: "joined",
			title: "it is in a cgroup of its own",
			lasts: true,
			see: membersOf,
			judge({ command, where }, members) {
				if (members?.includes(command.pid)) return undefined;
				return {
					seen: members
						? "the group is there, and the command is not in it"
						: "the group was not made",
					why: "a group limits its members and what they start, and nobody else",
					look: members
						? `${where(/export function child/)}: joinCgroup() in child(), before everything else`
						: `${where(/export (async )?function run/)}: mkdir(CGROUP) in run(), before reexec(command)`,
				};
			},
		}),
		requirement({
			id: "alone",
			title: "your supervisor is not in it",
			lasts: true,
			see: membersOf,
			judge({ supervisor, where }, members) {
				if (!members?.includes(supervisor.pid)) return undefined;
				return {
					seen: "your supervisor is a member of the container's group",
					why: "Node has a dozen threads, and each counts as a process; and a group with members can't be removed",
					look: `${where(/joinCgroup\(/)}: joinCgroup() in child(), and not in run()`,
				};
			},
		}),
		requirement({
			id: "namespace",
			title: "it sees its group as the root of the tree of groups",
			lasts: true,
			see: ({ command }) => groupsSeenBy(command.pid),
			judge({ command, init, where }, groups) {
				const own = differs(
					init.namespaces.cgroup,
					command.namespaces.cgroup,
					"its cgroup namespace",
				);
				const below = groups.find((line) => !line.endsWith(":/"));
				if (own && below === undefined) return undefined;
				return {
					seen: own
						? `in its /proc/self/cgroup, its group is ${below?.split(":").at(-1)}`
						: "it shares the dev container's cgroup namespace: /proc/self/cgroup shows where it is in the machine's tree",
					why: own
						? "a cgroup namespace has the group for its root that the caller was in when it made the namespace"
						: "a child starts in its parent's namespaces, and your code made no new one of this kind",
					look: `${where(/unshare\(CLONE_NEWNS|joinCgroup\(/)}: unshare(CLONE_NEWNS | CLONE_NEWCGROUP) in child(), below joinCgroup()`,
				};
			},
		}),
		requirement({
			id: "pids",
			title: "the number of its processes is limited",
			lasts: true,
			see: ({ group }) => readGroup(group, "pids.max"),
			judge({ where }, limit) {
				if (limit !== undefined && Number(limit) < MANY) return undefined;
				return {
					seen: `pids.max of its group is ${limit ?? "not there"}`,
					why: "a program that starts itself twice, and again, takes all the process numbers of the machine within a second",
					look: `${where(/setLimit\("pids|mkdir\(CGROUP/)}: setLimit("pids.max", "20") in run(), below mkdir(CGROUP)`,
				};
			},
		}),
		requirement({
			id: "pids-bite",
			title: "the kernel refuses it one process more",
			again: true,
			async judge({ run, where }) {
				const { counted } = await run([
					...SOON,
					"sh",
					"-c",
					`for i in $(seq ${MANY}); do sleep 6 & done`,
				]);
				if (countIn(counted("pids.events"), "max") > 0) return undefined;
				return {
					seen: `a loop started ${MANY} processes in the container, and the kernel refused none: pids.events says ${counted("pids.events").trim() || "nothing"}`,
					why: "a limit counts for the members of the group that it was written to",
					look: `${where(/setLimit\("pids|joinCgroup\(/)}: setLimit("pids.max", "20") in run(), joinCgroup() in child()`,
				};
			},
		}),
		requirement({
			id: "memory",
			title: "its memory is limited, where this machine can do that",
			see: limitsOf,
			async judge({ run, where }, { memory, swap }) {
				if (memory === undefined) return { remark: VERSION_ONE };
				const look = `${where(/setLimit\("memory|mkdir\(CGROUP/)}: setLimit("memory.max", "256M") and setLimit("memory.swap.max", "0") in run()`;
				const MIB = 2 ** 20;
				const limit = Number(memory) / MIB;
				if (!(limit <= 512) || (swap !== undefined && swap !== "0"))
					return {
						seen: `memory.max of its group is ${memory}, and memory.swap.max is ${swap ?? "not there"}`,
						why: "when memory runs out, the kernel kills a process of the group; without a limit, one of the whole machine",
						look,
					};
				// tail keeps its whole input, since that is one line.
				const more = Math.ceil(limit + 128);
				const { counted } = await run([
					"sh",
					"-c",
					`head -c ${more}m /dev/zero | tail | wc -c`,
				]);
				const events = counted("memory.events");
				if (countIn(events, "oom_kill") > 0) return undefined;
				return {
					seen: `a program took ${more} MiB, and nothing killed it`,
					why: "a limit counts for the members of the group that it was written to",
					look,
				};
			},
		}),
		requirement({
			id: "cpu",
			title: "its processor time is limited, where this machine can do that",
			see: limitsOf,
			async judge({ run, where }, { cpu }) {
				if (cpu === undefined) return { remark: VERSION_ONE };
				const look = `${where(/setLimit\("cpu|mkdir\(CGROUP/)}: setLimit("cpu.max", "20000 100000") in run()`;
				const [quota = "", period = ""] = cpu.split(" ");
				if (!(Number(quota) < Number(period)))
					return {
						seen: `cpu.max of its group is ${cpu}`,
						why: "a loop in the container takes a whole processor, and two loops take two",
						look,
					};
				const { counted } = await run([
					...["timeout", "-s", "KILL", String(BUSY_SECONDS)],
					...["sh", "-c", "while :; do :; done"],
				]);
				if (countIn(counted("cpu.stat"), "nr_throttled") > 0) return undefined;
				return {
					seen: `a loop ran for ${BUSY_SECONDS} seconds, and the kernel never made it wait`,
					why: "a limit counts for the members of the group that it was written to",
					look,
				};
			},
		}),
	],
} satisfies Check;

/** The processes in the container's group. Undefined if it was not made. */
function membersOf({ group }: Container): number[] | undefined {
	if (group === undefined)
		throw new NotSeen("no cgroup can be made on this machine");
	return readGroup(group, "cgroup.procs")?.split("\n").map(Number);
}

/** The limits that version 2 has in one group. In version 1 they have other names, and other trees. */
function limitsOf({ group }: Container) {
	return {
		memory: readGroup(group, "memory.max"),
		swap: readGroup(group, "memory.swap.max"),
		cpu: readGroup(group, "cpu.max"),
	};
}

/** A number of a file such as "max 7\noom_kill 1". */
function countIn(text: string, name: string): number {
	const [, count = "0"] = new RegExp(`^${name} (\\d+)$`, "m").exec(text) ?? [];
	return Number(count);
}
