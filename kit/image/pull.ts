/** `npm run image -- pull NAME`: a manifest, and what it names, from a registry into the store. */

import {
	createReadStream,
	createWriteStream,
	existsSync,
	rmSync,
	statSync,
	truncateSync,
} from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CommandError } from "../cli/terminal.ts";
import { type Added, addImage } from "./add.ts";
import { isIndex, pickManifest } from "./platform.ts";
import type { Progress } from "./progress.ts";
import { parseReference } from "./reference.ts";
import { openRegistry, type Registry } from "./registry.ts";
import {
	addBlob,
	blobPath,
	type Descriptor,
	digestOf,
	digestOfFile,
	expectDescriptors,
	keepBlob,
	lockStore,
	parseObject,
} from "./store.ts";

const MANIFESTS = [
	"application/vnd.oci.image.index.v1+json",
	"application/vnd.oci.image.manifest.v1+json",
	"application/vnd.docker.distribution.manifest.list.v2+json",
	"application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** A manifest is a page of text: what is longer is something else. */
const MANIFEST_BYTES = 4 * 1024 * 1024;

/** How often a blob is asked for, when the line breaks. */
const ATTEMPTS = 4;

/** Pulls an image. */
export async function pullImage(
	name: string,
	progress: Progress,
): Promise<Added> {
	const reference = parseReference(name);
	lockStore();
	const registry = openRegistry(reference);
	const { digest, manifest } = await getManifest(registry, reference.version);
	const blobs = [
		...expectDescriptors(manifest.config, "The configuration"),
		...expectDescriptors(manifest.layers, "A layer"),
	];
	const size = blobs.reduce((sum, it) => sum + it.size, 0);
	let done = 0;
	for (const blob of blobs) {
		await getBlob(registry, blob, (bytes) => progress(done + bytes, size));
		done += blob.size;
	}
	progress(size, size);
	return addImage(reference.name, digest);
}

/** The manifest for this machine: of an index it takes the right one. */
async function getManifest(
	registry: Registry,
	version: string,
): Promise<{ digest: string; manifest: Record<string, unknown> }> {
	const response = await registry(
		`manifests/${version}`,
		{ accept: MANIFESTS },
		[200],
	);
	const text = await readBounded(response);
	const digest = digestOf(text);
	const promised = version.startsWith("sha256:")
		? version
		: (response.headers.get("docker-content-digest") ?? digest);
	if (digest !== promised)
		throw new CommandError(
			1,
			`The image is refused: the manifest ${promised} came with the digest ${digest}.`,
		);
	const manifest = parseObject(text, "The image's manifest");
	if (isIndex(manifest)) {
		const all = expectDescriptors(manifest.manifests, "The index");
		return getManifest(registry, pickManifest(all).digest);
	}
	if (!manifest.config)
		throw new CommandError(
			1,
			"The image's manifest is of a kind that is no longer in use, and not understood here.",
		);
	addBlob(text);
	return { digest, manifest };
}

async function readBounded(response: Response): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of response.body ?? []) {
		size += chunk.length;
		if (size > MANIFEST_BYTES)
			throw new CommandError(1, "The image's manifest is too long to be one.");
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

/** Gets a blob that is not there yet. Where the line breaks, the rest is asked for; what is there stays for the next pull, too. */
async function getBlob(
	registry: Registry,
	{ digest, size }: Descriptor,
	progress: (bytes: number) => void,
): Promise<void> {
	if (existsSync(blobPath(digest))) return;
	const part = `${blobPath(digest)}.part`;
	for (let attempt = 1; sizeOf(part) < size || size === 0; attempt++) {
		try {
			await getRest(registry, digest, part, size, progress);
			if (sizeOf(part) >= size) break;
			throw new Error("it ended too early");
		} catch (error) {
			if (error instanceof CommandError && attempt === 1) throw error;
			if (attempt === ATTEMPTS)
				throw new CommandError(
					1,
					`The download of ${digest} broke off ${ATTEMPTS} times: ${(error as Error).message}. What came is kept: the next pull goes on from there.`,
				);
		}
	}
	const found = await digestOfFile(part);
	if (found === digest) return keepBlob(part, digest);
	rmSync(part);
	throw new CommandError(
		1,
		`The image is refused: ${digest} came with the digest ${found}, so its content was changed or damaged. It is thrown away.`,
	);
}

async function getRest(
	registry: Registry,
	digest: string,
	part: string,
	size: number,
	progress: (bytes: number) => void,
): Promise<void> {
	let start = sizeOf(part);
	const response = await registry(
		`blobs/${digest}`,
		start > 0 ? { range: `bytes=${start}-` } : {},
		[200, 206],
	);
	// Who does not know Range sends all of it.
	const range = response.headers.get("content-range") ?? "";
	if (response.status === 200) start = 0;
	else if (!range.startsWith(`bytes ${start}-`))
		throw new CommandError(
			1,
			`The registry sent another part than was asked for: ${range}.`,
		);
	if (existsSync(part)) truncateSync(part, start);
	let bytes = start;
	const count = new Transform({
		transform(chunk, _, done) {
			bytes += chunk.length;
			progress(bytes);
			if (bytes <= size) return done(null, chunk);
			done(
				new CommandError(
					1,
					`The image is refused: ${digest} is longer than its manifest says.`,
				),
			);
		},
	});
	await pipeline(
		response.body ?? createReadStream("/dev/null"),
		count,
		createWriteStream(part, { flags: "a", mode: 0o600 }),
	);
}

function sizeOf(path: string): number {
	return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
