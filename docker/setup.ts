/** Once before all the tests: the image, as the README builds it. And once after them: nothing of theirs is left. */

import { spawnSync } from "node:child_process";
import { HOME } from "../kit/steps/catalog.ts";
import { IMAGE, LABEL } from "./engine.ts";
import { note, remove } from "./leftovers.ts";

export default function setup(): () => void {
	const before = note();
	// A run that is stopped comes to no end of its own.
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
		process.once(signal, () => {
			remove(before);
			process.exit(1);
		});
	// The classic builder, which every engine has; BuildKit has a test of its own.
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
