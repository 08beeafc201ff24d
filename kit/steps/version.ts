/**
 * Compares the versions of steps/ and the kit. In the dev container the kit comes
 * from the image, and steps/ is mounted from the learner's machine: `git pull`
 * there changes steps/ and not the image.
 */

import { join } from "node:path";
import { existsSync, readFileSync } from "../../runtime/fs.ts";
import { HOME } from "./catalog.ts";

/** The label in steps/README.md before the kit's version and a hash of its starters. */
export const LABEL = "Starters: ";

/** The image's copy of the steps/README.md that it was built with. The file exists in the image only. */
const BUILT_WITH = join(HOME, ".built-with.md");

export interface Versions {
	image: string;
	steps: string;
}

/** Both versions in the dev container; undefined elsewhere, or if one of them is not recorded. */
export function readVersions(): Versions | undefined {
	const image = versionIn(BUILT_WITH);
	const steps = image && versionIn(join(HOME, "steps/README.md"));
	return image && steps ? { image, steps } : undefined;
}

/** A line of warning, if the image and steps/ have different versions. */
export function versionWarning(): string | undefined {
	const versions = readVersions();
	if (!versions || versions.image === versions.steps) return undefined;
	return `The image has version ${versions.image}, and steps/ has version ${versions.steps}. Leave the dev container and build it again: docker compose build\n`;
}

function versionIn(file: string): string | undefined {
	if (!existsSync(file)) return undefined;
	const text = readFileSync(file, "utf8");
	const at = text.indexOf(LABEL);
	return at < 0 ? undefined : /^\S+/.exec(text.slice(at + LABEL.length))?.[0];
}
