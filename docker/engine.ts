/** The Docker engine for `npm run test:docker`: whether one answers, and which of the clients here can build. */

import { execFileSync, spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { CommandError, write } from "../kit/cli/terminal.ts";

/** What is made for a test carries this label, and is removed by it. */
export const LABEL = "containers-from-scratch.test";

/** The tests' own image: a learner's keeps its name. */
export const IMAGE = "containers-from-scratch-test";

/** Run before the tests: one clear line where no engine answers. */
export function main(): number {
	const { status, stdout } = spawnSync(
		"docker",
		["version", "--format", "{{.Server.Version}}"],
		{ encoding: "utf8", timeout: 20_000 },
	);
	if (status !== 0)
		throw new CommandError(
			1,
			"No Docker engine answers here: start one, and see that `docker version` shows its server.",
		);
	write(1, `Docker engine ${stdout.trim()}\n`);
	return 0;
}

/** What a docker command prints. */
export function ask(...words: string[]): string {
	return execFileSync("docker", words, {
		encoding: "utf8",
		stdio: ["ignore", "pipe", "pipe"],
	}).trim();
}

/** The first docker client in PATH that builds with BuildKit: a new one needs its buildx component, an old one nothing. */
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

/** How Compose is called here, if it is here: the engine's own, or the older program. */
export function composeWords(): string[] | undefined {
	return [["docker", "compose"], ["docker-compose"]].find(
		([program = "", ...words]) =>
			spawnSync(program, [...words, "version"]).status === 0,
	);
}
