/** `npm run image -- load FILE`: what docker save has written, in either of its layouts, or an OCI layout. */

import { basename } from "node:path";
import { CommandError } from "../cli/terminal.ts";
import { type Added, addImage } from "./add.ts";
import { type Archive, type File, openArchive, readText } from "./archive.ts";
import { isIndex, pickManifest } from "./platform.ts";
import { parseReference } from "./reference.ts";
import {
	addBlob,
	type Descriptor,
	expectDescriptors,
	keepBlob,
	lockStore,
	parseObject,
	readBlob,
} from "./store.ts";
import { compressionOf } from "./tar.ts";

const OCI = "application/vnd.oci.image";

/** Loads all images of an archive. */
export async function loadImages(path: string): Promise<Added[]> {
	lockStore();
	const archive = await openArchive(path);
	// docker save writes manifest.json in both of its layouts, and it has the names in full.
	if (await archive("manifest.json")) return loadDocker(archive, path);
	if (await archive("index.json")) return loadOci(archive, path);
	throw new CommandError(
		1,
		`${path} is no image: it has neither a manifest.json, as docker save writes it, nor an index.json, as an OCI layout has it.`,
	);
}

/** manifest.json: for each image its configuration, its layers and its names. The manifest proper is made here. */
async function loadDocker(archive: Archive, path: string): Promise<Added[]> {
	const images: unknown = JSON.parse(await readText(archive, "manifest.json"));
	if (!Array.isArray(images) || images.length === 0)
		throw new CommandError(1, `${path} has no image in its manifest.json.`);
	const added: Added[] = [];
	for (const image of images) {
		const { Config, Layers, RepoTags } = parseObject(
			JSON.stringify(image),
			"An image of manifest.json",
		);
		const config = await keep(archive, Config);
		const layers: Descriptor[] = [];
		for (const name of Array.isArray(Layers) ? Layers : [])
			layers.push(await keep(archive, name));
		const manifest = Buffer.from(
			JSON.stringify({
				schemaVersion: 2,
				mediaType: `${OCI}.manifest.v1+json`,
				config: { ...config, mediaType: `${OCI}.config.v1+json` },
				layers,
			}),
		);
		const digest = addBlob(manifest);
		const names =
			Array.isArray(RepoTags) && RepoTags.length > 0
				? RepoTags.map(String)
				: [nameOf(path)];
		for (const name of names)
			added.push(await addImage(parseReference(name).name, digest));
	}
	return added;
}

/** Keeps a file of docker save's as a blob. Where its name has a digest, that must be its own. */
async function keep(archive: Archive, name: unknown): Promise<Descriptor> {
	const file = typeof name === "string" ? await archive(name) : undefined;
	if (!file)
		throw new CommandError(
			1,
			`The archive has no file ${JSON.stringify(name)}, which its manifest.json names.`,
		);
	const [, hex] =
		/^(?:blobs\/sha256\/)?([0-9a-f]{64})(?:\.json)?$/.exec(String(name)) ?? [];
	if (hex !== undefined) expectDigest(file, `sha256:${hex}`);
	const compression = compressionOf(file.path);
	const suffix = compression === "none" ? "" : `+${compression}`;
	keepBlob(file.path, file.digest);
	return {
		mediaType: `${OCI}.layer.v1.tar${suffix}`,
		digest: file.digest,
		size: file.size,
	};
}

/** index.json: for each image its manifest, or an index of one for each kind of machine. */
async function loadOci(archive: Archive, path: string): Promise<Added[]> {
	const index = parseObject(
		await readText(archive, "index.json"),
		"index.json",
	);
	const added: Added[] = [];
	const manifests = expectDescriptors(index.manifests, "index.json");
	// Without names the manifests are of one image, for different machines.
	const named = manifests.filter(({ annotations }) => refName(annotations));
	for (const manifest of named.length > 0 ? named : [pickManifest(manifests)]) {
		const digest = await keepTree(archive, manifest);
		const name = refName(manifest.annotations) ?? nameOf(path);
		// It may be a tag alone.
		const full = /[:/]/.test(name) ? name : nameOf(path, name);
		added.push(await addImage(parseReference(full).name, digest));
	}
	return added;
}

/** Keeps a manifest and all that it names, and gives its digest. */
async function keepTree(
	archive: Archive,
	descriptor: Descriptor,
): Promise<string> {
	const { digest } = descriptor;
	await keepBlobOf(archive, descriptor);
	const manifest = parseObject(readBlob(digest), `The manifest ${digest}`);
	if (isIndex(manifest))
		return keepTree(
			archive,
			pickManifest(expectDescriptors(manifest.manifests, "The index")),
		);
	for (const it of expectDescriptors(manifest.config, "The configuration"))
		await keepBlobOf(archive, it);
	for (const it of expectDescriptors(manifest.layers, "A layer"))
		await keepBlobOf(archive, it);
	return digest;
}

async function keepBlobOf(
	archive: Archive,
	{ digest }: Descriptor,
): Promise<void> {
	const name = `blobs/${digest.replace(":", "/")}`;
	const file = await archive(name);
	if (!file)
		throw new CommandError(
			1,
			`The archive has no file ${JSON.stringify(name)}, which its index names.`,
		);
	expectDigest(file, digest);
	keepBlob(file.path, digest);
}

function expectDigest(file: File, digest: string): void {
	if (file.digest !== digest)
		throw new CommandError(
			1,
			`The image is refused: ${digest} has the digest ${file.digest}, so its content was changed or damaged.`,
		);
}

function refName(annotations: Descriptor["annotations"]): string | undefined {
	return (
		annotations?.["io.containerd.image.name"] ??
		annotations?.["org.opencontainers.image.ref.name"]
	);
}

/** The name of an image that has none: its file's. */
function nameOf(path: string, tag = "latest"): string {
	const name = basename(path)
		.toLowerCase()
		.replace(/\.(tar|tar\.gz|tgz|oci)$/, "")
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^-+|-+$/g, "");
	return `${name || "image"}:${tag}`;
}
