// Step 6: a /proc that shows the container, mounted in its own mount namespace.

import {
	addedMounts,
	agree,
	type Check,
	type Container,
	differs,
	type Judged,
	lostMounts,
	type Mount,
	NotSeen,
	procViewOf,
	ROOTFS,
	readFamily,
	requirement,
	shown,
	unsharedMounts,
} from "../kit/grader/index.ts";

export default {
	together: {
		id: "proc",
		title: "/proc and the mounts are still its own, as in step 6",
	},
	requirements: [
		requirement({
			id: "proc",
			title: "/proc inside is a procfs",
			lasts: true,
			see: procInside,
			judge({ command, where }, { listed }) {
				const mounted = command.mounts.findLast(
					({ target }) => target === "/proc",
				);
				if (mounted?.type === "proc" && listed.length > 0) return undefined;
				if (mounted?.type === "proc")
					return {
						seen: "the procfs on its /proc is dead: it belongs to a PID namespace that has ended",
						why: "an earlier run left it mounted in the dev container, and your code mounted no new one over it",
						look: `${where(/mount\("proc"/)}: first \`umount ${ROOTFS}/proc\` in the dev container, then mount("proc", "/proc", "proc") in child(), after chroot(ROOTFS)`,
					};
				return {
					seen: mounted
						? `what is mounted on its /proc is of type ${mounted.type}`
						: "nothing is mounted on its /proc",
					why: "the root file system's /proc is an empty directory: ps and its like have nothing to read until the kernel's procfs is mounted there",
					look: `${where(/mount\("proc"/)}: mount("proc", "/proc", "proc") in child(), once ROOTFS is the root`,
				};
			},
		}),
		requirement({
			id: "proc-first",
			title: "/proc/1 is the command",
			lasts: true,
			see: procInside,
			judge(seen, proc) {
				const { command } = seen;
				if (
					proc.namespace !== "" &&
					proc.namespace === command.namespaces.pid &&
					proc.first.join("\0") === command.command.join("\0")
				)
					return undefined;
				return foreignProc(
					seen,
					proc,
					`its /proc/1 is ${nameOfFirst(seen, proc)}`,
				);
			},
		}),
		requirement({
			id: "proc-only",
			title: "/proc lists the container's processes, and no others",
			lasts: true,
			see: procInside,
			judge(seen, proc) {
				if (listsMembers(proc)) return undefined;
				if (proc.namespace !== seen.command.namespaces.pid)
					throw new NotSeen("it follows from what its /proc/1 is");
				const { listed, members } = proc;
				return foreignProc(
					seen,
					proc,
					`it lists ${listed.length} processes, and the container has ${members.length}`,
				);
			},
		}),
		requirement({
			id: "private",
			title: "the mount does not show outside, even if / is shared",
			lasts: true,
			judge({ before, during, command, supervisor, init, where }) {
				const leaked = addedMounts(before.mounts, during.mounts);
				if (leaked.length === 0) return undefined;
				const { mnt } = init.namespaces;
				const own = differs(mnt, command.namespaces.mnt, "its mount namespace");
				const seen = `the dev container, in the grader's copy of it, sees ${list(leaked)}`;
				const moved = where(/unshare\([^)]*CLONE_NEWNS/);
				if (own && supervisor.namespaces.mnt === mnt && isBelow(moved, where))
					return {
						seen,
						why: "child() mounted it in the dev container's mount namespace, and moved to another one afterwards",
						look: `${moved}: CLONE_NEWNS in the unshare(…) of run(), before anything is mounted`,
					};
				return {
					seen,
					why: own
						? "a new mount namespace starts as a copy, and if / is shared, every mount propagates between the copies (mount_namespaces(7)). In Docker / is private; on most other machines it is shared"
						: "the container is in the dev container's mount namespace: both have one list of mounts",
					look: own
						? `${where(/mount\(/)}: mount(null, "/", null, MS_REC | MS_PRIVATE) in child(), before anything else is mounted`
						: `${where(/unshare\(/)}: CLONE_NEWNS in the unshare(…) of run()`,
				};
			},
		}),
		requirement({
			id: "unmounted",
			title: "nothing stays mounted afterwards",
			lasts: true,
			judge({ before, after, where }) {
				const left = addedMounts(before.mounts, after.mounts);
				if (left.length === 0) return undefined;
				return {
					seen: `after the container's end the dev container, in the grader's copy of it, still has ${list(left)}`,
					why: "a mount lives as long as a namespace that holds it; the container's own goes with its last process, the dev container's stays",
					look: `${where(/unshare\(/)}: CLONE_NEWNS in run(), MS_PRIVATE in child()`,
				};
			},
		}),
		requirement({
			id: "outer-mounts",
			title: "the dev container still has all of its mounts, as they were",
			lasts: true,
			judge({ before, after, where }) {
				const [changed] = unsharedMounts(before, after);
				if (changed)
					return {
						seen: `${changed.target} of the dev container, in the grader's copy of it, was shared before, and is not any more`,
						why: "mount(null, …, MS_PRIVATE) changes the mounts of the namespace that the caller is in, and the caller was still in the dev container's",
						look: `${where(/MS_PRIVATE(?!.*from)|MS_SLAVE(?!.*from)/)}: unshare(CLONE_NEWNS) first, then MS_PRIVATE`,
					};
				const lost = lostMounts(before, after);
				if (lost.length === 0) return undefined;
				return {
					seen: `the dev container, in the grader's copy of it, has lost ${list(lost)}`,
					why: "an unmount propagates as a mount does: without private mounts in its own mount namespace, the container unmounts for the dev container too",
					look: `${where(/umount\(|mount\(/)}: CLONE_NEWNS in run(), MS_PRIVATE in child()`,
				};
			},
		}),
		requirement({
			id: "tmp",
			title: "its /tmp is its own tmpfs",
			extra: true,
			judge({ command, where }) {
				const mounted = command.mounts.findLast(
					({ target }) => target === "/tmp",
				);
				if (mounted?.type === "tmpfs") return undefined;
				return {
					seen: "its /tmp is a directory of the root file system",
					why: "what one container leaves there, the next one finds",
					look: `${where(/mount\(/)}: one more mount in child(), after chroot(ROOTFS)`,
				};
			},
		}),
	],
} satisfies Check;

