/** The container's root file system. If there is none, the kit makes one. */

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
 * Makes sure that ROOTFS is a root file system, and that host names resolve in it
 * as they do outside: Docker, too, writes a container's /etc/resolv.conf.
 *
 * @param announce called before a root file system is made, which takes a second
 * @throws Error if this machine lacks a program for it
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
 * Copies /etc/resolv.conf and /etc/hosts into the root file system. A container
 * writes there too and may have put links and pipes there: this function never
 * writes outside ROOTFS and never blocks.
 */
function refreshNames(): void {
	const { O_DIRECTORY, O_NOFOLLOW } = constants;
	let etc: number | undefined;
	try {
		etc = openSync(join(ROOTFS, "etc"), O_DIRECTORY | O_NOFOLLOW);
		for (const name of ["resolv.conf", "hosts"])
			copyIfChanged(`/etc/${name}`, `/proc/self/fd/${etc}/${name}`);
	} catch {
		// A read-only root file system keeps its own files.
	} finally {
		if (etc !== undefined) closeSync(etc);
	}
}

/** Writes a temporary file and renames it, so that a container that starts meanwhile reads the old file or the new one. */
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
		// It still exists if the rename failed: a mount point can't be replaced.
		removeIfThere(aside);
	}
}

/** Reads a regular file. Links are not followed. */
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
