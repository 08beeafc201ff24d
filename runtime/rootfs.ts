/** Where the container's root file system is. */

import { existsSync } from "./fs.ts";

/** The path of the root file system that the kit makes. The number changes with its contents. */
export const OWN_ROOTFS = "/var/lib/containers-from-scratch/rootfs-1";

/**
 * The root file system of the container: $WORKSHOP_ROOTFS, else /rootfs (the
 * dev container's: a minimal Debian), else the one that the kit makes.
 */
export const ROOTFS: string =
	process.env.WORKSHOP_ROOTFS ||
	(existsSync("/rootfs/CONTAINER_ROOT") ? "/rootfs" : OWN_ROOTFS);
