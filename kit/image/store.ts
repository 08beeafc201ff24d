/**
 * Where images are kept, as an OCI layout:
 *
 *     index.json            the names, each with the digest of its manifest
 *     blobs/sha256/…        manifests, configurations and layers, each named by its content
 *     layers/…              layers unpacked, as overlay takes them
 *     flat/…                images flattened into one directory, where overlay's whiteouts can't be had
 *     aside/                what is not finished. It counts for nothing
 *
 * https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */

import { createHash } from "node:crypto";
import {
	chmodSync,
	closeSync,
	createReadStream,
	existsSync,
	fsyncSync,
	mkdirSync,
	openSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { cfunction } from "../../runtime/libc.ts";
import { CommandError } from "../cli/terminal.ts";
import { STORE } from "./paths.ts";

/** What one blob says of another. */
export interface Descriptor {
	mediaType: string;
	digest: string;
	size: number;
	platform?: { os?: string; architecture?: string; variant?: string };
	annotations?: Record<string, string>;
}

export const ASIDE = join(STORE, "aside");

/** The name of a file in ASIDE that nobody else has. */
let files = 0;
export const aside = () => join(ASIDE, String(files++));

/**
 * Opens the store to write in it: one process at a time, so that nothing is removed that another is about to use.
 * The lock goes with the process. What an interrupted one left in ASIDE goes too.
 */
export function lockStore(): void {
	if (/[:,\\]/.test(STORE))
		throw new CommandError(
			1,
			`WORKSHOP_IMAGES is ${STORE}: overlay takes no path with a colon, a comma or a backslash.`,
		);
	mkdirSync(join(STORE, "blobs/sha256"), { recursive: true });
	// Images have programs that make root of whoever starts them. They are for containers, and not for the users of this machine.
	chmodSync(STORE, 0o700);
	const [LOCK_EX, LOCK_NB] = [2, 4];
	const lock = openSync(join(STORE, "lock"), "a");
	if (
		cfunction("int flock(int fd, int operation)")(lock, LOCK_EX | LOCK_NB) ===
		-1
	)
		throw new CommandError(
			1,
			"Another `npm run image` is at work in the store of images. Wait until it has ended.",
		);
	rmSync(ASIDE, { recursive: true, force: true });
	mkdirSync(ASIDE);
	for (const name of ["layers", "flat", "init"])
		mkdirSync(join(STORE, name), { recursive: true });
	if (!existsSync(join(STORE, "oci-layout")))
		writeFileSync(join(STORE, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
}

/** Where the blob of a digest is, or would be. A digest of another kind than sha256 is refused. */
export function blobPath(digest: string): string {
	return join(STORE, "blobs/sha256", hexOf(digest));
}

export function hexOf(digest: string): string {
	const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(digest) ?? [];
	if (hex === undefined)
		throw new CommandError(
			1,
			`${JSON.stringify(digest)} is not a digest of the kind sha256.`,
		);
	return hex;
}

export function digestOf(content: string | Buffer): string {
	return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

export async function digestOfFile(path: string): Promise<string> {
	const hash = createHash("sha256");
	for await (const chunk of createReadStream(path)) hash.update(chunk);
	return `sha256:${hash.digest("hex")}`;
}

/** Keeps a blob under its digest. */
export function addBlob(content: Buffer): string {
	const digest = digestOf(content);
	const path = aside();
	writeFileSync(path, content);
	keepBlob(path, digest);
	return digest;
}

/** Keeps a finished file as the blob of this digest, which is known to be its own. */
export function keepBlob(path: string, digest: string): void {
	const file = openSync(path, "r+");
	fsyncSync(file);
	closeSync(file);
	renameSync(path, blobPath(digest));
}

/** Parses what should be a JSON object. `what` names it where it is none. */
export function parseObject(
	text: string | Buffer,
	what: string,
): Record<string, unknown> {
	let value: unknown;
	try {
		value = JSON.parse(String(text));
	} catch {}
	if (typeof value !== "object" || value === null)
		throw new CommandError(1, `${what} is not a JSON object.`);
	return value as Record<string, unknown>;
}

/** Checks that something is a list of descriptors. */
export function expectDescriptors(value: unknown, what: string): Descriptor[] {
	const list = Array.isArray(value) ? value : [value];
	for (const it of list)
		if (
			typeof it?.digest !== "string" ||
			!Number.isSafeInteger(it.size) ||
			it.size < 0
		)
			throw new CommandError(1, `${what} has no digest or no size.`);
	return list;
}

/** The blob of a digest, which must be there. */
export function readBlob(digest: string): Buffer {
	return readFileSync(blobPath(digest));
}

/** Written aside and renamed: whoever reads meanwhile reads the one or the other. */
export function writeWhole(path: string, text: string): void {
	const fresh = aside();
	writeFileSync(fresh, text);
	renameSync(fresh, path);
}
