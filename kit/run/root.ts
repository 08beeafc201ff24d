/** Leaves a chroot again: the learner's file and the kit's code, which explain an error, are outside. */

import { constants, openSync } from "../../runtime/fs.ts";
import { cfunction } from "../../runtime/libc.ts";

/** This process's first root directory, kept open. Node opens it close-on-exec, so the command does not inherit it. */
let saved: number | undefined;

/** Keeps the root directory open. */
export function saveRoot(): void {
	saved = openSync("/", constants.O_DIRECTORY);
}

/**
 * Makes the saved directory this process's root again. chroot(2) describes this
 * way out: because of it, chroot does not confine root.
 */
export function restoreRoot(): void {
	if (saved === undefined) return;
	cfunction("int fchdir(int fd)")(saved);
	cfunction("int chroot(const char *path)")(".");
}
