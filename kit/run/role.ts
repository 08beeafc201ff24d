/** Runs one role of a container.ts, `run` or `child`, to its exit status. */

import { createRequire } from "node:module";
import { containers } from "../../runtime/reexec.ts";
import { readHandover } from "./handover.ts";
import { restoreRoot, saveRoot } from "./root.ts";

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
		const { report } = require("./report.ts") as typeof import("./report.ts");
		return report(error, file, role);
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
