import { defineConfig } from "vitest/config";

/** `npm run test:docker`: the dev container itself, in a Docker engine. No part of `npm test`. */
export default defineConfig({
	test: {
		include: ["docker/*.docker.ts"],
		globalSetup: "docker/setup.ts",
		testTimeout: 120_000,
		hookTimeout: 60_000,
		fileParallelism: false,
		// What a container printed belongs into the log, as it was.
		disableConsoleIntercept: true,
	},
});
