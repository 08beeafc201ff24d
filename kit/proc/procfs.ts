/** Reads of /proc that may fail: a process can end at any time, and access may be denied. proc(5) */

import {
	openSync,
	readdirSync,
	readFileSync,
	readlinkSync,
} from "../../runtime/fs.ts";

/** A file's text. */
export function read(path: string): string | undefined {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return undefined;
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
