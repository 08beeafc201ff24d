/** The Docker engine for `npm run test:docker`: whether one answers, and which client can build. */

import { execFileSync, spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { CommandError, write } from "../kit/cli/terminal.ts";

/** The label of everything that a test makes. It is removed by this label. */
export const LABEL = "containers-from-scratch.test";

/** The tests' image. A learner's image keeps its name. */
export const IMAGE = "containers-from-scratch-test";

/** Run before the tests: prints one line if no engine answers. */
export function main(): number {
	const { status, stdout } = spawnSync(
		"docker",
		["version", "--format", "{{.Server.Version}}"],
		{ encoding: "utf8", timeout: 20_000 },
	);
	if (status !== 0)
		throw new CommandError(
			1,
			"No Docker engine answers here. Start one: `docker version` must show its server.",
		);
	write(1, `Docker engine ${stdout.trim()}\n`);
	return 0;
}

/** The output of a docker command. */
export function ask(...words: string[]): string {
	return execFileSync("docker", words, {
		encoding: "utf8",
		stdio: ["ignore", "pipe", "pipe"],
	}).trim();
}

/** The first docker client in PATH that builds with BuildKit. A new client needs its buildx component. */
export function buildKitClient(): string | undefined {
	return (process.env.PATH ?? "")
		.split(delimiter)
		.map((folder) => join(folder, "docker"))
		.find((client) => {
			const { status } = spawnSync(client, ["build", "--quiet", "-"], {
				env: { ...process.env, DOCKER_BUILDKIT: "1" },
				input: `FROM scratch\nLABEL ${LABEL}=probe\n`,
			});
			return status === 0;
		});
}

/** The command for Compose, the plugin or the older program. Undefined if there is none. */
export function composeWords(): string[] | undefined {
	return [["docker", "compose"], ["docker-compose"]].find(
		([program = "", ...words]) =>
			spawnSync(program, [...words, "version"]).status === 0,
	);
}
