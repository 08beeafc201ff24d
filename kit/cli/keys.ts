/** Single keys, for the commands that stay on the screen: `npm run check -- --watch` and `npm run look`. */

/**
 * Calls an action when its key is pressed. Ctrl-C, Ctrl-D and the signals that
 * end a process count as `q`.
 *
 * @returns a function that restores the terminal
 */
export function onKey(actions: Record<string, () => void>): () => void {
	const { stdin } = process;
	const press = (data: Buffer) => {
		for (const key of data.toString().toLowerCase())
			actions["\u0003\u0004".includes(key) ? "q" : key]?.();
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
