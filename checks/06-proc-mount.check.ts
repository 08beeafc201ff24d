// Step 6: a /proc that tells of the container, mounted where nobody else sees it.

import {
	hasName,
	hasRoot,
	hasUts,
	isPidOne,
	keepsOuterName,
	startsInRoot,
	stillExecs,
} from "../kit/grader/lasting.ts";
import {
	requirement,
	requireRunning,
	type SeenRunning,
	where,
} from "../kit/grader/requirement.ts";
import { addedMounts, type Mount } from "../kit/proc/mounts.ts";

const STEP = 6;
const look = requireRunning(STEP);

stillExecs(STEP, look);
hasUts(STEP, look);
hasName(STEP, look);
keepsOuterName(STEP, look);
hasRoot(STEP, look);
startsInRoot(STEP, look);
isPidOne(STEP, look);

requirement("6.proc", "/proc inside is a procfs", look, ({ command, proc }) => {
	const mounted = command.mounts.findLast(({ target }) => target === "/proc");
	if (mounted?.type === "proc" && proc.listed.length > 0) return undefined;
	return {
		seen: mounted
			? `what is mounted on its /proc is of type ${mounted.type}`
			: "nothing is mounted on its /proc",
		why: "the root file system's /proc is an empty directory: ps and its like have nothing to read until the kernel's procfs is mounted there",
		look: `${where(STEP, /mount\("proc"/)}: mount("proc", "/proc", "proc") in child(), after chroot(ROOTFS)`,
	};
});

requirement("6.proc-first", "/proc/1 is the command", look, (seen) => {
	const { proc, command } = seen;
	if (
		proc.namespace === command.namespaces.pid &&
		proc.first.join("\0") === command.command.join("\0")
	)
		return undefined;
	return foreignProc(
		seen,
		`/proc/1 in there is ${proc.first.length > 0 ? `\`${proc.first.join(" ").slice(0, 60)}\`` : "unreadable"}`,
	);
});

requirement(
	"6.proc-only",
	"/proc lists the container's processes, and no others",
	look,
	(seen) => {
		const { proc, members } = seen;
		const strangers = proc.listed.filter((pid) => !members.includes(pid));
		if (strangers.length === 0 && proc.listed.length === members.length)
			return undefined;
		return foreignProc(
			seen,
			`it lists ${proc.listed.length} processes, and the container has ${members.length}`,
		);
	},
);

requirement(
	"6.private",
	"the mount is seen nowhere outside, even where / is shared",
	look,
	({ before, during, command, init }) => {
		const leaked = addedMounts(before.mounts, during.mounts);
		if (leaked.length === 0) return undefined;
		const own = command.namespaces.mnt !== init.namespaces.mnt;
		return {
			seen: `the dev container sees ${list(leaked)}`,
			why: own
				? "a new mount namespace starts as a copy, and where / is shared, copies tell each other of every mount (mount_namespaces(7)). Docker keeps its containers' mounts from that; most machines share /"
				: "the container is in the dev container's own mount namespace: there is one list of mounts for both",
			look: own
				? `${where(STEP, /mount\(/)}: mount(null, "/", null, MS_REC | MS_PRIVATE) in child(), before anything is mounted and before chroot`
				: `${where(STEP, /unshare\(/)}: CLONE_NEWNS in the unshare(…) of run()`,
		};
	},
);

requirement(
	"6.unmounted",
	"nothing stays mounted afterwards",
	look,
	({ before, after }) => {
		const left = addedMounts(before.mounts, after.mounts);
		if (left.length === 0) return undefined;
		return {
			seen: `after the container's end the dev container still has ${list(left)}`,
			why: "a mount lives as long as a namespace that holds it; the container's own goes with its last process, the dev container's stays",
			look: `${where(STEP, /unshare\(/)}: CLONE_NEWNS in run(), MS_PRIVATE in child()`,
		};
	},
);

requirement(
	"6.outer-mounts",
	"the dev container's own mounts are all still there",
	look,
	({ before, after }) => {
		const lost = addedMounts(after.mounts, before.mounts);
		if (lost.length === 0) return undefined;
		return {
			seen: `the dev container has lost ${list(lost)}`,
			why: "an unmount travels the same way as a mount: without a private mount namespace of your own, it is everybody's",
			look: `${where(STEP, /umount\(|mount\(/)}: CLONE_NEWNS in run(), MS_PRIVATE in child()`,
		};
	},
);

function foreignProc({ proc, init }: SeenRunning, seen: string) {
	const outer = proc.namespace === init.namespaces.pid;
	return {
		seen: outer ? `${seen}: the dev container's processes, all of them` : seen,
		why: "a procfs shows the PID namespace of the process that mounts it",
		look: `${where(STEP, /mount\("proc"/)}: mount it in child(), which is born into the new PID namespace, on /proc of the new root`,
	};
}

function list(mounts: Mount[]): string {
	return mounts.map(({ type, target }) => `${type} on ${target}`).join(", ");
}
