/** Runs one role of a container.ts, `run` or `child`, to its exit status. */

import { createRequire } from "node:module";
import { containers } from "../../runtime/reexec.ts";
import { readHandover } from "./handover.ts";
import { restoreRoot, saveRoot } from "./root.ts";

const require = createRequire(import.meta.url);

/**
 * Does what a role has to do. What goes wrong in it is told to the author of the
 * container.ts, and not thrown.
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
		const { report } = require("./report.ts") as typeof import("./report.ts");
		return report(error, file, role);
	};
	// A rejection that nobody awaits comes here, and so does waiting for nothing.
	// Once: an error in the explanation itself is left to Node.
	process.once("unhandledRejection", (error) => process.exit(explain(error)));
	process.once("beforeExit", () =>
		process.exit(
			explain(new Error(`${role}() waits for something that never happens`)),
		),
	);
	try {
		return await work();
	} catch (error) {
		// A container that `run` left behind ends as it would have.
		await Promise.allSettled(containers);
		return explain(error);
	} finally {
		process.removeAllListeners("beforeExit");
	}
}
