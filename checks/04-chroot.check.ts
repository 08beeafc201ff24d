// Step 4: a root directory of its own, and no way past it.

import {
	hasName,
	hasRoot,
	hasUts,
	keepsOuterName,
	startsInRoot,
	stillExecs,
} from "../kit/grader/lasting.ts";
import {
	requirement,
	requireRunning,
	where,
} from "../kit/grader/requirement.ts";

const STEP = 4;
const look = requireRunning(STEP);

stillExecs(STEP, look);
hasUts(STEP, look);
hasName(STEP, look);
keepsOuterName(STEP, look);
hasRoot(STEP, look);
startsInRoot(STEP, look);

requirement(
	"4.climb",
	"`cd ..`, however often, ends at / of the new root",
	look,
	({ command, climbed, init }) => {
		const moved = command.root.id !== init.root.id;
		if (moved && climbed.id === command.root.id) return undefined;
		return {
			seen: `\`cd ../../..\` led to ${climbed.path || "nowhere"}, which is not the root file system`,
			why: "the kernel stops `..` at the root directory; a process that stands outside of it never comes by there",
			look: `${where(STEP, /chroot\(/)}: ${moved ? 'chdir("/") after chroot(ROOTFS)' : 'chroot(ROOTFS), then chdir("/")'}`,
		};
	},
);

requirement(
	"4.outer-root",
	"the dev container's root is unchanged",
	look,
	({ supervisor, init }) => {
		if (supervisor.root.id === init.root.id) return undefined;
		return {
			seen: `your supervisor's own / is ${supervisor.root.path} now`,
			why: "chroot(2) changes the process that calls it and the children to come: called in run(), it locks the supervisor in as well",
			look: `${where(STEP, /chroot\(/)}: chroot(ROOTFS) belongs in child()`,
		};
	},
);
