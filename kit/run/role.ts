/** Runs one role of a container.ts, `run` or `child`, to its exit status. */

import { createRequire } from "node:module";
import { constants, openSync } from "../../runtime/fs.ts";
import { cfunction } from "../../runtime/libc.ts";
import { containers } from "../../runtime/reexec.ts";
import { readHandover } from "./handover.ts";

const require = createRequire(import.meta.url);

/**
 * Does a role's work. An error in it is explained to the learner, and not
 * thrown.
 *
 * @param explain explains it, and gives the exit status
 * @returns the exit status
 */
export async function runRole(
	role: "run" | "child",
	work: () => Promise<number>,
	explain: (error: unknown) => number,
): Promise<number> {
	if (readHandover().trace) {
		const { traceCalls } = require("./trace.ts") as typeof import("./trace.ts");
		traceCalls(role);
	}
	let isOver = false;
	const end = (error: unknown) => {
		isOver = true;
		process.exit(explain(error));
	};
	// An error in a callback and an unhandled rejection end here, and so does a promise that never settles.
	// Once: Node handles an error in the explanation itself.
	process.once("uncaughtException", end);
	process.once("unhandledRejection", end);
	process.once("beforeExit", () =>
		end(new Error(`${role}() waits for something that never happens`)),
	);
	process.once("exit", (status) => {
		if (!isOver) explain(new Error(endedItself(role, status)));
	});
	try {
		return await work();
	} catch (error) {
		// Let a container that `run` started come to its own end.
		await Promise.allSettled(containers);
		return explain(error);
	} finally {
		isOver = true;
		process.removeAllListeners("beforeExit");
	}
}

function endedItself(role: "run" | "child", status: number): string {
	const instead =
		role === "run"
			? "return the status instead"
			: "no command ran: the last call of child is execvp(command)";
	return `${role}() ended the program with process.exit(${status}); ${instead}`;
}

/** The supervisor's root directory, kept open. Only the supervisor has this descriptor: no command begins in its process. */
let saved: number | undefined;

/** Keeps the way back open for a `run` that calls chroot: the learner's file and the kit's words are outside, and the error has to be told. */
export function saveRoot(): void {
	saved = openSync("/", constants.O_DIRECTORY);
}

/**
 * Makes the saved directory this process's root again. chroot(2) describes this
 * way out: because of it, chroot is no prison for root. After pivot_root it works
 * as well: the directory is in the supervisor's mount namespace, which has kept all its mounts.
 */
function restoreRoot(): void {
	if (saved === undefined) return;
	cfunction("int fchdir(int fd)")(saved);
	cfunction("int chroot(const char *path)")(".");
}

/** The kit's words about an error, on stderr. Loaded here: most runs need none. */
export function reportError(
	error: unknown,
	file: string,
	role: "run" | "child",
): number {
	restoreRoot();
	const { report } = require("./report.ts") as typeof import("./report.ts");
	return report(error, file, role);
}
