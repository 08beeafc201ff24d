/** The shell that runs if no command is given. */

import { existsSync, fstatSync, statSync } from "../../runtime/fs.ts";
import { ROOTFS } from "../../runtime/rootfs.ts";
import { CommandError } from "../cli/terminal.ts";

export function shell(): string[] {
	// Without -it, `docker run` gives the shell /dev/null as stdin: it would end at once and print nothing.
	if (fstatSync(0).rdev === statSync("/dev/null").rdev)
		throw new CommandError(
			125,
			"A shell needs a terminal, and there is none: docker run -it …, or give a command to run.",
		);
	return [shellProgram()];
}

/** bash where the dev container and the root file system both have it, else sh. */
export function shellProgram(): string {
	const bash = "/bin/bash";
	return existsSync(bash) && existsSync(ROOTFS + bash) ? bash : "/bin/sh";
}
