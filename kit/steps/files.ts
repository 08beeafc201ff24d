/** Writing into the learner's folder, which a bind mount may share with the learner's own machine. */

import { dirname } from "node:path";
import { chownSync, statSync, writeFileSync } from "../../runtime/fs.ts";

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
