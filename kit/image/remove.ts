/** `npm run image -- remove NAME`: the name goes, and of the rest what no other image has. */

import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "../cli/terminal.ts";
import { readManifest } from "./add.ts";
import {
	type Entry,
	flatPath,
	INDEX,
	indexText,
	initPath,
	layerPath,
	listImages,
	STORE,
} from "./paths.ts";
import { parseReference } from "./reference.ts";
import { blobPath, lockStore, writeWhole } from "./store.ts";

/** @returns the name that is gone, in full */
export function removeImage(name: string): string {
	lockStore();
	const wanted = parseReference(name).name;
	const images = listImages();
	const rest = images.filter((it) => it.name !== wanted);
	if (rest.length === images.length)
		throw new CommandError(1, `There is no image ${wanted} here.`);
	const kept = new Set(rest.flatMap(pathsOf));
	const unused = everything().filter((path) => !kept.has(path));
	const mounts = allMounts();
	if (unused.some((path) => mounts.includes(path)))
		throw new CommandError(
			1,
			`A container runs from ${wanted}. End it first: nothing was removed.`,
		);
	writeWhole(INDEX, indexText(rest));
	for (const path of unused) rmSync(path, { recursive: true });
	return wanted;
}

/** All that an image has in the store. */
function pathsOf({ digest }: Entry): string[] {
	const { layers, configDigest, config } = readManifest(digest);
	return [
		...[digest, configDigest, ...layers.map((it) => it.digest)].map(blobPath),
		...config.diffIds.map(layerPath),
		flatPath(digest),
		initPath(digest),
		`${initPath(digest)}.json`,
	];
}

function everything(): string[] {
	return ["blobs/sha256", "layers", "flat", "init"].flatMap((folder) =>
		readdirSync(join(STORE, folder)).map((name) => join(STORE, folder, name)),
	);
}

/** What is mounted, as seen by every process here: each container has a list of mounts of its own. */
function allMounts(): string {
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.map((pid) => {
			try {
				return readFileSync(`/proc/${pid}/mountinfo`, "utf8");
			} catch {
				return ""; // it has ended
			}
		})
		.filter((text, index, all) => all.indexOf(text) === index)
		.join("\n");
}
