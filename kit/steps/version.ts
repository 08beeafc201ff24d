/**
 * Whether steps/ belongs to the kit around it. In the dev container the kit is
 * the image's and steps/ is mounted from the learner's machine, where a later
 * `git pull` changes it and not the image.
 */

import { join } from "node:path";
import { existsSync, readFileSync } from "../../runtime/fs.ts";
import { HOME } from "./catalog.ts";

/** In steps/README.md, the version of the kit and a hash of its starters follow this. */
export const LABEL = "Starters: ";

/** What the image keeps of the steps/README.md that it was built with. Elsewhere nothing is mounted over steps/, and there is no such file. */
const BUILT_WITH = join(HOME, ".built-with.md");

export interface Versions {
	image: string;
	steps: string;
}

/** Both versions in the dev container; nothing where there is only one kit, or a folder does not say its version. */
export function readVersions(): Versions | undefined {
	const image = versionIn(BUILT_WITH);
	const steps = image && versionIn(join(HOME, "steps/README.md"));
	return image && steps ? { image, steps } : undefined;
}

/** The line for a learner whose image and steps/ are of two versions. */
export function versionWarning(): string | undefined {
	const versions = readVersions();
	if (!versions || versions.image === versions.steps) return undefined;
	return `The image is of version ${versions.image}, and steps/ of ${versions.steps}. Leave the dev container and build it again: docker compose build\n`;
}

function versionIn(file: string): string | undefined {
	if (!existsSync(file)) return undefined;
	const text = readFileSync(file, "utf8");
	const at = text.indexOf(LABEL);
	return at < 0 ? undefined : /^\S+/.exec(text.slice(at + LABEL.length))?.[0];
}