/** Whether a place in the learner's file is below the first mount(…). */
function isBelow(place: string, where: Judged["where"]): boolean {
	const lineOf = (text: string) => Number(text.split(":")[1] ?? 0);
	return lineOf(place) > lineOf(where(/\bmount\(/));
}

interface Proc extends ReturnType<typeof procViewOf> {
	/** The processes that are in the container's PID namespace, by their numbers in it. */
	members: number[];
}

/** What the container's /proc shows, and what it should show, read until they agree. */
function procInside({ init, command }: Container): Promise<Proc> {
	const look = (): Proc => ({
		...procViewOf(command.pid),
		members: readFamily(init)
			.filter(({ namespaces }) => namespaces.pid === command.namespaces.pid)
			.map(({ pids }) => pids.at(-1) ?? 0),
	});
	// A procfs of another PID namespace never agrees.
	return agree(
		look,
		(proc) => proc.namespace !== command.namespaces.pid || listsMembers(proc),
	);
}

function listsMembers({ listed, members }: Proc): boolean {
	return (
		listed.length === members.length &&
		listed.every((pid) => members.includes(pid))
	);
}

/** The dev container's first process is the grader's own here: its words would tell nothing. */
function nameOfFirst({ init }: Judged, { namespace, first }: Proc): string {
	if (namespace === init.namespaces.pid) return "the dev container's";
	return first.length > 0 ? `\`${shown(first)}\`` : "unreadable";
}

function foreignProc(
	{ init, where }: Judged,
	{ namespace }: Proc,
	seen: string,
) {
	const outer = namespace === init.namespaces.pid;
	return {
		seen: outer ? `${seen}: it shows all processes of the dev container` : seen,
		why: "a procfs shows the PID namespace of the process that mounts it",
		look: `${where(/mount\("proc"/)}: mount("proc", …) belongs in child(), below chroot(ROOTFS), on /proc`,
	};
}

function list(mounts: Mount[]): string {
	return mounts.map(({ type, target }) => `${type} on ${target}`).join(", ");
}
