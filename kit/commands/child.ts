/**
 * The child role, which reexec starts and nobody types: it is born into the
 * namespaces that `run` prepared, calls the container.ts's `child`, and becomes
 * the command.
 */

import { createRequire } from "node:module";
import { constants } from "node:os";
import { openSync, readSync } from "../../runtime/fs.ts";
import { hooks } from "../../runtime/hooks.ts";
import { setCloseOnExec } from "../../runtime/inherit.ts";
import { cfunction } from "../../runtime/libc.ts";
import { sendFailure, statusOf } from "../run/failure.ts";
import { readHandover } from "../run/handover.ts";
import { loadContainer } from "../run/load.ts";
import { reportError, runRole } from "../run/role.ts";

const require = createRequire(import.meta.url);

export async function main(command: string[]): Promise<number> {
	const { file = "", supervisor, handshake, failure } = readHandover();
	if (failure) setCloseOnExec(Number(failure), true);
	const parent = parentReader();
	setParentDeathSignal(supervisor, parent);
	if (handshake) {
		const { awaitLook } =
			require("../run/handshake.ts") as typeof import("../run/handshake.ts");
		awaitLook(Number(handshake));
	}
	const look = hooks.beforeExec;
	hooks.beforeExec = () => {
		look?.();
		setParentDeathSignal(supervisor, parent);
	};
	const work = async () => {
		const { child } = loadContainer(file);
		await child(command);
		throw new TypeError(
			"child() returned, and did not become the command: its last call is execvp(command)",
		);
	};
	return runRole("child", work, (error) => {
		if (!failure) return reportError(error, file, "child");
		sendFailure(Number(failure), error);
		return statusOf(error);
	});
}

/**
 * Asks the kernel to kill this process when its parent dies, however that dies.
 * A supervisor that died before the kernel was asked is recognised by the
 * parent's PID, which is another one then. This process exits in that case: as
 * PID 1 of a namespace it can't kill itself.
 *
 * The kernel forgets the request when the process changes its user or group, so
 * it is made again right before the command begins.
 *
 * @param supervisor its PID, as the dev container's /proc shows it
 * @param parent reads the parent's PID there
 * @see PR_SET_PDEATHSIG(2const)
 */
function setParentDeathSignal(
	supervisor: string | undefined,
	parent: () => string | undefined,
): void {
	const PR_SET_PDEATHSIG = 1;
	const { SIGKILL } = constants.signals;
	cfunction("int prctl(int option, ...)")(
		PR_SET_PDEATHSIG,
		"unsigned long",
		SIGKILL,
	);
	const found = parent();
	if (found !== undefined && found !== supervisor) process.exit(128 + SIGKILL);
}

/**
 * A function that reads the parent's PID in the /proc of now. The file stays open: later there
 * may be another /proc, which does not show the parent, or none. The command does not get it.
 */
function parentReader(): () => string | undefined {
	const status = openSync("/proc/self/status", "r");
	const text = Buffer.alloc(4096);
	const FROM_THE_START = 0;
	return () => {
		try {
			const length = readSync(status, text, 0, text.length, FROM_THE_START);
			return /^PPid:\t(\d+)$/m.exec(text.toString("latin1", 0, length))?.[1];
		} catch {
			return undefined; // an execvp that failed has closed the file
		}
	};
}
