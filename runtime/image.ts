/** The image that the container is made of: layers of files, and a word on the process to start in them. */

import { existsSync, readFileSync } from "./fs.ts";
import { ROOTFS } from "./rootfs.ts";

/** What the kit has read out of an image's configuration, with its names looked up in the image's own /etc/passwd and /etc/group. */
export interface Image {
	/** A directory for each layer, the top one first: joined by ":" they are overlay's lowerdir. */
	layers: string[];
	/** Env: the whole environment. PATH and HOME are in it in any case. */
	env: Record<string, string>;
	/** Entrypoint: the words before the command's, the program first. Most images have none. */
	entrypoint: string[];
	/** Cmd: the command where none is given. */
	command: string[];
	/** WorkingDir */
	workingDirectory: string;
	/** User, in numbers, since the kernel knows no names. `groups` are the supplementary ones. */
	user: { uid: number; gid: number; groups: number[] };
}

/**
 * The image to run: the one that the file in $WORKSHOP_IMAGE tells of. The kit writes that file when it has
 * unpacked an image. Without one, ROOTFS is the image, with a configuration of its own: a shell, as nobody.
 *
 * @see https://github.com/opencontainers/image-spec/blob/main/config.md
 */
export const IMAGE: Image = readImage();

function readImage(): Image {
	const file = process.env.WORKSHOP_IMAGE;
	const image: Image = file
		? JSON.parse(readFileSync(file, "utf8"))
		: rootfsImage();
	// As `docker run -t` does: what the terminal is can't stand in an image.
	if (process.env.TERM) image.env.TERM ??= process.env.TERM;
	return image;
}

function rootfsImage(): Image {
	const NOBODY = 65534;
	return {
		layers: [ROOTFS],
		env: {
			PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
			HOME: "/",
		},
		entrypoint: [],
		command: [existsSync(`${ROOTFS}/bin/bash`) ? "/bin/bash" : "/bin/sh"],
		workingDirectory: "/",
		user: { uid: NOBODY, gid: NOBODY, groups: [] },
	};
}
