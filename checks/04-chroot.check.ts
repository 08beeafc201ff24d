// Step 4: its own root directory, and no way out of it.

import { readFileSync, statSync } from "node:fs";
import {
	type Check,
	differs,
	MARKER,
	placeOf,
	ROOTFS,
	requirement,
} from "../kit/grader/index.ts";

export default {
	requirements: [
		requirement({
			id: "root",
			title: "its root directory is the root file system",
			lasts: true,
			see: ({ command }) => isMarked(`/proc/${command.pid}/root`),
			judge({ command, init, where }, marked) {
				const moved = differs(init.root.id, command.root.id, "its root");
				if (moved && marked) return undefined;
				return {
					seen: moved
						? `its / is ${command.root.path}`
						: "its / is the dev container's",
					why: moved
						? "chroot(2) takes any directory, and this one is not the root file system"
						: "a process keeps its parent's root directory until chroot(2) gives it another",
					look: `${where(/chroot\(/)}: chroot(ROOTFS) in child(), before execvp(command)`,
				};
			},
		}),
		requirement({
			id: "directory",
			title: "the command starts in / of the new root",
			lasts: true,
			judge({ command, init, where }) {
				const { root, directory } = command;
				if (!differs(root.id, directory.id, "its working directory"))
					return undefined;
				if (!differs(init.root.id, root.id, "its root"))
					return {
						seen: `its working directory is ${directory.path}, and its root is the dev container's`,
						why: "the container has no new root yet",
						look: `${where(/chroot\(|chdir\(/)}: chroot(ROOTFS) in child(), and then chdir("/")`,
					};
				const inside =
					root.path !== "/" && directory.path.startsWith(`${root.path}/`);
				return {
					seen: inside
						? `its working directory is ${directory.path.slice(root.path.length)} of the new root`
						: `its working directory is ${directory.path}, outside the root file system`,
					why: inside
						? "the command starts in the working directory that child() leaves it, and that must be / here"
						: 'chroot(2) changes "/" and not the working directory: `cd ..` leads out',
					look: `${where(/chroot\(|chdir\(/)}: chdir("/") after chroot(ROOTFS)`,
				};
			},
		}),
		requirement({
			id: "climb",
			title: "`cd ..`, however often, ends at / of the new root",
			inside: "cd ../../../../../../..",
			see: ({ command }) => placeOf(`/proc/${command.pid}/cwd`),
			judge({ command, init, where }, climbed) {
				const moved = differs(init.root.id, command.root.id, "its root");
				const stopped = climbed.id !== "" && climbed.id === command.root.id;
				if (moved && stopped) return undefined;
				return {
					seen: `\`cd ../../..\` led to ${climbed.path || "nowhere"}, which is not the root file system`,
					why: "the kernel stops `..` at the root directory, and a working directory outside of it never reaches that",
					look: `${where(/chroot\(/)}: ${moved ? 'chdir("/") after chroot(ROOTFS)' : 'chroot(ROOTFS), then chdir("/")'}`,
				};
			},
		}),
		requirement({
			id: "outer-root",
			title: "the dev container's root is unchanged",
			judge({ supervisor, init, where }) {
				if (
					!differs(init.root.id, supervisor.root.id, "your supervisor's root")
				)
					return undefined;
				return {
					seen: `your supervisor's / is ${supervisor.root.path} now`,
					why: "chroot(2) changes the process that calls it and its later children: in run(), it changes the supervisor's root too",
					look: `${where(/chroot\(/)}: chroot(ROOTFS) belongs in child()`,
				};
			},
		}),
		requirement({
			id: "user",
			title: "the command does not run as root",
			extra: true,
			see: ({ command }) => statSync(`/proc/${command.pid}`).uid,
			judge({ where }, user) {
				if (user !== 0) return undefined;
				return {
					seen: "the command runs as root",
					why: "root may call chroot again, and that is the way out",
					look: `${where(/execvp\(/)}: the user is changed last, before execvp(command)`,
				};
			},
		}),
	],
} satisfies Check;

/** Whether a directory holds the root file system, or a copy of it. */
function isMarked(root: string): boolean {
	const text = markerIn(root);
	return text !== undefined && text === markerIn(ROOTFS);
}

/** What stands in the file that marks a root file system. A container may have put anything in its place. */
function markerIn(root: string): string | undefined {
	const file = `${root}/${MARKER}`;
	const found = statSync(file, { throwIfNoEntry: false });
	return found?.isFile() && found.size < 1000
		? readFileSync(file, "utf8")
		: undefined;
}
