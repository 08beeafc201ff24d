/** The container's root file system: where there is none, the kit makes one for itself. */

import { createRequire } from "node:module";
import { join } from "node:path";
import {
	existsSync,
	readFileSync,
	renameSync,
	writeFileSync,
} from "../../runtime/fs.ts";
import { OWN_ROOTFS, ROOTFS } from "../../runtime/rootfs.ts";

/** The file by which a root file system of the workshop is known. It shows in `ls /`. */
export const MARKER = "CONTAINER_ROOT";

/**
 * Sees to it that there is a root file system at ROOTFS, and that names resolve
 * in it as they do out here: Docker, too, writes a container's /etc/resolv.conf.
 *
 * @param announce is called if one must be made, which takes a second
 * @throws Error where this machine lacks what it takes
 */
export function prepareRootfs(announce: () => void): void {
	if (ROOTFS === OWN_ROOTFS && !existsSync(ROOTFS)) {
		announce();
		const { makeRootfs } = createRequire(import.meta.url)(
			"./make-rootfs.ts",
		) as typeof import("./make-rootfs.ts");
		makeRootfs(ROOTFS);
	}
	if (!existsSync(join(ROOTFS, MARKER))) return;
	for (const file of ["/etc/resolv.conf", "/etc/hosts"])
		copyIfChanged(file, join(ROOTFS, file));
}

/** Written aside and renamed, so that a container which starts meanwhile reads the one or the other. */
function copyIfChanged(source: string, target: string): void {
	if (!existsSync(source)) return;
	const wanted = readFileSync(source);
	if (existsSync(target) && readFileSync(target).equals(wanted)) return;
	try {
		const aside = `${target}.${process.pid}`;
		writeFileSync(aside, wanted);
		renameSync(aside, target);
	} catch {
		// A read-only root file system is the instructor's choice: names then resolve as it says.
	}
}
