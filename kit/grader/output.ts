/** What a container writes: kept where it begins and ends, and searched for the words that the grader waits for. */

import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";

/** How much is kept of each end. The rest is read and dropped. */
const KEPT = 64 * 1024;

/** In all that the grader's own commands write: nobody else's words are taken for theirs. */
export const TOKEN = randomBytes(6).toString("hex");

/** The word by which a command in the container tells how far it is. */
export function wordFor(stage: string): string {
	return `${TOKEN}-${stage}.`;
}

const WORD = new RegExp(`${TOKEN}-\\w+\\.`, "g");

export interface Output {
	text(): string;
	/** Whether a command told that it is so far. */
	told(word: string): boolean;
}

/** Keeps what a stream brings, and calls `changed` at each change. */
export function keepOutput(stream: Readable, changed: () => void): Output {
	let first = "";
	let last = "";
	let dropped = false;
	// A word may arrive in two parts.
	let end = "";
	const words = new Set<string>();
	stream.setEncoding("utf8").on("data", (text: string) => {
		const room = KEPT - first.length;
		first += text.slice(0, room);
		last += text.slice(room);
		dropped ||= last.length > KEPT;
		last = last.slice(-KEPT);
		for (const [word] of (end + text).matchAll(WORD)) words.add(word);
		end = (end + text).slice(-100);
		changed();
	});
	return {
		text: () => first + (dropped ? "\n…\n" : "") + last,
		told: (word) => words.has(word),
	};
}
