/** The paths and names of the store, which a run needs too: it loads this and not all of the store. */

import { join } from "node:path";
import { existsSync, readFileSync } from "../../runtime/fs.ts";

/** Where images are kept. store.ts says what is in it. */
export const STORE =
	process.env.WORKSHOP_IMAGES || "/var/lib/containers-from-scratch/images";

export const INDEX = join(STORE, "index.json");

/** What the index knows of an image. */
export interface Entry {
	name: string;
	/** Of its manifest. */
	digest: string;
	size: number;
}

const NAME = "org.opencontainers.image.ref.name";

/** The images of the store, in the order in which they came. */
export function listImages(): Entry[] {
	if (!existsSync(INDEX)) return [];
	const { manifests } = JSON.parse(readFileSync(INDEX, "utf8"));
	return manifests.map(
		(it: Entry & { annotations: Record<string, string> }) => ({
			name: it.annotations[NAME],
			digest: it.digest,
			size: it.size,
		}),
	);
}

/** The index as it is written. */
export function indexText(entries: Entry[]): string {
	return JSON.stringify(
		{
			schemaVersion: 2,
			manifests: entries.map(({ name, digest, size }) => ({
				mediaType: "application/vnd.oci.image.manifest.v1+json",
				digest,
				size,
				annotations: { [NAME]: name },
			})),
		},
		null,
		"\t",
	);
}

/** Half of a digest: enough to name a directory by, and short, since overlay takes 4096 bytes for all of them. */
export function shortHex(digest: string): string {
	return digest.replace("sha256:", "").slice(0, 32);
}

export const layerPath = (diffId: string) =>
	join(STORE, "layers", shortHex(diffId));

export const flatPath = (manifest: string) =>
	join(STORE, "flat", shortHex(manifest));

/** The directory with what the kit adds to an image, and `.json` for the run. */
export const initPath = (manifest: string) =>
	join(STORE, "init", shortHex(manifest));

/** The directories of an image, top first. */
export function layerPaths(manifest: string, diffIds: string[]): string[] {
	const flat = flatPath(manifest);
	return existsSync(flat) ? [flat] : diffIds.map(layerPath).reverse();
}
