/** `npm run lint`: the type checker and the linter. Neither reads what the learner writes in steps/. */

import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { HOME } from "../steps/catalog.ts";

export async function main(): Promise<number> {
	return (
		(await runTool("typescript/bin/tsc", "--project", "tsconfig.kit.json")) ||
		(await runTool("@biomejs/biome/bin/biome", "ci", "."))
	);
}

/** Runs a program of the packages to its end. */
export async function runTool(
	program: string,
	...args: string[]
): Promise<number> {
	const path = join(HOME, "node_modules", program);
	const child = spawn(process.execPath, [path, ...args], {
		cwd: HOME,
		stdio: "inherit",
	});
	const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
	const pass = (signal: NodeJS.Signals) => {
		// The terminal sends Ctrl-C to the child itself.
		if (signal !== "SIGINT") child.kill(signal);
	};
	for (const signal of signals) process.on(signal, pass);
	try {
		return await endOf(child);
	} finally {
		for (const signal of signals) process.off(signal, pass);
	}
}

function endOf(child: ChildProcess): Promise<number> {
	return new Promise((resolve, reject) =>
		child
			.on("error", reject)
			.on("close", (status, signal) =>
				resolve(status ?? 128 + constants.signals[signal ?? "SIGKILL"]),
			),
	);
}
