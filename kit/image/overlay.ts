/** How overlay says that something of a lower layer is gone: a whiteout is a device 0:0, an opaque directory has an attribute. */

import { lstatSync, mkdirSync, rmSync, type Stats } from "node:fs";
import { join } from "node:path";
import { cfunction } from "../../runtime/libc.ts";

const OPAQUE = "trusted.overlay.opaque";

/** Where mknod(2) finds the kind of a file in its mode. inode(7) */
export const S_IFCHR = 0o020000;
export const S_IFBLK = 0o060000;
export const S_IFIFO = 0o010000;

/** Makes a device or a FIFO. Says whether the kernel allowed it. mknod(2), makedev(3) */
export function makeNode(
	path: string,
	mode: number,
	major: number,
	minor: number,
): boolean {
	const device =
		((BigInt(major) & 0xfffff000n) << 32n) |
		((BigInt(major) & 0xfffn) << 8n) |
		((BigInt(minor) & 0xffffff00n) << 12n) |
		(BigInt(minor) & 0xffn);
	return (
		cfunction("int mknod(const char *path, uint mode, uint64_t dev)")(
			path,
			mode,
			device,
		) === 0
	);
}

export function makeWhiteout(path: string): boolean {
	return makeNode(path, S_IFCHR, 0, 0);
}

export function isWhiteout(stat: Stats): boolean {
	return stat.isCharacterDevice() && stat.rdev === 0;
}

/** Has a directory hide what the lower layers have in it. */
export function makeOpaque(path: string): boolean {
	return (
		cfunction(
			"int lsetxattr(const char *path, const char *name, const char *value, size_t size, int flags)",
		)(path, OPAQUE, "y", 1, 0) === 0
	);
}

export function isOpaque(path: string): boolean {
	const value = Buffer.alloc(1);
	const size = cfunction(
		"intptr_t lgetxattr(const char *path, const char *name, void *value, size_t size)",
	)(path, OPAQUE, value, value.length);
	return size === 1 && value.toString() === "y";
}

/**
 * Whether the file system that holds a directory can have whiteouts. Docker's own overlay can't: there an
 * image's layers are flattened into one directory.
 */
export function allowsWhiteouts(directory: string): boolean {
	const probe = join(directory, `probe-${process.pid}`);
	mkdirSync(probe);
	try {
		return makeOpaque(probe) && makeWhiteout(join(probe, "whiteout"));
	} finally {
		rmSync(probe, { recursive: true });
	}
}

/** What a path of an image is: in the topmost of its layers that has it. Undefined where none has, or a symbolic link is on the way. */
export function lookUp(
	layers: readonly string[],
	path: string,
): { path: string; stat: Stats } | undefined {
	const names = path.split("/").filter(Boolean);
	for (const layer of layers) {
		let here = layer;
		let hidesLower = false;
		let stat = lstatSync(here, { throwIfNoEntry: false });
		for (const name of names) {
			if (!stat) break;
			if (!stat.isDirectory()) return undefined;
			hidesLower ||= isOpaque(here);
			here = join(here, name);
			stat = lstatSync(here, { throwIfNoEntry: false });
		}
		if (stat) return isWhiteout(stat) ? undefined : { path: here, stat };
		if (hidesLower) return undefined;
	}
	return undefined;
}
