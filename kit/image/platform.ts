/** Which of an image's manifests is for this machine. */

import { CommandError } from "../cli/terminal.ts";
import type { Descriptor } from "./store.ts";

/** Node's names of processors that the image specification calls otherwise. */
const ARCHITECTURES: Record<string, string> = {
	x64: "amd64",
	ia32: "386",
	ppc64: "ppc64le",
};

export const ARCHITECTURE = ARCHITECTURES[process.arch] ?? process.arch;

/** Whether a manifest is an index: a list of manifests, one for each kind of machine. */
export function isIndex(manifest: Record<string, unknown>): boolean {
	return Array.isArray(manifest.manifests);
}

export function pickManifest(manifests: Descriptor[]): Descriptor {
	const found = manifests.find(
		({ platform }) =>
			!platform ||
			(platform.os === "linux" && platform.architecture === ARCHITECTURE),
	);
	if (found) return found;
	const kinds = manifests
		.map(({ platform }) => `${platform?.os}/${platform?.architecture}`)
		.filter((kind) => kind !== "unknown/unknown");
	throw new CommandError(
		1,
		`The image is not for this machine, which is linux/${ARCHITECTURE}. It is for: ${[...new Set(kinds)].join(", ") || "none"}.`,
	);
}
