/**
 * Run when the image is built: has Node compile what the commands load, and keep
 * it, so that a fresh dev container's first step starts as soon as its second.
 */

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { HOME, listSteps } from "../steps/catalog.ts";

const require = createRequire(import.meta.url);

/** What can be had without a container, which there can't be during a build: those that need one say so, and end. */
const COMMANDS = [
	["steps/start.ts"],
	["steps/run.ts", "step", "1", "true"],
	["steps/reset.ts"],
	["solutions/diff.ts", "1"],
	["notes/show.ts", "notes", "1"],
	["notes/book.ts", "--out", "/dev/null/book"],
	["checks/run.ts"],
	["runtime/doctor.ts"],
	["look/run.ts"],
];

export async function main(): Promise<number> {
	for (const words of COMMANDS)
		spawnSync(
			process.execPath,
			[join(HOME, "runtime/launch.cjs"), ...words],
			// FORCE_COLOR, so that the colours are loaded as on a terminal.
			{ stdio: "ignore", env: { ...process.env, FORCE_COLOR: "1" } },
		);

	// And what they would have loaded, as they would have.
	for (const { file, solution } of listSteps()) {
		require(file);
		require(solution);
	}
	require("../steps/report.ts");
	require("../look/compare.ts");
	require("../checks/watch.ts");
	await import("vitest/node");
	return 0;
}
