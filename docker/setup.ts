/** Builds the image once before all tests, as in the README, and removes everything after them. */

import { spawnSync } from "node:child_process";
import { HOME } from "../kit/steps/catalog.ts";
import { IMAGE, LABEL } from "./engine.ts";
import { note, remove } from "./leftovers.ts";

export default function setup(): () => void {
	const before = note();
	// A signal ends the run without vitest's teardown.
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
		process.once(signal, () => {
			remove(before);
			process.exit(1);
		});
	// The classic builder, which every engine has. BuildKit has its own test.
	const { status } = spawnSync(
		"docker",
		["build", "--force-rm", "--label", LABEL, "--tag", IMAGE, "."],
		{
			cwd: HOME,
			env: { ...process.env, DOCKER_BUILDKIT: "0" },
			stdio: ["ignore", "inherit", "inherit"],
		},
	);
	if (status !== 0) {
		remove(before);
		throw new Error("The image could not be built.");
	}
	return () => remove(before);
}
