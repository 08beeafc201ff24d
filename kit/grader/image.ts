/**
 * The image that the grader runs in step 14: three layers, and two configurations. Whoever reads what the
 * kernel shows of a process can tell from it which of their words have been followed.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Image } from "../../runtime/image.ts";
import { ROOTFS } from "../../runtime/rootfs.ts";
import { makeOpaque, makeWhiteout } from "../image/overlay.ts";
import { wordFor } from "./output.ts";

/** Where it lies in a sandbox: on a tmpfs, since overlay's whiteouts can't be had on Docker's own disk. */
const STORE = "/dev/shm/image";

/** The directories of its layers, the top one first. The lowest is the root file system, with its programs. */
const LAYERS = [`${STORE}/top`, `${STORE}/middle`, ROOTFS];

/** What is written into the layers: paths, and the text of each. */
export const LAYER_FILES: Record<string, string> = {
	"top/image/both": "top\n",
	"top/image/top": "top\n",
	"top/image/opaque/new": "top\n",
	"middle/image/both": "middle\n",
	"middle/image/middle": "middle\n",
	"middle/image/removed": "middle\n",
	"middle/image/opaque/old": "middle\n",
	"middle/image/place/file": "middle\n",
};

const ENTRYPOINT = "/image/start";

/** Says that it is ready and waits for a line, whatever its arguments are. */
const START = `#!/bin/sh\necho ${wordFor("ready")}; read -r line || sleep 5\n`;

const env = {
	PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
	GREETING: "hello = world",
};

/** "plain" runs any command as root in `/`, as the steps before do. "configured" says something of everything. */
const CONFIGURATIONS = {
	plain: {
		layers: LAYERS,
		env: { ...env, HOME: "/root" },
		entrypoint: [],
		command: [],
		workingDirectory: "/",
		user: { uid: 0, gid: 0, groups: [] },
	},
	configured: {
		layers: LAYERS,
		env: { ...env, HOME: "/image" },
		entrypoint: [ENTRYPOINT, "first"],
		command: ["the image's own", "--command"],
		workingDirectory: "/image/place",
		user: { uid: 1234, gid: 100, groups: [77, 88] },
	},
} satisfies Record<string, Image>;

export type Configuration = keyof typeof CONFIGURATIONS;

export const CONFIGURED: Image = CONFIGURATIONS.configured;

/** A supplementary group that the dev container's stand-in has: it must not come along. */
export const FOREIGN_GROUP = 4242;

/** The file for WORKSHOP_IMAGE. */
export function imageFile(configuration: Configuration): string {
	return `${STORE}/${configuration}.json`;
}

/** Writes the image into a sandbox, given by the PID of its first process. */
export function layImage(init: number): void {
	const store = storeOf(init);
	const write = (name: string, text: string, mode = 0o644) => {
		const path = join(store, name);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, text, { mode });
	};
	for (const [name, text] of Object.entries(LAYER_FILES)) write(name, text);
	write(`middle${ENTRYPOINT}`, START, 0o755);
	makeWhiteout(join(store, "top/image/removed"));
	makeOpaque(join(store, "top/image/opaque"));
	for (const [name, image] of Object.entries(CONFIGURATIONS))
		write(`${name}.json`, JSON.stringify(image));
}

/** The path from outside to the image of a sandbox. */
export function storeOf(init: number): string {
	return `/proc/${init}/root${STORE}`;
}
