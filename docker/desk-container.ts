/** The desk in the dev container, with the flags that compose.yaml adds to the README's. */

import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { parse } from "yaml";
import {
	freePort,
	type Started,
	whenStarted,
} from "../kit/desk/fixtures/desk.ts";
import { HOME } from "../kit/steps/catalog.ts";
import { learnersFolder, runWords } from "./dev-container.ts";

export const { services } = parse(
	readFileSync(join(HOME, "compose.yaml"), "utf8"),
	{
		merge: true,
	},
);
const { command, pids_limit: limit } = services.desk;

/** Starts the container. It is removed with the test. */
export async function startContainer(
	add: string[] = [],
): Promise<{ desk: Started; name: string; steps: string }> {
	const port = await freePort();
	const name = `desk-test-${port}`;
	const steps = learnersFolder();
	const words = runWords({
		steps,
		without: ["-it"],
		add: [
			...["--name", name, "--publish", `127.0.0.1:${port}:4000`],
			...["--env", `WORKSHOP_PORT=${port}`, "--pids-limit", String(limit)],
			...add,
		],
	});
	const [program = "", ...rest] = [...words, ...command];
	const client = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"] });
	onTestFinished(() => void spawnSync("docker", ["rm", "--force", name]));
	return { desk: await whenStarted(client), name, steps };
}
