/**
 * `npm test`: the type checker, the linter, and the kit's own tests. None of
 * them reads what the learner has written in steps/.
 *
 * Words after `npm test --` are vitest's. `npm run lint` stops before vitest;
 * `test:browser` and `test:docker` run another project of vitest.config.ts alone.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { CommandError } from "../cli/terminal.ts";
import { findObstacle, OPEN } from "../host/requirements.ts";
import { HOME } from "../steps/catalog.ts";

const TSC = ["typescript/bin/tsc", "--project", "tsconfig.kit.json"];
const BIOME = ["@biomejs/biome/bin/biome", "ci", "."];
const VITEST = ["vitest/vitest.mjs", "run", "--project"];

export async function main([what = "", ...args]: string[]): Promise<number> {
	if (what === "lint") return await inTurn([TSC, BIOME]);
	if (what !== "kit") return await inTurn([[...VITEST, what, ...args]]);
	requireTestHost();
	return await inTurn([TSC, BIOME, [...VITEST, what, ...args]]);
}

/** One line, and no more, for somebody who has only just cloned the kit. */
function requireTestHost(): void {
	const obstacle = findObstacle();
	if (!obstacle) return;
	const [reason] = obstacle.split("\n");
	throw new CommandError(
		125,
		`${reason} Type: ${OPEN} npm test   or, as root on a throwaway Linux VM: WORKSHOP_SANDBOX=vm npm test`,
	);
}

/** Runs programs of the packages one after the other, as far as they succeed. */
async function inTurn(commands: string[][]): Promise<number> {
	for (const [program = "", ...args] of commands) {
		const status = await toItsEnd(
			spawn(process.execPath, [join(HOME, "node_modules", program), ...args], {
				cwd: HOME,
				stdio: "inherit",
			}),
		);
		if (status !== 0) return status;
	}
	return 0;
}

/** Waits for a child, which gets the signals that come meanwhile. Ctrl-C it gets from the terminal. */
async function toItsEnd(child: ChildProcess): Promise<number> {
	const pass = (signal: NodeJS.Signals) => {
		if (signal !== "SIGINT") child.kill(signal);
	};
	const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
	for (const signal of signals) process.on(signal, pass);
	try {
		return await new Promise((resolve, reject) =>
			child
				.on("error", reject)
				.on("close", (status, signal) =>
					resolve(status ?? 128 + constants.signals[signal ?? "SIGKILL"]),
				),
		);
	} finally {
		for (const signal of signals) process.off(signal, pass);
	}
}
