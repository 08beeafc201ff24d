/** Starts this program again, as a child. */

import { expectWords } from "./arguments.ts";
import { spawnNode, waitFor } from "./children.ts";
import { hooks } from "./hooks.ts";

/**
 * The command line of this program: `node SCRIPT ROLE …`. reexec starts `node
 * SCRIPT child COMMAND`, and in that role SCRIPT has to call the container.ts's
 * `child` with COMMAND.
 */
const [, script = "", role] = process.argv;
const CHILD = "child";

/**
 * Starts this program again in the child role, with the terminal inherited, and
 * waits for it, as the Go talk does with /proc/self/exe. The child starts in the
 * namespaces that `unshare` has prepared, and calls your `child`.
 *
 * Ctrl-C belongs to the command. SIGTERM, SIGHUP and SIGQUIT (Ctrl-\), sent to this
 * process, stop the container: SIGTERM, two seconds, SIGKILL.
 *
 * @param command the program and its arguments: what `child` gets. Empty if the image names the command
 * @returns the exit status: the command's own, or 128+n if signal n ended it
 * @throws SyscallError fork ENOMEM: the PID namespace's first process has ended. EAGAIN: too many processes.
 * @see fork(2), execve(2), wait(2), signal(7)
 */
export async function reexec(command: string[]): Promise<number> {
	expectWords("reexec(command)", command);
	if (role === CHILD)
		throw new Error(
			"reexec() belongs in run(): in child() it would start a child of the child, and so on. child() ends with execvp(command)",
		);
	if (running > 0)
		throw new Error(
			"reexec() was called again while its first container still runs: await the first, or call it once",
		);
	const pid = spawnNode([...process.execArgv, script, CHILD, ...command]);
	hooks.trace?.(`reexec(${JSON.stringify(command)}) = pid ${pid}`);
	const container = waitFor(pid);
	containers.add(container);
	running++;
	return container.finally(() => running--);
}

/** How many of them have not ended yet. */
let running = 0;

/** The containers started by this process. `run` may return before they end, if it does not wait. */
export const containers = new Set<Promise<number>>();
