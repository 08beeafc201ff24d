/** Reading and writing where the learner works: a bind mount may share the folder with their own machine. */

import { dirname } from "node:path";
import {
	chownSync,
	readFileSync,
	statSync,
	writeFileSync,
} from "../../runtime/fs.ts";

/** A text with LF at the end of each line, also where Git or an editor on Windows wrote CRLF. */
export function readText(path: string): string {
	return readFileSync(path, "utf8").replaceAll("\r\n", "\n");
}

/**
 * Writes a new file that belongs to whoever owns the folder: the kit runs as
 * root, and the learner's editor does not.
 *
 * @throws an Error with the kernel's code: EROFS, ENOSPC, EEXIST, …
 */
export function writeAsOwner(path: string, text: string): void {
	writeFileSync(path, text, { flag: "wx" });
	const { uid, gid } = statSync(dirname(path));
	if (process.getuid?.() === 0) chownSync(path, uid, gid);
}
