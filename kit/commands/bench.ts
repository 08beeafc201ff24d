/**
 * `npm run bench`: measures how long starting and grading take, as whole
 * processes, beside bare Node on the same machine in the same run. Slow results
 * are no failure.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { measure } from "../bench/measure.ts";
import { json, page } from "../bench/print.ts";
import { peakOfChildren } from "../bench/stopwatch.ts";
import { CommandError, write } from "../cli/terminal.ts";
import { requireHost } from "../host/requirements.ts";
import { prepareRootfs } from "../host/rootfs.ts";
import { parseWords } from "../steps/request.ts";

const USAGE = "npm run bench   or   npm run --silent bench -- --json";

export async function main(args: string[]): Promise<number> {
	if (args[0] === "peak-of-children") {
		write(1, String(peakOfChildren()));
		return 0;
	}
	const { on, words } = parseWords(args, ["json"], USAGE);
	if (words.length > 0)
		throw new CommandError(
			2,
			`The bench takes no words: ${words.join(" ")}.\nUsage: ${USAGE}`,
		);
	requireHost();
	prepareRootfs(() => {});
	const scratch = mkdtempSync(join(tmpdir(), "bench-"));
	process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
		process.once(signal, () => process.exit(128 + constants.signals[signal]));
	const results = await measure(scratch);
	write(1, on.has("json") ? json(results) : page(results));
	return 0;
}
