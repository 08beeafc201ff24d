/** A board in a file, and the files of learners who could not send theirs. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "../../cli/terminal.ts";
import { writeState } from "../../steps/progress.ts";
import type { Message } from "../message.ts";
import { readMessage } from "./accept.ts";
import type { Learner } from "./roster.ts";

export interface Saved {
	/** With the same word and key, learners and the browser's tab find the board again. */
	word: string;
	key: string;
	/** When the plan's clock was started. Milliseconds. */
	began?: number;
	/** Which of the plans it follows. */
	plan: number;
	learners: Learner[];
}

/** Replaces the file as a whole. */
export function save(file: string, board: Saved): void {
	writeState(file, { ...board });
}

/** @throws CommandError for a file that is no saved board */
export function readSaved(file: string): Saved {
	try {
		const board = JSON.parse(readFileSync(file, "utf8")) as Saved;
		const learners = board.learners.filter(
			({ message }) => readMessage(JSON.stringify(message)) !== undefined,
		);
		if (!/^\S+$/.test(board.word) || !/^\S+$/.test(board.key))
			throw new Error("it has no word");
		return { ...board, learners, plan: Number(board.plan) || 0 };
	} catch (error) {
		throw new CommandError(
			1,
			`${file} is no saved board: ${(error as Error).message}`,
		);
	}
}

export interface Gathered {
	learners: Learner[];
	/** Lines and files that hold no result, by name: "ana.json:2". */
	refused: string[];
	/** The time of the newest: the board shows how things were then. */
	now: number;
}

/** A folder of results, one or several a file, as `npm run result` writes or prints them; or a saved board. */
export function gather(path: string): Gathered {
	const refused: string[] = [];
	const newest = new Map<string, Learner>();
	for (const learner of isFolder(path)
		? readFolder(path, refused)
		: readSaved(path).learners) {
		const { id } = learner.message;
		const known = newest.get(id);
		if (!known || known.received <= learner.received) newest.set(id, learner);
	}
	const learners = [...newest.values()];
	const now = Math.max(0, ...learners.map(({ received }) => received));
	return { learners, refused, now };
}

function isFolder(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch (error) {
		throw new CommandError(1, `${path}: ${(error as Error).message}`);
	}
}

function readFolder(folder: string, refused: string[]): Learner[] {
	return readdirSync(folder, { withFileTypes: true })
		.filter((entry) => entry.isFile() && !entry.name.startsWith("."))
		.flatMap(({ name }) =>
			readResults(readFileSync(join(folder, name), "utf8"), name, refused),
		)
		.map((message) => ({ message, received: Date.parse(message.time) }));
}

/** A chat may break a long line into so many. */
const MOST_LINES = 60;

/** A result may have been pasted into a line of a chat, which may have broken it, or reformatted by an editor. */
function readResults(text: string, name: string, refused: string[]): Message[] {
	const whole = readMessage(compact(text));
	if (whole) return [whole];
	const lines = text.split(/\r?\n/);
	const found: Message[] = [];
	for (let at = 0; at < lines.length; ) {
		const [message, taken] = messageAt(lines, at);
		if (message) found.push(message);
		else if (lines[at]?.trim()) refused.push(`${name}:${at + 1}`);
		at += taken;
	}
	return found;
}

/** The message that begins in a line, and how many lines it takes. */
function messageAt(lines: string[], at: number): [Message | undefined, number] {
	if (!lines[at]?.includes("{")) return [undefined, 1];
	let text = "";
	for (let taken = 1; taken <= MOST_LINES; taken++) {
		text += lines[at + taken - 1] ?? "";
		const message = readMessage(/\{.*\}/.exec(text)?.[0] ?? "");
		if (message) return [message, taken];
	}
	return [undefined, 1];
}

function compact(json: string): string {
	try {
		return JSON.stringify(JSON.parse(json));
	} catch {
		return "";
	}
}
