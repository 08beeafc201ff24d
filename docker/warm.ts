/**
 * Run when the image is built: has Node compile what the commands load, and keep
 * it, so that a fresh dev container's first step starts as soon as its second.
 */

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { HOME, listSteps } from "../kit/steps/catalog.ts";

const require = createRequire(import.meta.url);

/** What can be had without a container, which there can't be during a build: those that need one say so, and end. */
const COMMANDS = [
	["kit/commands/start.ts"],
	["kit/commands/step.ts", "step", "1", "true"],
	["kit/commands/reset.ts"],
	["kit/commands/diff.ts", "1"],
	["kit/commands/notes.ts", "notes", "1"],
	["kit/commands/book.ts", "--out", "/dev/null/book"],
	["kit/commands/check.ts"],
	["kit/commands/doctor.ts"],
	["kit/commands/look.ts"],
];

export async function main(): Promise<number> {
	for (const words of COMMANDS)
		spawnSync(
			process.execPath,
			[join(HOME, "kit/launch.cjs"), ...words],
			// FORCE_COLOR, so that the colours are loaded as on a terminal.
			{ stdio: "ignore", env: { ...process.env, FORCE_COLOR: "1" } },
		);

	// And what they would have loaded, as they would have.
	for (const { file, solution } of listSteps()) {
		require(file);
		require(solution);
	}
	require("../kit/run/report.ts");
	require("../kit/look/compare.ts");
	require("../kit/grader/watch.ts");
	await import("vitest/node");
	return 0;
}
