/** Runs one role of a container.ts, `run` or `child`, to its exit status. */

import { createRequire } from "node:module";
import type { SyscallError } from "../../runtime/errors.ts";
import { constants, openSync, writeSync } from "../../runtime/fs.ts";
import { cfunction } from "../../runtime/libc.ts";
import { containers } from "../../runtime/reexec.ts";
import { readHandover } from "./handover.ts";

const require = createRequire(import.meta.url);

/**
 * Does a role's work. An error in it is explained to the learner, and not
 * thrown.
 *
 * @returns the exit status
 */
export async function runRole(
	role: "run" | "child",
	file: string,
	work: () => Promise<number>,
): Promise<number> {
	saveRoot();
	if (readHandover().trace) {
		const { traceCalls } = require("./trace.ts") as typeof import("./trace.ts");
		traceCalls(role);
	}
	const explain = (error: unknown) => {
		restoreRoot();
		const report = loadReport();
		return report
			? report(error, file, role)
			: reportBriefly(error, file, role);
	};
	// An unhandled rejection ends here, and so does a promise that never settles.
	// Once: Node handles an error in the explanation itself.
	process.once("unhandledRejection", (error) => process.exit(explain(error)));
	process.once("beforeExit", () =>
		process.exit(
			explain(new Error(`${role}() waits for something that never happens`)),
		),
	);
	try {
		return await work();
	} catch (error) {
		// Let a container that `run` started come to its own end.
		await Promise.allSettled(containers);
		return explain(error);
	} finally {
		process.removeAllListeners("beforeExit");
	}
}

/** The words of the kit, if this process can still read them. */
function loadReport(): typeof import("./report.ts").report | undefined {
	try {
		return (require("./report.ts") as typeof import("./report.ts")).report;
	} catch {
		// It has changed its root and its user, and only root can go back.
		return undefined;
	}
}

/** Says what went wrong, and where, without reading a file. The statuses are those of `report`. */
function reportBriefly(
	error: unknown,
	file: string,
	role: "run" | "child",
): number {
	const { message, stack, command, code } = error as Partial<SyscallError>;
	if (command) {
		writeSync(2, `✘ ${command[0]}: ${message}\n`);
		return code === "ENOENT" ? 127 : 126;
	}
	const at = stack?.lastIndexOf(`${file}:`) ?? -1;
	const [place = ""] =
		/^(:\d+)+/.exec(stack?.slice(at + file.length) ?? "") ?? [];
	const name = file.split("/").slice(-3).join("/");
	writeSync(
		2,
		`✘ ${name}${at < 0 ? "" : place} in ${role}\n  ${message ?? String(error)}\n`,
	);
	return 125;
}

/** The root directory that this process began with, kept open. Node opens it close-on-exec, so the command does not get it. */
let saved: number | undefined;

/** Keeps the way back out of a chroot open: the learner's file and the kit's words are outside, and an error has to be told. */
function saveRoot(): void {
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
