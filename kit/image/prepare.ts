/** `npm run step 14` with an image of the store: finds what was prepared when it was added. A run waits for this, so it loads little. */

import { join } from "node:path";
import {
	existsSync,
	readFileSync,
	renameSync,
	writeFileSync,
} from "../../runtime/fs.ts";
import { CommandError } from "../cli/terminal.ts";
import { initPath, listImages } from "./paths.ts";
import { parseReference } from "./reference.ts";

const NOT_STARTED = 125;

/**
 * Sees to it that an image of the store can be run, and that names resolve in it as they do in the dev container.
 *
 * @returns the file for WORKSHOP_IMAGE
 * @throws CommandError 125: there is no such image
 */
export function prepareImage(name: string): string {
	const wanted = parseReference(name).name;
	const entry = listImages().find((it) => it.name === wanted);
	const init = initPath(entry?.digest ?? "");
	if (!entry || !existsSync(`${init}.json`))
		throw new CommandError(
			NOT_STARTED,
			`There is no image ${wanted} here. \`npm run image\` lists those that are; \`npm run image load FILE\` and \`npm run image pull NAME\` add one.`,
		);
	if (existsSync(join(init, "etc")))
		for (const file of ["etc/resolv.conf", "etc/hosts"])
			copyIfChanged(`/${file}`, join(init, file));
	return `${init}.json`;
}

/** Written aside and renamed, so that a container which starts meanwhile reads the one or the other. */
function copyIfChanged(source: string, target: string): void {
	if (!existsSync(source)) return;
	const wanted = readFileSync(source);
	if (existsSync(target) && readFileSync(target).equals(wanted)) return;
	const fresh = `${target}.${process.pid}`;
	writeFileSync(fresh, wanted);
	renameSync(fresh, target);
}
