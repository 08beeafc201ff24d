import { defineConfig } from "vitest/config";

if (!process.env.WORKSHOP_SANDBOX)
	throw new Error(
		"The tests run containers as root: run them in the dev container, or on a throwaway Linux VM with WORKSHOP_SANDBOX=vm npm test",
	);

// The kit's own tests. Most of them start real containers, so they take their time.
export default defineConfig({
	test: {
		include: ["**/*.test.ts"],
		testTimeout: 30_000,
		hookTimeout: 60_000,
		// Whoever waits for a container needs the processor for it.
		fileParallelism: false,
		// A container is two processes, and the machines have few cores.
		maxConcurrency: 3,
	},
});
