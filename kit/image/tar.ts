/** Reads tar archives, compressed or not. What their bytes mean is the tar-stream package's to know. */

import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { pipeline, type Transform } from "node:stream";
import zlib from "node:zlib";
import type { Header } from "tar-stream";
import { CommandError } from "../cli/terminal.ts";

const require = createRequire(import.meta.url);

/** One file of an archive, or a directory, link, device. */
export interface Entry {
	name: string;
	/** Null where it is of no kind that is known. */
	type: Header["type"] | null;
	/** What a link leads to. */
	target: string;
	mode: number;
	uid: number;
	gid: number;
	major: number;
	minor: number;
	/** In seconds. */
	mtime: number;
}

/** What takes an entry's content: chunk by chunk, and undefined at its end. */
export type Sink = ((chunk: Buffer | undefined) => void) | undefined;

/**
 * Reads an archive to its end, entry by entry, in their order.
 *
 * @param onEntry is called for each entry. Where it returns nothing, the content is passed over
 * @param onChunk sees all of the uncompressed bytes
 * @throws CommandError where the archive is broken or ends too early
 */
export async function readArchive(
	path: string,
	onEntry: (entry: Entry) => Sink,
	onChunk: (chunk: Buffer) => void = () => {},
): Promise<void> {
	const { extract }: typeof import("tar-stream") = require("tar-stream");
	const archive = extract();
	const file = createReadStream(path);
	const transform = decompressor(path);
	// What goes wrong in reading ends the archive.
	const chunks = transform ? pipeline(file, transform, () => {}) : file;
	chunks.on("error", (error: Error) => archive.destroy(error));
	chunks.on("data", onChunk).pipe(archive);
	try {
		for await (const stream of archive) {
			const sink = onEntry(entryOf(stream.header));
			for await (const chunk of stream) sink?.(chunk as Buffer);
			sink?.(undefined);
		}
	} catch (error) {
		throw explain(error as NodeJS.ErrnoException);
	} finally {
		file.destroy();
	}
}

/** The header of an entry; where an extended one has the same fields, that is right: it has room for more. pax(1) */
function entryOf(header: Header): Entry {
	const { name, mode, uid, gid, mtime } = header;
	const pax = (header.pax ?? {}) as Record<string, string>;
	const number = (field: string, value: number) => Number(pax[field] ?? value);
	return {
		name,
		type: header.type,
		target: header.linkname ?? "",
		mode: mode & 0o7777,
		uid: number("uid", uid),
		gid: number("gid", gid),
		major: header.devmajor,
		minor: header.devminor,
		mtime: number("mtime", mtime.getTime() / 1000),
	};
}

/** How a file is compressed is told by its first bytes, and not by what somebody says of it. */
function decompressor(path: string): Transform | undefined {
	const kind = compressionOf(path);
	if (kind === "gzip") return zlib.createGunzip();
	if (kind !== "zstd") return undefined;
	const { createZstdDecompress } = zlib as {
		createZstdDecompress?: () => Transform;
	};
	if (!createZstdDecompress)
		throw new CommandError(
			1,
			`The image is compressed with zstd, which Node ${process.versions.node} can't read. Node 22.15 and later can.`,
		);
	return createZstdDecompress();
}

export function compressionOf(path: string): "gzip" | "zstd" | "none" {
	const file = openSync(path, "r");
	const magic = Buffer.alloc(4);
	readSync(file, magic, 0, 4, 0);
	closeSync(file);
	if (magic.readUInt16BE() === 0x1f8b) return "gzip";
	return magic.readUInt32BE() === 0x28b52ffd ? "zstd" : "none";
}

/** What is wrong with an archive, in words. What went wrong with a file of ours stays what it is. */
function explain(error: NodeJS.ErrnoException): Error {
	if (error instanceof CommandError) return error;
	const { code = "", message } = error;
	if (code === "ENOSPC")
		return new CommandError(1, "There is no space left for the image.");
	// The system's errors have a call; those of the archive's readers have none.
	if (error.syscall !== undefined) return error;
	return new CommandError(1, `The archive is broken or not whole: ${message}.`);
}
