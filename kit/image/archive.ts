/** The files of an image on a disk: in a tar archive, or in a directory. Each is copied into the store, and its digest taken. */

import { createHash } from "node:crypto";
import {
	closeSync,
	constants,
	copyFileSync,
	createReadStream,
	createWriteStream,
	openSync,
	readFileSync,
	realpathSync,
	statSync,
	writeSync,
} from "node:fs";
import { join, normalize, relative } from "node:path";
import { pipeline } from "node:stream/promises";
import { CommandError } from "../cli/terminal.ts";
import { aside, digestOfFile } from "./store.ts";
import { readArchive } from "./tar.ts";

/** A file of an archive, kept in the store's ASIDE. */
export interface File {
	path: string;
	digest: string;
	size: number;
}

/** Gives the file of a name, or undefined where there is none. */
export type Archive = (name: string) => Promise<File | undefined>;

/** Opens an archive: a file, a directory, or `-` for stdin. */
export async function openArchive(path: string): Promise<Archive> {
	if (path === "-") return openTar(await spool("/dev/stdin"));
	const stat = statSync(path, { throwIfNoEntry: false });
	if (!stat) throw new CommandError(1, `There is no file ${path}.`);
	if (stat.isDirectory()) return openDirectory(path);
	// What is no file, a pipe say, can be read once only.
	return openTar(stat.isFile() ? path : await spool(path));
}

/** Names are looked up and never made: an archive can't choose where its files go. */
async function openTar(path: string): Promise<Archive> {
	const files = new Map<string, File>();
	const links = new Map<string, string>();
	await readArchive(path, ({ name, type, target }) => {
		const key = normalize(name);
		// docker save writes a layer that two images share once, and links to it: ../ID/layer.tar
		if (type === "symlink") links.set(key, join(key, "..", target));
		if (type === "link") links.set(key, normalize(target));
		if (type !== "file") return undefined;
		const file = { path: aside(), digest: "", size: 0 };
		const descriptor = openSync(file.path, "wx");
		const hash = createHash("sha256");
		return (chunk) => {
			if (chunk) {
				for (let done = 0; done < chunk.length; )
					done += writeSync(descriptor, chunk, done);
				hash.update(chunk);
				file.size += chunk.length;
				return;
			}
			closeSync(descriptor);
			file.digest = `sha256:${hash.digest("hex")}`;
			files.set(key, file);
		};
	});
	return async (name) => {
		const key = normalize(name);
		return files.get(key) ?? files.get(links.get(key) ?? "");
	};
}

function openDirectory(directory: string): Archive {
	const root = realpathSync(directory);
	return async (name) => {
		const source = join(root, name);
		if (!statSync(source, { throwIfNoEntry: false })?.isFile())
			return undefined;
		if (relative(root, realpathSync(source)).startsWith(".."))
			throw new CommandError(1, `${name} leads out of ${directory}.`);
		const path = aside();
		copyFileSync(source, path, constants.COPYFILE_FICLONE);
		return {
			path,
			digest: await digestOfFile(path),
			size: statSync(path).size,
		};
	};
}

async function spool(source: string): Promise<string> {
	const path = aside();
	await pipeline(createReadStream(source), createWriteStream(path));
	return path;
}

/** The text of a file that an archive must have. */
export async function readText(
	archive: Archive,
	name: string,
): Promise<string> {
	const file = await archive(name);
	if (!file)
		throw new CommandError(
			1,
			`The archive has no file ${JSON.stringify(name)}, which it says it has.`,
		);
	return readFileSync(file.path, "utf8");
}
