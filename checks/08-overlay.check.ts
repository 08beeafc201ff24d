// Step 8: a layer of its own over the image. What it writes goes there, and the image stays as it is.

import { existsSync, lstatSync, readFileSync } from "node:fs";
import {
	type Check,
	type Container,
	type Judged,
	placeOf,
	ROOTFS,
	requirement,
} from "../kit/grader/index.ts";

/** What the command does to its root: a new file, a changed one, and one that is removed. */
const NEW = "etc/written-inside";
const CHANGED = "etc/group";
const REMOVED = "etc/os-release";
const WRITE = `echo written-inside >/${NEW}; echo written-inside >>/${CHANGED}; rm -f /${REMOVED}`;

export default {
	together: {
		id: "overlay",
		title: "it still writes to a layer of its own, as in step 8",
	},
	requirements: [
		requirement({
			id: "overlay",
			title: "its root is an overlay",
			lasts: true,
			see: ({ init, command }) =>
				deviceOf(placeOf(`/proc/${init}/root${ROOTFS}`).id) ===
				deviceOf(command.root.id),
			judge(seen, isImage) {
				const { where } = seen;
				const mount = rootMount(seen);
				// In Docker, the image lies on an overlay of Docker's own.
				if (mount?.type === "overlay" && !isImage) return undefined;
				return {
					seen: isImage
						? "its root is the image itself"
						: `its root is of type ${mount?.type ?? "unknown"}`,
					why: "all containers of this image have the same files: what one writes or deletes, the next one finds written or deleted",
					look: `${where(/mount\("overlay"|MS_BIND/)}: mount("overlay", ROOTFS, "overlay", 0, …) in child(), in the place of the bind mount, with lowerdir=, upperdir= and workdir=`,
				};
			},
		}),
		requirement({
			id: "writes",
			title: "it can write, change and delete files",
			lasts: true,
			inside: WRITE,
			see: ({ command }) => readTree(`/proc/${command.pid}/root/`),
			judge({ where }, tree) {
				if (tree.isNew && tree.isChanged && tree.isRemoved) return undefined;
				const failed = [
					!tree.isNew && "make a file",
					!tree.isChanged && "change a file",
					!tree.isRemoved && "delete a file",
				].filter(Boolean);
				return {
					seen: `in its /etc, root can't ${failed.join(", ")}`,
					why: "an overlay takes what is written into its upper directory. Without one, or with MS_RDONLY, it is read-only",
					look: `${where(/upperdir|mount\("overlay"/)}: upperdir= and workdir= name two empty directories of one tmpfs`,
				};
			},
		}),
		requirement({
			id: "image",
			title: "the image stays as it is",
			lasts: true,
			inside: WRITE,
			see: ({ init }) => readTree(`/proc/${init}/root${ROOTFS}/`),
			judge({ where }, tree) {
				if (!tree.isNew && !tree.isChanged && !tree.isRemoved) return undefined;
				return {
					seen: `a file that was ${tree.isNew ? "made" : tree.isChanged ? "changed" : "deleted"} inside is ${tree.isRemoved ? "gone from" : "so in"} ${ROOTFS} as well`,
					why: "the next container of this image gets what this one has left of it",
					look: `${where(/upperdir|lowerdir/)}: ROOTFS is the lower directory; the upper directory lies on a tmpfs of the container's own`,
				};
			},
		}),
		requirement({
			id: "layer",
			title: "nobody outside sees its layer, and no other container gets it",
			lasts: true,
			inside: WRITE,
			see: upperOutside,
			judge({ where }, upper) {
				if (upper === undefined) return undefined;
				return {
					seen: `what it writes appears in ${upper} of the dev container`,
					why: "the upper directory lies on a file system of the dev container's: it stays there after the container's end, and the next container finds it",
					look: `${where(/upperdir|mkdir\(/)}: mount("tmpfs", "/mnt", "tmpfs") in child() first, and make the directories on it`,
				};
			},
		}),
	],
} satisfies Check;

function rootMount({ command }: Pick<Judged, "command">) {
	return command.mounts.findLast(({ target }) => target === "/");
}

/** A place's identity is its device and its inode. */
function deviceOf(id: string): string {
	return id.split(":")[0] ?? "";
}

/** What the command has done to the tree below a root. */
function readTree(root: string) {
	return {
		isNew: existsSync(root + NEW),
		isChanged: /^written-inside$/m.test(textOf(root + CHANGED)),
		isRemoved: !lstatSync(root + REMOVED, { throwIfNoEntry: false }),
	};
}

/** The upper directory, if it can be seen from the dev container with the container's file in it. */
function upperOutside({ init, command }: Container): string | undefined {
	const [, upper] =
		/[ ,]upperdir=([^, ]+)/.exec(rootMount({ command })?.line ?? "") ?? [];
	if (upper === undefined) return undefined;
	return existsSync(`/proc/${init}/root${upper}/${NEW}`) ? upper : undefined;
}

function textOf(path: string): string {
	return existsSync(path) ? readFileSync(path, "utf8") : "";
}
