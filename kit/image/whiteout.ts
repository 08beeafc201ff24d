/** What a layer removes of those below it: in the archive a file .wh.NAME, unpacked a mark that overlay knows. */

import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CommandError } from "../cli/terminal.ts";
import { lstatOf, note, refusal, type Unpacking } from "./inside.ts";
import { makeOpaque, makeWhiteout } from "./overlay.ts";

const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";

export const isWhiteoutName = (path: string) =>
	basename(path).startsWith(WHITEOUT);

/** What a whiteout says: a file of the lower layers is gone, or all of a directory's. */
export function applyWhiteout(
	unpacking: Unpacking,
	path: string,
	entry: string,
): void {
	const { flat, made } = unpacking;
	const directory = dirname(path);
	const name = basename(path);
	if (name === OPAQUE) {
		note(unpacking, directory);
		if (flat) removeLower(unpacking, directory);
		else expectDone(makeOpaque(directory), path);
		return;
	}
	// Other names that begin so were for a file system before overlay.
	if (name.startsWith(WHITEOUT + WHITEOUT)) return;
	const removed = name.slice(WHITEOUT.length);
	if (["", ".", ".."].includes(removed))
		throw refusal(entry, "it removes no file of its directory");
	const gone = join(directory, removed);
	if (!made.has(gone)) {
		if (flat) rmSync(gone, { recursive: true, force: true });
		else if (!lstatOf(gone)) expectDone(makeWhiteout(gone), path);
		return;
	}
	// The layer has it again: only the lower one is gone.
	if (!lstatOf(gone)?.isDirectory()) return;
	if (flat) removeLower(unpacking, gone);
	else expectDone(makeOpaque(gone), path);
}

/** Removes what the lower layers have in a directory, and leaves what this one has. */
function removeLower(unpacking: Unpacking, directory: string): void {
	for (const name of readdirSync(directory)) {
		const path = join(directory, name);
		if (!unpacking.made.has(path)) rmSync(path, { recursive: true });
		else if (lstatOf(path)?.isDirectory()) removeLower(unpacking, path);
	}
}

function expectDone(done: boolean, path: string): void {
	if (!done)
		throw new CommandError(1, `The whiteout ${path} can't be made here.`);
}
