/** A bar that grows, on a terminal. Elsewhere it would fill a log. */

import { isTerminal, write } from "../cli/terminal.ts";
import { readableSize } from "./size.ts";

/** Is told how many bytes of how many are there. */
export type Progress = (done: number, total: number) => void;

const CELLS = 30;
const INTERVAL_MS = 100;

export function progressBar(): Progress {
	if (!isTerminal(2)) return () => {};
	let last = 0;
	return (done, total) => {
		const ended = done === total;
		if (!ended && Date.now() - last < INTERVAL_MS) return;
		last = Date.now();
		const filled = Math.floor((CELLS * done) / Math.max(total, 1));
		const bar = "█".repeat(filled) + "░".repeat(CELLS - filled);
		const text = `${bar} ${readableSize(done)} of ${readableSize(total)}`;
		write(2, `\r${text}\x1b[K${ended ? "\n" : ""}`);
	};
}
