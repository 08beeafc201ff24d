/** For the tests of images: layers and archives, made entry by entry, so that they may be as broken or hostile as a test needs. */

import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { type Header, pack } from "tar-stream";
import { onTestFinished } from "vitest";

/** An entry: its header, and its content if it is a file. */
export type TestEntry = Partial<Header> & {
	name: string;
	content?: string | Buffer;
};

/** A tar archive of these entries, in their order. */
export async function tarOf(entries: TestEntry[]): Promise<Buffer> {
	const archive = pack();
	for (const { content = "", ...header } of entries)
		archive.entry({ mtime: new Date(0), ...header }, content);
	archive.finalize();
	return buffer(archive as unknown as NodeJS.ReadableStream);
}

export function sha256(content: Buffer | string): string {
	return createHash("sha256").update(content).digest("hex");
}

/** An image in the making: its layers, lowest first, and what its configuration says. */
export interface TestImage {
	layers: Buffer[];
	config?: Record<string, unknown>;
	/** Layers as they are stored, where that is another thing than `layers`. */
	stored?: Buffer[];
	name?: string;
}

export function configOf({ layers, config }: TestImage): string {
	return JSON.stringify({
		os: "linux",
		architecture: process.arch === "x64" ? "amd64" : process.arch,
		config,
		rootfs: {
			type: "layers",
			diff_ids: layers.map((it) => `sha256:${sha256(it)}`),
		},
	});
}

/** What docker save writes up to Docker 24: a folder for each layer. */
export function oldDockerArchive(image: TestImage): Promise<Buffer> {
	const config = configOf(image);
	const layers = image.stored ?? image.layers;
	const names = layers.map((layer) => `${sha256(layer)}/layer.tar`);
	return tarOf([
		...layers.map((content, index) => ({ name: names[index] ?? "", content })),
		{ name: `${sha256(config)}.json`, content: config },
		manifestJson(image, `${sha256(config)}.json`, names),
	]);
}

/** What docker save writes since Docker 25: an OCI layout, with the old manifest.json beside it. */
export async function newDockerArchive(image: TestImage): Promise<Buffer> {
	const files = ociFiles(image);
	const names = (image.stored ?? image.layers).map(
		(it) => `blobs/sha256/${sha256(it)}`,
	);
	return tarOf([
		...Object.entries(files).map(([name, content]) => ({ name, content })),
		manifestJson(image, `blobs/sha256/${sha256(configOf(image))}`, names),
	]);
}

function manifestJson(
	{ name = "test:1" }: TestImage,
	Config: string,
	Layers: string[],
): TestEntry {
	return {
		name: "manifest.json",
		content: JSON.stringify([{ Config, RepoTags: [name], Layers }]),
	};
}

/** The manifest of an image, as a registry keeps it. */
export function manifestOf(image: TestImage): string {
	const descriptor = (mediaType: string, content: Buffer | string) => ({
		mediaType,
		digest: `sha256:${sha256(content)}`,
		size: Buffer.byteLength(content),
	});
	return JSON.stringify({
		schemaVersion: 2,
		mediaType: "application/vnd.oci.image.manifest.v1+json",
		config: descriptor(
			"application/vnd.oci.image.config.v1+json",
			configOf(image),
		),
		layers: (image.stored ?? image.layers).map((it) =>
			descriptor("application/vnd.oci.image.layer.v1.tar", it),
		),
	});
}

/** The files of an OCI layout, by name. */
export function ociFiles(image: TestImage): Record<string, Buffer | string> {
	const manifest = manifestOf(image);
	const index = {
		schemaVersion: 2,
		manifests: [
			{
				mediaType: "application/vnd.oci.image.manifest.v1+json",
				digest: `sha256:${sha256(manifest)}`,
				size: manifest.length,
				annotations: image.name && {
					"org.opencontainers.image.ref.name": image.name,
				},
			},
		],
	};
	const blobs = [manifest, configOf(image), ...(image.stored ?? image.layers)];
	return {
		"oci-layout": '{"imageLayoutVersion":"1.0.0"}',
		"index.json": JSON.stringify(index),
		...Object.fromEntries(
			blobs.map((it) => [`blobs/sha256/${sha256(it)}`, it]),
		),
	};
}

/** Writes files into a folder of the test's own, and gives the folder. */
export function folderOf(files: Record<string, Buffer | string>): string {
	const folder = scratchFolder();
	for (const [name, content] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		writeFileSync(join(folder, name), content);
	}
	return folder;
}

/** A folder in memory, since overlay's whiteouts can't be had on a Docker engine's own disk. */
export function scratchFolder(): string {
	const folder = mkdtempSync("/dev/shm/image-test-");
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}
