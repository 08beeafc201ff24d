/**
 * What a container needs and its image may lack, as one more layer on top: directories to mount on, /etc/hosts and
 * /etc/resolv.conf, the working directory. Docker adds such a layer too. Beside it lies what the runtime reads.
 */

import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	readFileSync,
	renameSync,
} from "node:fs";
import { join } from "node:path";
import type { Image } from "../../runtime/image.ts";
import { environment, type ImageConfig } from "./config.ts";
import { lookUp } from "./overlay.ts";
import { initPath, layerPaths } from "./paths.ts";
import { aside, writeWhole } from "./store.ts";
import { resolveUser } from "./user.ts";

/** Prepares an image to be run. */
export function prepareToRun(digest: string, config: ImageConfig): void {
	const layers = layerPaths(digest, config.diffIds);
	const user = resolveUser(
		config.user,
		textOf(layers, "etc/passwd"),
		textOf(layers, "etc/group"),
	);
	const workingDirectory = config.workingDirectory || "/";
	const init = initPath(digest);
	if (!existsSync(init)) {
		const directory = aside();
		mkdirSync(directory);
		copyAttributes(layers, directory, "");
		for (const path of ["proc", "sys", "dev", workingDirectory])
			if (!lookUp(layers, path)) makeDirectory(layers, directory, path);
		makeDirectory(layers, directory, "etc");
		renameSync(directory, init);
	}
	const { uid, gid, groups, home } = user;
	const image: Image = {
		layers: [init, ...layers],
		env: environment(config.env, home),
		entrypoint: config.entrypoint,
		command: config.command,
		workingDirectory,
		user: { uid, gid, groups },
	};
	writeWhole(`${init}.json`, JSON.stringify(image, null, "\t"));
}

/** The text of a file of an image, "" where there is none. */
function textOf(layers: string[], path: string): string {
	const found = lookUp(layers, path);
	return found?.stat.isFile() ? readFileSync(found.path, "utf8") : "";
}

/** Makes a directory with all that lead to it. In overlay the topmost one gives them their attributes, so those are copied. */
function makeDirectory(layers: string[], root: string, path: string): void {
	let here = "";
	for (const name of path.split("/").filter(Boolean)) {
		here = join(here, name);
		const present = lookUp(layers, here);
		// A file or a symbolic link in the image stays what it is.
		if (present && !present.stat.isDirectory()) return;
		if (name === "..") return;
		mkdirSync(join(root, here), { recursive: true });
		copyAttributes(layers, join(root, here), here);
	}
}

function copyAttributes(
	layers: string[],
	directory: string,
	path: string,
): void {
	const stat = lookUp(layers, path)?.stat;
	chownSync(directory, stat?.uid ?? 0, stat?.gid ?? 0);
	chmodSync(directory, stat ? stat.mode & 0o7777 : 0o755);
}
