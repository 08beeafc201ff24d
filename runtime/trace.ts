/**
 * `npm run step 3 -- --trace`: each system call that a container.ts makes, as
 * strace would print it, marked with the process that makes it.
 */

import { colours } from "../kit/cli/terminal.ts";
import { writeSync } from "./fs.ts";

/** Whether the calls are to be printed. The variable reaches the child with the environment. */
export const tracing = (): boolean => process.env.WORKSHOP_TRACE !== undefined;

/** Prints one line of the trace on stderr. */
export function writeTrace(line: string): void {
	const { cyan, magenta, red } = colours(2);
	const mark = process.argv[2] === "child" ? magenta("child") : cyan("run  ");
	writeSync(2, `${mark}  ${line.includes(" = -1 ") ? red(line) : line}\n`);
}

// Loaded while it can be: after chroot there are no packages to load.
if (tracing()) colours(2);
