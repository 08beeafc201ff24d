// Step 14: an image's layers, and what its configuration says of the process.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
	type Check,
	CONFIGURED,
	type Judged,
	LAYER_FILES,
	NotSeen,
	type ProcessSnapshot,
	requirement,
	storeOf,
	WAIT,
} from "../kit/grader/index.ts";

/** What may be in the environment beside the image's. Docker adds these, too. */
const ADDED = ["TERM", "HOSTNAME"];

const {
	user,
	env,
	entrypoint,
	command: ownCommand,
	workingDirectory,
} = CONFIGURED;

export default {
	together: {
		id: "image",
		title: "it is still made from an image, as in step 14",
	},
	requirements: [
		requirement({
			id: "layers",
			title: "its root has the files of all the image's layers",
			lasts: true,
			see: ({ command }) =>
				["top", "middle"].filter((name) => !textIn(command, name)),
			judge({ where }, missing) {
				if (missing.length === 0) return undefined;
				return {
					seen: `the files of ${missing.length} of the image's 3 layers are not in the container`,
					why: "an image is a stack of layers: each holds what it adds to those below, and changes of them",
					look: `${where(/lowerdir/)}: lowerdir= is all of IMAGE.layers, joined by ":"`,
				};
			},
		}),
		requirement({
			id: "order",
			title: "of a file in two layers, the upper one's is seen",
			lasts: true,
			see: ({ command }) => textIn(command, "both"),
			judge({ where }, text) {
				if (text === "top\n") return undefined;
				return {
					seen: `a file that two layers have is the ${text?.trim() ?? "missing"} layer's`,
					why: "the first directory of lowerdir= is the top one",
					look: `${where(/lowerdir|IMAGE\.layers/)}: IMAGE.layers has the top layer first, as overlay wants it`,
				};
			},
		}),
		requirement({
			id: "whiteouts",
			title: "what an upper layer has removed of a lower one is gone",
			lasts: true,
			see: ({ command }) => ({
				removed: existsSync(pathIn(command, "removed")),
				opaque: existsSync(pathIn(command, "opaque"))
					? readdirSync(pathIn(command, "opaque"))
					: [],
			}),
			judge({ where }, { removed, opaque }) {
				if (!removed && opaque.join() === "new") return undefined;
				return {
					seen: removed
						? "a file that the top layer removes is in the container"
						: `a directory that the top layer has made anew contains: ${opaque.join(", ") || "nothing"}`,
					why: "a layer can't remove anything from those below it: it holds a whiteout, or marks a directory as opaque, and overlay leaves out what that covers",
					look: `${where(/lowerdir/)}: give all of IMAGE.layers to one overlay, and no option but lowerdir=, upperdir= and workdir=`,
				};
			},
		}),
		requirement({
			id: "store",
			title: "the image's layers stay as they are",
			lasts: true,
			inside: "echo >/image/both; echo >/image/added; rm -rf /image/middle",
			see: ({ init }) => changedLayer(storeOf(init)),
			judge({ where }, changed) {
				if (changed === undefined) return undefined;
				return {
					seen: `what the container wrote has changed ${changed} of the image`,
					why: "the layers belong to all containers of the image, and to all images that have such a layer",
					look: `${where(/upperdir/)}: upperdir= is the empty directory on the tmpfs, and no layer`,
				};
			},
		}),
		requirement({
			id: "starts",
			title: "an image with a user, a directory and an entrypoint starts",
			async judge(seen) {
				const { began, stderr, status } = await seen.runImage(WAIT);
				if (began) return undefined;
				const said = stderr.trim().split("\n").slice(0, 6).join("\n");
				const late =
					/EPERM/.test(stderr) && /setres|setgroups|prctl/.test(said);
				return {
					seen: `the container ended with status ${status}${said && `, and printed:\n${said}`}`,
					why: late
						? "setuid takes the capabilities away: whoever is no longer root can change nothing more about who it is"
						: "the image's words are to be followed in the container's root, just before execvp",
					look: `${seen.where(/setuid\(|execvp\(/)}: chdir, setgroups, setgid and setuid, in this order, then execvp`,
				};
			},
		}),
		requirement({
			id: "user",
			title: "it runs as the image's user, with that user's group",
			async judge(seen) {
				const { status } = await commandOf(seen);
				const all = (id: number) => Array(4).fill(id).join("\t");
				const [uid, gid] = [status.get("Uid"), status.get("Gid")];
				if (uid === all(user.uid) && gid === all(user.gid)) return undefined;
				return {
					seen: `its user IDs are ${spaced(uid)}, and its group IDs ${spaced(gid)}; the image says ${user.uid} and ${user.gid}`,
					why: "real, effective, saved and file system's: as long as one of them is root's, the process can be root again",
					look: `${seen.where(/setuid\(|setgid\(|execvp\(/)}: setgid(IMAGE.user.gid), then setuid(IMAGE.user.uid)`,
				};
			},
		}),
		requirement({
			id: "groups",
			title:
				"it has the user's supplementary groups, and none of the dev container's",
			async judge(seen) {
				const { status } = await commandOf(seen);
				const groups = status.get("Groups") ?? "";
				if (groups === user.groups.join(" ")) return undefined;
				return {
					seen: `its supplementary groups are ${groups || "none"}; the image's user has ${user.groups.join(" ")}`,
					why: "setgid and setuid leave the supplementary groups as they were: files of those groups stay open to the process",
					look: `${seen.where(/setgroups\(|setuid\(/)}: setgroups(IMAGE.user.groups), before setuid`,
				};
			},
		}),
		requirement({
			id: "environment-of-image",
			title: "its environment is the image's",
			async judge(seen) {
				const { command } = await commandOf(seen);
				const wanted = Object.entries(env).map(
					([name, value]) => `${name}=${value}`,
				);
				const missing = wanted.filter(
					(it) => !command.environment.includes(it),
				);
				const extra = command.environment.filter(
					(it) =>
						!wanted.includes(it) && !ADDED.includes(it.split("=")[0] ?? ""),
				);
				if (missing.length === 0 && extra.length === 0) return undefined;
				return {
					seen:
						missing.length > 0
							? `its environment lacks ${missing.join(", ")}`
							: `its environment has ${extra.join(", ")}, which the image does not name`,
					why: "an image's Env tells its programs where they find things: PATH above all",
					look: `${seen.where(/execvp\(/)}: execvp(…, IMAGE.env)`,
				};
			},
		}),
		requirement({
			id: "working-directory",
			title: "it starts in the image's working directory",
			async judge(seen) {
				const { command } = await commandOf(seen);
				const { path } = command.directory;
				if (path === workingDirectory) return undefined;
				return {
					seen: `it starts in ${path}, and the image says ${workingDirectory}`,
					why: "the command starts in the directory in which child() stands at the end",
					look: `${seen.where(/IMAGE\.workingDirectory|execvp\(/)}: chdir(IMAGE.workingDirectory), below pivotRoot`,
				};
			},
		}),
		requirement({
			id: "entrypoint",
			title: "the image's entrypoint stands before the command",
			async judge(seen) {
				const words = await wordsOf(seen, WAIT);
				if (same(words.slice(0, entrypoint.length), entrypoint))
					return undefined;
				return {
					seen: `it runs ${JSON.stringify(words)}, and the image's entrypoint is ${JSON.stringify(entrypoint)}`,
					why: "with an Entrypoint, an image is a program, and the command's words are its arguments",
					look: `${seen.where(/execvp\(/)}: execvp([...IMAGE.entrypoint, ...], IMAGE.env)`,
				};
			},
		}),
		requirement({
			id: "command-given",
			title: "a command that is given replaces the image's own",
			async judge(seen) {
				const words = await wordsOf(seen, WAIT);
				if (same(words.slice(entrypoint.length), WAIT)) return undefined;
				return {
					seen: `it runs ${JSON.stringify(words)}, and the command was ${JSON.stringify(WAIT)}`,
					why: "Cmd is the command where none is given: whoever gives one wants that, behind the entrypoint",
					look: `${seen.where(/IMAGE\.command|execvp\(/)}: command.length > 0 ? command : IMAGE.command`,
				};
			},
		}),
		requirement({
			id: "command-of-image",
			title: "without a command, the image's own runs",
			async judge(seen) {
				const words = await wordsOf(seen, []);
				if (same(words, [...entrypoint, ...ownCommand])) return undefined;
				return {
					seen: `without a command, it runs ${JSON.stringify(words)}, and the image says ${JSON.stringify([...entrypoint, ...ownCommand])}`,
					why: "an image's Cmd is what it runs by itself: a server, a shell",
					look: `${seen.where(/IMAGE\.command|execvp\(/)}: command.length > 0 ? command : IMAGE.command, behind the entrypoint`,
				};
			},
		}),
	],
} satisfies Check;

