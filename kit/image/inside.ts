/** Where an entry of a layer belongs. An archive comes from anywhere: what would leave the layer's directory is refused. */

import {
	chmodSync,
	lstatSync,
	mkdirSync,
	realpathSync,
	rmSync,
	type Stats,
} from "node:fs";
import { dirname, join } from "node:path";
import { CommandError } from "../cli/terminal.ts";
import { isWhiteout, makeOpaque } from "./overlay.ts";
import type { Entry } from "./tar.ts";

/** A layer on its way into a directory. */
export interface Unpacking {
	root: string;
	/** The directory has the lower layers in it already: what this one removes is deleted, and not covered. */
	flat: boolean;
	/** The paths that this layer has made. */
	made: Set<string>;
	/** Directories get their times at the end, after the last file in them. */
	times: Map<string, Entry>;
}

/**
 * Where an entry belongs. Its directories are made where they are missing.
 *
 * @param name the path in the archive
 * @param entry the entry that is refused if that path leaves the directory
 */
export function pathInside(
	unpacking: Unpacking,
	name: string,
	entry: string,
): string {
	const { root } = unpacking;
	if (name.startsWith("/")) throw refusal(entry, "its path is absolute");
	if (name.includes("\0")) throw refusal(entry, "its path has a null byte");
	const names = name.split("/").filter((it) => it !== "" && it !== ".");
	if (names.includes("..")) throw refusal(entry, "its path has .. in it");
	let here = root;
	for (const [index, part] of names.entries()) {
		if (index === names.length - 1) return join(here, part);
		here = directoryInside(root, join(here, part), entry);
		note(unpacking, here);
	}
	return here;
}

/** A directory on the way to an entry. A symbolic link is followed if that stays inside, read as this machine reads it. */
function directoryInside(root: string, path: string, entry: string): string {
	const present = lstatOf(path);
	if (!present || isWhiteout(present)) {
		rmSync(path, { force: true });
		mkdirSync(path);
		chmodSync(path, 0o755);
		if (present) makeOpaque(path);
		return path;
	}
	if (present.isDirectory()) return path;
	if (!present.isSymbolicLink())
		throw refusal(entry, "its directory is a file");
	let real: string;
	try {
		real = realpathSync(path);
	} catch {
		throw refusal(entry, "it leads through a symbolic link to nowhere");
	}
	if (real !== root && !real.startsWith(`${root}/`))
		throw refusal(entry, "it leads out through a symbolic link");
	if (!lstatSync(real).isDirectory())
		throw refusal(entry, "its directory is a file");
	return real;
}

/** Notes a path and the directories that lead to it. */
export function note({ made, root }: Unpacking, path: string): void {
	for (let it = path; it !== root && !made.has(it); it = dirname(it))
		made.add(it);
}

export function lstatOf(path: string): Stats | undefined {
	return lstatSync(path, { throwIfNoEntry: false });
}

export function refusal(entry: string, why: string): CommandError {
	return new CommandError(
		1,
		`The image is refused: its entry ${JSON.stringify(entry)} can't be unpacked, ${why}.`,
	);
}
