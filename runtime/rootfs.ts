/** Where the container's root file system is. */

import { existsSync } from "./fs.ts";

/** Where the kit keeps the root file system that it makes. The number changes with what is in it. */
export const OWN_ROOTFS = "/var/lib/containers-from-scratch/rootfs-1";

/**
 * The root file system of the container: $WORKSHOP_ROOTFS, else /rootfs (the
 * dev container's: a minimal Debian), else one that the kit makes for itself.
 */
export const ROOTFS: string =
	process.env.WORKSHOP_ROOTFS ||
	(existsSync("/rootfs") ? "/rootfs" : OWN_ROOTFS);