function pathIn({ pid }: ProcessSnapshot, name: string): string {
	return `/proc/${pid}/root/image/${name}`;
}

function textIn(command: ProcessSnapshot, name: string): string | undefined {
	const path = pathIn(command, name);
	return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** The layer in which a file is not as the grader has written it, or is one more. */
function changedLayer(store: string): string | undefined {
	for (const [name, text] of Object.entries(LAYER_FILES)) {
		const path = join(store, name);
		if (!existsSync(path) || readFileSync(path, "utf8") !== text)
			return layerOf(name);
	}
	const added = ["top/image/added", "middle/image/added"].find((name) =>
		existsSync(join(store, name)),
	);
	return added && layerOf(added);
}

function layerOf(name: string): string {
	return `the ${name.split("/")[0]} layer`;
}

/** The command of the configured image, which several requirements judge. */
async function commandOf({ runImage }: Judged, given = WAIT) {
	const { began } = await runImage(given);
	if (!began) throw new NotSeen("the container did not start");
	return began;
}

async function wordsOf(seen: Judged, given: string[]): Promise<string[]> {
	const { command } = await commandOf(seen, given);
	// The entrypoint is a script: the kernel has put its interpreter before it.
	return command.command.slice(command.command[1] === entrypoint[0] ? 1 : 0);
}

function same(words: string[], others: string[]): boolean {
	return words.join("\0") === others.join("\0");
}

function spaced(field = ""): string {
	return field.replaceAll("\t", " ");
}
