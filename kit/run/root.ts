/** The way back out of a chroot: the learner's file and the kit's words are outside, and an error has to be told. */

import { constants, openSync } from "../../runtime/fs.ts";
import { cfunction } from "../../runtime/libc.ts";

/** The root directory that this process began with, kept open. Node opens it close-on-exec, so the command does not get it. */
let saved: number | undefined;

/** Keeps the root directory open. */
export function saveRoot(): void {
	saved = openSync("/", constants.O_DIRECTORY);
}

/**
 * Makes the saved directory this process's root again. chroot(2) describes this
 * way out: because of it, chroot is no prison for root.
 */
export function restoreRoot(): void {
	if (saved === undefined) return;
	cfunction("int fchdir(int fd)")(saved);
	cfunction("int chroot(const char *path)")(".");
}
