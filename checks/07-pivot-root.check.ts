// Step 7: its root is the root of its mount namespace, and nothing of the dev container is left in there.

import { existsSync } from "node:fs";
import {
	type Check,
	type Container,
	differs,
	MARKER,
	NotSeen,
	placeOf,
	requirement,
	withinMounts,
} from "../kit/grader/index.ts";

/** The exit status by which an attempt says that it got out. No other program here has it. */
const OUT = 42;

/** Whether the marker is missing where an attempt arrives. A shell without programs can tell. */
const LOOK = `test -e /${MARKER} || exit ${OUT}`;

/** Ways out of a root, as root inside can try them. None of them changes the container. */
const ATTEMPTS = {
	enter: `nsenter --mount=/proc/self/ns/mnt sh -c '${LOOK}'`,
	// A working directory above the root: no `..` is stopped on the way up.
	climb: `mount --bind / /mnt && nsenter --root=/mnt --wd=/ sh -c 'cd -P ../../../../../../../..; test -e ./${MARKER} || exit ${OUT}'; result=$?; umount /mnt; (exit $result)`,
	uncover: `unshare --mount sh -c 'cd /proc; umount -l /; exec nsenter --mount=self/ns/mnt sh -c "${LOOK}"'`,
};

export default {
	together: {
		id: "root-mount",
		title: "its root is still the root of all its mounts, as in step 7",
	},
	requirements: [
		requirement({
			id: "outer-root",
			title: "your supervisor's root is unchanged",
			lasts: true,
			judge({ supervisor, init, where }) {
				if (
					!differs(init.root.id, supervisor.root.id, "your supervisor's root")
				)
					return undefined;
				return {
					seen: `your supervisor's / is the container's root now: ${supervisor.root.path}`,
					why: "pivot_root(2) moves every process of the mount namespace that stands in the old root, and your supervisor was one of them",
					look: `${where(/unshare\(CLONE_NEWNS|export function child/)}: unshare(CLONE_NEWNS) in child(), before everything else`,
				};
			},
		}),
		requirement({
			id: "alone",
			title: "it has a mount namespace that your supervisor does not share",
			lasts: true,
			judge({ supervisor, command, where }) {
				const { mnt } = command.namespaces;
				if (differs(supervisor.namespaces.mnt, mnt, "its mount namespace"))
					return undefined;
				return {
					seen: "the command and your supervisor are in one mount namespace",
					why: "unshare(CLONE_NEWNS) in run() moves the supervisor too. Whatever happens to the root of this namespace happens to both",
					look: `${where(/export function child/)}: unshare(CLONE_NEWNS) in child(), before everything else`,
				};
			},
		}),
		requirement({
			id: "mount",
			title: "its / is a mount",
			lasts: true,
			judge({ command, where }) {
				if (command.mounts.some(({ target }) => target === "/"))
					return undefined;
				return {
					seen: "its / is a directory of another mount",
					why: "chroot(2) gives a process another root directory; the root of the mount namespace stays the dev container's",
					look: `${where(/chroot\(|mount\(/)}: mount(ROOTFS, ROOTFS, null, MS_BIND | MS_REC), chdir(ROOTFS), and then pivotRoot(".", ".") in the place of chroot(ROOTFS)`,
				};
			},
		}),
		requirement({
			id: "namespace",
			title: "whoever enters its mount namespace arrives at its root",
			lasts: true,
			see: rootOfNamespace,
			judge({ command, where }, arrived) {
				if (!arrived)
					throw new NotSeen("its mount namespace could not be entered");
				if (arrived.marked && arrived.id === command.root.id) return undefined;
				const covered =
					command.mounts.filter(({ target }) => target === "/").length > 1;
				return {
					seen: `\`nsenter --mount\` leads to ${arrived.marked ? "another directory than its root" : "a root without the marker: the dev container's"}`,
					why: covered
						? "the old root is still mounted, on top of the new one: pivot_root(2) puts it aside, and umount2(2) takes it away"
						: "setns(2) leads to the root of the namespace, whatever root a process has. Only pivot_root(2) changes that one",
					look: covered
						? `${where(/pivotRoot\(/)}: umount(".", MNT_DETACH) after pivotRoot(".", ".")`
						: `${where(/pivotRoot\(|chroot\(/)}: pivotRoot(".", ".") in the place of chroot(ROOTFS)`,
				};
			},
		}),
		requirement({
			id: "old-root",
			title: "the dev container's root is mounted nowhere in it",
			lasts: true,
			see: ({ init, command }) => {
				const outer = placeOf(`/proc/${init}/root`).id;
				return command.mounts
					.map(({ target }) => target)
					.filter(
						(target) =>
							placeOf(`/proc/${command.pid}/root${target}`).id === outer,
					);
			},
			judge({ where }, places) {
				const [place] = places;
				if (place === undefined) return undefined;
				return {
					seen: `the dev container's root is mounted on its ${place}`,
					why: "pivot_root(2) only moves the old root to another place. It goes when it is unmounted, with all mounts below it",
					look: `${where(/pivotRoot\(/)}: unmount it after pivotRoot(…), with MNT_DETACH: Node's own program is on it, so it is in use`,
				};
			},
		}),
		requirement({
			id: "escape",
			title:
				"root inside does not get out: by nsenter, by climbing, by unmounting /",
			lasts: true,
			inside: Object.entries(ATTEMPTS)
				.map(
					([name, attempt]) =>
						`(${attempt}) >/dev/null 2>&1; echo "${said(name)} $?"`,
				)
				.join("\n"),
			judge({ outcome, where }) {
				const succeeded = (name: keyof typeof ATTEMPTS) =>
					outcome.stdout.includes(`${said(name)} ${OUT}\n`);
				if (succeeded("enter") || succeeded("climb"))
					return {
						seen: `root in the container reached the dev container's root, by ${succeeded("enter") ? "`nsenter --mount=/proc/self/ns/mnt`" : "`cd ..` from a directory above its own root"}`,
						why: "the root of its mount namespace is still the dev container's",
						look: `${where(/pivotRoot\(|chroot\(/)}: pivotRoot(".", "."), and then umount(".", MNT_DETACH)`,
					};
				if (!succeeded("uncover")) return undefined;
				return {
					seen: "root in the container unmounted its /, and the dev container's root was below",
					why: "MS_MOVE covers the old root and leaves it mounted. pivot_root(2) puts it where it can be unmounted",
					look: `${where(/MS_MOVE/)}: pivotRoot(".", "."), and then umount(".", MNT_DETACH), in the place of MS_MOVE and chroot`,
				};
			},
		}),
	],
} satisfies Check;

/** Enters the mount namespace as nsenter(1) does. */
function rootOfNamespace({ command }: Container) {
	return withinMounts(command.pid, () => ({
		id: placeOf("/").id,
		marked: existsSync(`/${MARKER}`),
	}));
}

/** What the command says before an attempt's exit status. */
function said(attempt: string): string {
	return `way out, ${attempt}:`;
}
