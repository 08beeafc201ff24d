/** The container's root file system: where there is none, the kit makes one for itself. */

import { createRequire } from "node:module";
import { join } from "node:path";
import {
	closeSync,
	constants,
	existsSync,
	fstatSync,
	openSync,
	readFileSync,
	renameSync,
	unlinkSync,
	writeFileSync,
} from "../../runtime/fs.ts";
import { OWN_ROOTFS, ROOTFS } from "../../runtime/rootfs.ts";
import { MARKER } from "./marker.ts";

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
	if (existsSync(join(ROOTFS, MARKER))) refreshNames();
}

/**
 * Copies what names resolve by into the root file system. A container writes
 * there, too, and may have planted links and pipes: nothing outside of ROOTFS
 * is written, and nothing is waited for.
 */
function refreshNames(): void {
	const { O_DIRECTORY, O_NOFOLLOW } = constants;
	let etc: number | undefined;
	try {
		etc = openSync(join(ROOTFS, "etc"), O_DIRECTORY | O_NOFOLLOW);
		for (const name of ["resolv.conf", "hosts"])
			copyIfChanged(`/etc/${name}`, `/proc/self/fd/${etc}/${name}`);
	} catch {
		// A read-only root file system is the instructor's choice: names then resolve as it says.
	} finally {
		if (etc !== undefined) closeSync(etc);
	}
}

/** Written aside and renamed, so that a container which starts meanwhile reads the one or the other. */
function copyIfChanged(source: string, target: string): void {
	if (!existsSync(source)) return;
	const wanted = readFileSync(source);
	if (contentOf(target)?.equals(wanted)) return;
	const aside = `${target}.${process.pid}`;
	try {
		removeIfThere(aside);
		writeFileSync(aside, wanted, { flag: "wx" });
		renameSync(aside, target);
	} finally {
		// It is still there where the target is a mount point, which nothing can be renamed to.
		removeIfThere(aside);
	}
}

/** What is in a regular file. A link is not followed. */
function contentOf(path: string): Buffer | undefined {
	const { O_NOFOLLOW, O_NONBLOCK } = constants;
	let file: number | undefined;
	try {
		file = openSync(path, O_NOFOLLOW | O_NONBLOCK);
		return fstatSync(file).isFile() ? readFileSync(file) : undefined;
	} catch {
		return undefined;
	} finally {
		if (file !== undefined) closeSync(file);
	}
}

function removeIfThere(path: string): void {
	try {
		unlinkSync(path);
	} catch {}
}
