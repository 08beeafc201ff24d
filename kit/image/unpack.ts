/**
 * Unpacks a layer: a tar archive of what it changes in those below it.
 * An archive comes from anywhere, and is unpacked by root: nothing of it may land outside the directory.
 *
 * https://github.com/opencontainers/image-spec/blob/main/layer.md
 */

import { createHash } from "node:crypto";
import {
	chmodSync,
	closeSync,
	lchownSync,
	linkSync,
	lutimesSync,
	mkdirSync,
	openSync,
	realpathSync,
	rmSync,
	symlinkSync,
	writeSync,
} from "node:fs";
import {
	lstatOf,
	note,
	pathInside,
	refusal,
	type Unpacking,
} from "./inside.ts";
import {
	isWhiteout,
	makeNode,
	makeOpaque,
	S_IFBLK,
	S_IFCHR,
	S_IFIFO,
} from "./overlay.ts";
import { type Entry, readArchive } from "./tar.ts";
import { applyWhiteout, isWhiteoutName } from "./whiteout.ts";

/**
 * Unpacks a layer.
 *
 * @param archive a tar archive, as it is or compressed
 * @param root the directory, which is there
 * @param flat whether it has the lower layers in it
 * @returns the digest of the uncompressed archive, which names a layer
 * @throws CommandError where an entry would land outside, and where the archive is broken
 */
export async function unpackLayer(
	archive: string,
	root: string,
	flat: boolean,
): Promise<string> {
	const unpacking: Unpacking = {
		root: realpathSync(root),
		flat,
		made: new Set(),
		times: new Map(),
	};
	const hash = createHash("sha256");
	await readArchive(
		archive,
		(entry) => unpackEntry(unpacking, entry),
		(chunk) => hash.update(chunk),
	);
	for (const [path, { mtime }] of unpacking.times)
		if (lstatOf(path)?.isDirectory()) lutimesSync(path, mtime, mtime);
	return `sha256:${hash.digest("hex")}`;
}

/** @returns what takes the entry's content, if it is a file */
function unpackEntry(
	unpacking: Unpacking,
	entry: Entry,
): ((chunk: Buffer | undefined) => void) | undefined {
	const path = pathInside(unpacking, entry.name, entry.name);
	if (path === unpacking.root && entry.type !== "directory")
		throw refusal(entry.name, "it would replace the directory of the layer");
	if (isWhiteoutName(path)) {
		applyWhiteout(unpacking, path, entry.name);
		return undefined;
	}

	const covers = makeWay(path, entry);
	note(unpacking, path);
	if (entry.type === "file" || entry.type === "contiguous-file") {
		const file = openSync(path, "wx", 0o600);
		return (chunk) => {
			if (chunk) return writeAll(file, chunk);
			closeSync(file);
			setAttributes(path, entry);
		};
	}
	make(unpacking, path, entry);
	if (covers && entry.type === "directory") makeOpaque(path);
	return undefined;
}

/** Makes everything that is no ordinary file. */
function make(unpacking: Unpacking, path: string, entry: Entry): void {
	const { mode, major, minor, target } = entry;
	switch (entry.type) {
		case "directory":
			if (!lstatOf(path)) mkdirSync(path);
			unpacking.times.set(path, entry);
			break;
		case "symlink":
			symlinkSync(target, path);
			break;
		case "link": {
			const source = pathInside(unpacking, target, entry.name);
			if (!lstatOf(source) || lstatOf(source)?.isDirectory())
				throw refusal(
					entry.name,
					`it is a link to ${target}, which is no file of the layer`,
				);
			linkSync(source, path);
			return; // it has the attributes of the file
		}
		// A device that may not be made is left out: a container gets a /dev of its own.
		case "character-device":
			if (!makeNode(path, S_IFCHR | mode, major, minor)) return;
			break;
		case "block-device":
			if (!makeNode(path, S_IFBLK | mode, major, minor)) return;
			break;
		case "fifo":
			if (!makeNode(path, S_IFIFO | mode, 0, 0)) return;
			break;
		default:
			throw refusal(entry.name, "it is of a kind that is not known");
	}
	setAttributes(path, entry);
}

/** Owner, permissions and times. The owner first: a change of owner takes set-uid away. */
function setAttributes(path: string, entry: Entry): void {
	const { uid, gid, mode, mtime, type } = entry;
	lchownSync(path, uid, gid);
	if (type !== "symlink") chmodSync(path, mode);
	lutimesSync(path, mtime, mtime);
}

/**
 * Takes away what stands in an entry's place: it is never written through.
 *
 * @returns whether a whiteout stood there: a directory in its place still hides the lower one
 */
function makeWay(path: string, entry: Entry): boolean {
	const present = lstatOf(path);
	if (!present) return false;
	const isDirectory = entry.type === "directory";
	if (present.isDirectory() && isDirectory) return false;
	rmSync(path, { recursive: true });
	return isWhiteout(present);
}

function writeAll(file: number, chunk: Buffer): void {
	for (let done = 0; done < chunk.length; )
		done += writeSync(file, chunk, done);
}
