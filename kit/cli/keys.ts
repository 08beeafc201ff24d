/** Single keys, for the commands that stay on the screen: `npm run check -- --watch` and `npm run look`. */

import { cfunction } from "../../runtime/libc.ts";

/** Ctrl-C and Ctrl-D. */
const LEAVE = ["\u0003", "\u0004"];

/**
 * Throws away what has been typed and not read yet: it was meant for what was on the screen before.
 *
 * @see tcflush(3)
 */
export function dropTypedKeys(): void {
	const TCIFLUSH = 0;
	cfunction("int tcflush(int fd, int queue)")(0, TCIFLUSH);
}

/**
 * Calls an action when its key is pressed. Ctrl-C, Ctrl-D and the signals that
 * end a process count as `q`.
 *
 * @returns a function that restores the terminal
 */
export function onKey(actions: Record<string, () => void>): () => void {
	const { stdin } = process;
	const press = (data: Buffer) => {
		const keys = [...data.toString().trim().toLowerCase()];
		if (keys.some((key) => LEAVE.includes(key))) actions.q?.();
		// A text that was pasted, or an arrow's escape sequence, is no key; one that was pressed twice is.
		else if (new Set(keys).size === 1) actions[keys[0] ?? ""]?.();
	};
	const leave = () => actions.q?.();
	for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"])
		process.on(signal, leave);
	if (stdin.isTTY) stdin.setRawMode(true);
	stdin.on("data", press);
	// A stdin without keys, /dev/null for example, ends nothing.
	return () => {
		if (stdin.isTTY) stdin.setRawMode(false);
		stdin.off("data", press);
		stdin.pause();
		for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"])
			process.off(signal, leave);
	};
}
