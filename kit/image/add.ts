/** Makes an image of blobs that are in the store: its layers are unpacked, and its name goes into the index. */

import { chmodSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { CommandError } from "../cli/terminal.ts";
import { type ImageConfig, parseConfig } from "./config.ts";
import { prepareToRun } from "./init.ts";
import { allowsWhiteouts } from "./overlay.ts";
import { flatPath, INDEX, indexText, layerPath, listImages } from "./paths.ts";
import { ARCHITECTURE } from "./platform.ts";
import {
	ASIDE,
	aside,
	blobPath,
	type Descriptor,
	expectDescriptors,
	parseObject,
	readBlob,
	writeWhole,
} from "./store.ts";
import { unpackLayer } from "./unpack.ts";

export interface Added {
	name: string;
	layers: number;
	/** Whether the layers are one directory, since overlay's whiteouts can't be had here. */
	flat: boolean;
	/** The image's architecture, where it is not this machine's. */
	foreign: string | undefined;
}

/** All of an image's lower directories must fit into one page, with the rest of the mount's options. mount(2) */
const LOWERDIR_BYTES = 3500;

/**
 * Adds an image.
 *
 * @param digest its manifest's. All blobs that it names are in the store
 */
export async function addImage(name: string, digest: string): Promise<Added> {
	const { layers, config } = readManifest(digest);
	const { diffIds } = config;
	if (layers.length !== diffIds.length || layers.length === 0)
		throw new CommandError(
			1,
			`The image is refused: it has ${layers.length} layers, and its configuration names ${diffIds.length}.`,
		);
	const flat =
		existsSync(flatPath(digest)) ||
		!allowsWhiteouts(ASIDE) ||
		diffIds.map(layerPath).join(":").length > LOWERDIR_BYTES;
	if (flat) await flatten(flatPath(digest), layers, diffIds);
	else
		for (const [index, { digest }] of layers.entries())
			await unpack(layerPath(diffIds[index] ?? ""), digest, diffIds[index]);

	prepareToRun(digest, config);
	const entries = listImages().filter((it) => it.name !== name);
	const size = readBlob(digest).length;
	writeWhole(INDEX, indexText([...entries, { name, digest, size }]));
	const foreign =
		config.architecture === ARCHITECTURE ? undefined : config.architecture;
	return { name, layers: layers.length, flat, foreign };
}

/** What a manifest names. */
export function readManifest(digest: string): {
	layers: Descriptor[];
	configDigest: string;
	config: ImageConfig;
} {
	const manifest = parseObject(readBlob(digest), "The image's manifest");
	const [config] = expectDescriptors(manifest.config, "The configuration");
	const configDigest = config?.digest ?? "";
	return {
		layers: expectDescriptors(manifest.layers, "A layer"),
		configDigest,
		config: parseConfig(readBlob(configDigest).toString()),
	};
}

/** Unpacks a layer into a directory of its own. It is made aside and renamed: what is there is whole. */
async function unpack(
	path: string,
	digest: string,
	diffId: string | undefined,
): Promise<void> {
	if (existsSync(path)) return;
	const directory = newDirectory();
	expectDiffId(await unpackLayer(blobPath(digest), directory, false), diffId);
	renameSync(directory, path);
}

/** Unpacks all layers into one directory, one over the other. */
async function flatten(
	path: string,
	layers: Descriptor[],
	diffIds: string[],
): Promise<void> {
	if (existsSync(path)) return;
	const directory = newDirectory();
	for (const [index, { digest }] of layers.entries())
		expectDiffId(
			await unpackLayer(blobPath(digest), directory, true),
			diffIds[index],
		);
	renameSync(directory, path);
}

function newDirectory(): string {
	const directory = aside();
	mkdirSync(directory);
	chmodSync(directory, 0o755);
	return directory;
}

function expectDiffId(found: string, wanted: string | undefined): void {
	if (found !== wanted)
		throw new CommandError(
			1,
			`The image is refused: a layer's content has the digest ${found}, and its configuration says ${wanted}.`,
		);
}
