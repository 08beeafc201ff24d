/**
 * Run when the image is built: lets Node compile what the commands load and keep
 * it, so that the first step in a fresh dev container starts as fast as the second.
 */

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { loadBundle } from "../kit/desk/bundle.ts";
import { HOME, listSteps } from "../kit/steps/catalog.ts";

const require = createRequire(import.meta.url);

/** Commands to run during the build, where no container can be made: those that need one fail early. */
const COMMANDS = [
	["start"],
	["step", "1", "true"],
	["solution", "1", "true"],
	["reset"],
	["diff", "1"],
	["notes", "1"],
	["hint", "?"],
	["book", "--out", "/dev/null/book"],
	["check"],
	["doctor"],
	["look"],
	["image"],
];

export async function main(): Promise<number> {
	for (const words of COMMANDS)
		spawnSync(
			process.execPath,
			[join(HOME, "kit/launch.cjs"), ...words],
			// FORCE_COLOR, so that the colours are loaded as on a terminal.
			{ stdio: "ignore", env: { ...process.env, FORCE_COLOR: "1" } },
		);

	// Load what these commands would have loaded later.
	for (const { file, solution } of listSteps()) {
		require(file);
		require(solution);
	}
	require("../kit/run/closing.ts");
	require("../kit/run/greet.ts");
	require("../kit/run/limits.ts");
	require("../kit/run/load.ts");
	require("../kit/run/report.ts");
	require("../kit/run/role.ts");
	require("../kit/run/shell.ts");
	require("../kit/image/prepare.ts");
	require("../kit/grader/watch.ts");
	await import("vitest/node");
	require("../kit/commands/desk.ts");
	require("../kit/desk/server/grade.ts");
	require("@lydell/node-pty");
	// The desk's page is made now, and not while somebody waits for it.
	await loadBundle();
	return 0;
}
