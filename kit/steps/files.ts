/** Reads and writes the learner's files. A bind mount may share them with the learner's machine. */

import { dirname } from "node:path";
import {
	chownSync,
	readFileSync,
	statSync,
	writeFileSync,
} from "../../runtime/fs.ts";

/** Whether a file is there that can be read to its end: no directory, no device, no pipe that nobody writes to. */
export function isFile(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Reads a text with LF line ends, even if Git or an editor on Windows wrote CRLF. */
export function readText(path: string): string {
	return readFileSync(path, "utf8").replaceAll("\r\n", "\n");
}

/**
 * Writes a new file and gives it to the folder's owner: the kit runs as root,
 * and the learner's editor does not.
 *
 * @throws an Error with the kernel's code: EROFS, ENOSPC, EEXIST, …
 */
export function writeAsOwner(path: string, text: string): void {
	writeFileSync(path, text, { flag: "wx" });
	const { uid, gid } = statSync(dirname(path));
	if (process.getuid?.() === 0) chownSync(path, uid, gid);
}
