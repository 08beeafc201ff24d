/** Reads of /proc that may fail: a process can end at any time, and access may be denied. proc(5) */

import {
	closeSync,
	constants,
	fstatSync,
	lstatSync,
	openSync,
	readdirSync,
	readlinkSync,
	readSync,
	statfsSync,
} from "../../runtime/fs.ts";

/** More than any file of /proc that the kit reads. */
const LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * A file's text. A container can put anything in the place of a file: a pipe, for
 * which a reader would wait, or what has no end. Only a regular file is read, up to a limit.
 */
export function read(path: string): string | undefined {
	let file: number | undefined;
	try {
		file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
		return fstatSync(file).isFile() ? readUpTo(file, LIMIT_BYTES) : undefined;
	} catch {
		return undefined;
	} finally {
		if (file !== undefined) closeSync(file);
	}
}

function readUpTo(file: number, limit: number): string {
	const chunks: Buffer[] = [];
	let [total, length] = [0, 0];
	do {
		const chunk = Buffer.allocUnsafe(16 * 1024);
		length = readSync(file, chunk);
		chunks.push(chunk.subarray(0, length));
		total += length;
	} while (length > 0 && total < limit);
	return Buffer.concat(chunks).toString();
}

/** Whether a directory is the root of a procfs, or in one. statfs(2) */
export function isProcfs(path: string): boolean {
	const PROC_SUPER_MAGIC = 0x9fa0;
	try {
		return (
			lstatSync(path).isDirectory() &&
			statfsSync(path).type === PROC_SUPER_MAGIC
		);
	} catch {
		return false;
	}
}

/** Where a link leads; empty if it can't be read. */
export function link(path: string): string {
	try {
		return readlinkSync(path);
	} catch {
		return "";
	}
}

/** The names in a directory; none if it can't be read. */
export function list(path: string): string[] {
	try {
		return readdirSync(path);
	} catch {
		return [];
	}
}

/** An open file. */
export function open(path: string): number | undefined {
	try {
		return openSync(path, "r");
	} catch {
		return undefined;
	}
}

/** NUL-terminated words, as /proc has them. */
export function words(text: string | undefined): string[] {
	return text ? text.replace(/\0$/, "").split("\0") : [];
}
