/**
 * Reads and writes the learner's container.ts for the desk's editor. The file on
 * the disk is the truth: the editor names the text on which its own is based, and
 * if the disk has another one, nothing is written.
 */

import { randomBytes } from "node:crypto";
import {
	chmodSync,
	closeSync,
	constants,
	fstatSync,
	lstatSync,
	mkdirSync,
	openSync,
	readFileSync,
	renameSync,
	rmSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { HOME, listSteps, type Step, shortPath } from "../../steps/catalog.ts";
import { writeAsOwner } from "../../steps/files.ts";
import { hashOf } from "../../steps/progress.ts";

/** More than anyone writes in a container.ts, and less than a message may have. */
export const MOST_TEXT = 200 * 1024;

/** The version of a file that is not there. */
export const MISSING = "missing";

export interface FileText {
	/** Names the text. */
	version: string;
	text: string;
}

/** The file can't be read or written; the message is for the learner. */
export class FileError extends Error {}

/** The step of an id, and of nothing else that a message may say. */
export function stepOf(id: unknown): Step | undefined {
	return listSteps().find((step) => step.id === id);
}

/**
 * A step's text as it is now.
 *
 * @throws FileError if there is something that is no text file of a sensible size
 */
export function readStep({ file }: Step): FileText {
	let descriptor: number | undefined;
	try {
		requireFolders(file);
		// A symbolic link is not followed: it may lead anywhere. A pipe does not block.
		const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
		descriptor = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
		const status = fstatSync(descriptor);
		if (!status.isFile())
			throw new FileError(`${shortPath(file)} is not a file.`);
		if (status.size > MOST_TEXT)
			throw new FileError(
				`${shortPath(file)} is too large for the desk's editor: ${status.size} bytes.`,
			);
		const text = readFileSync(descriptor, "utf8").replaceAll("\r\n", "\n");
		return { text, version: hashOf(text) };
	} catch (error) {
		if (error instanceof FileError) throw error;
		const { code } = error as NodeJS.ErrnoException;
		if (code === "ENOENT") return { text: "", version: MISSING };
		if (code === "ELOOP") throw new FileError(linkWords(file));
		throw new FileError(`${shortPath(file)} can't be read: ${code}.`);
	} finally {
		if (descriptor !== undefined) closeSync(descriptor);
	}
}

/**
 * Writes a text as a whole: a reader at the same time gets the old text or the
 * new one, and a full disk keeps the old one.
 *
 * @param version of the text on which the new one is based
 * @returns what the disk has then: the new text, or the other one that it had, and has still
 * @throws FileError if the text can't be written
 */
export function saveStep(step: Step, text: string, version: string): FileText {
	const present = readStep(step);
	if (present.version !== version) return present;
	if (Buffer.byteLength(text) > MOST_TEXT)
		throw new FileError("The text is too large for the desk's editor.");
	const random = randomBytes(6).toString("hex");
	const aside = join(dirname(step.file), `container.saving-${random}.ts`);
	try {
		// After `rm -rf steps`, there is no folder.
		mkdirSync(dirname(step.file), { recursive: true });
		const before = lstatSync(step.file, { throwIfNoEntry: false });
		writeAsOwner(aside, text);
		if (before) chmodSync(aside, before.mode & 0o777);
		renameSync(aside, step.file);
	} catch (error) {
		rmSync(aside, { force: true });
		const { code } = error as NodeJS.ErrnoException;
		throw new FileError(
			code === "ENOSPC"
				? `The disk is full: ${shortPath(step.file)} is not saved. Delete what fills it, and save again.`
				: `${shortPath(step.file)} can't be saved: ${code}.`,
		);
	}
	return { text, version: hashOf(text) };
}

/** steps/ and the step's folder must not be links to other folders. */
function requireFolders(file: string): void {
	for (const folder of [join(HOME, "steps"), dirname(file)])
		if (lstatSync(folder).isSymbolicLink())
			throw new FileError(linkWords(folder));
}

function linkWords(path: string): string {
	return `${shortPath(path)} is a symbolic link, which the desk's editor does not follow.`;
}
