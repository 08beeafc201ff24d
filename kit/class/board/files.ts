/** The files of a board that is kept: the board itself, a CSV, and the summary to send round. */

import { rmSync } from "node:fs";
import { CommandError } from "../../cli/terminal.ts";
import { writeAsOwner } from "../../steps/files.ts";
import { toCsv } from "./csv.ts";
import { type Saved, save } from "./saved.ts";
import { summary } from "./summary.ts";

/** A board that is killed has lost no more than this. */
const DELAY_MS = 500;

export interface Files {
	/** Keeps the board a moment later. */
	changed(board: Saved): void;
	/** Writes all files. Returns what to say of them. */
	finish(board: Saved): string;
}

/** @throws CommandError where the file can't be written */
export function keepFiles(file: string, board: Saved): Files {
	const named = (ending: string) => file.replace(/(\.json)?$/, ending);
	let newest: Saved | undefined;
	let timer: NodeJS.Timeout | undefined;
	try {
		// Whether it can be written is found out now, and not at the end of the class.
		save(file, board);
	} catch (error) {
		throw new CommandError(1, `--save ${file}: ${(error as Error).message}`);
	}
	return {
		changed(board) {
			newest = board;
			timer ??= setTimeout(() => {
				timer = undefined;
				if (newest) trySave(file, newest);
			}, DELAY_MS);
		},
		finish(board) {
			clearTimeout(timer);
			const { learners } = board;
			trySave(file, board);
			replace(named(".csv"), toCsv(learners));
			replace(named(".html"), summary(learners));
			return `Kept: ${file}, ${named(".csv")}, and for all: ${named(".html")}, which has no names.\n`;
		},
	};
}

/** A full disk must not end the class. */
function trySave(file: string, board: Saved): void {
	try {
		save(file, board);
	} catch {}
}

function replace(file: string, text: string): void {
	rmSync(file, { force: true });
	writeAsOwner(file, text);
}
