/** `npm run step 3 -- --trace`: each system call of a container.ts on stderr, as strace would print it. */

import { hooks } from "../../runtime/hooks.ts";
import { colours, printable, write } from "../cli/terminal.ts";

/** Prints the calls that this process makes from now on, marked with its role. */
export function traceCalls(role: "run" | "child"): void {
	// Load the colours now: after chroot the packages are out of reach.
	const { cyan, magenta, red } = colours(2);
	const mark = role === "child" ? magenta("child") : cyan("run  ");
	hooks.trace = (call) => {
		const line = printable(call);
		const failed = line.includes(" = -1 ");
		write(2, `${mark}  ${failed ? red(line) : line}\n`);
	};
}
