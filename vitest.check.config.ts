import { defineConfig } from "vitest/config";

/** The learner's steps in an editor's test view. `npm run check` needs no config, and tells more. */
export default defineConfig({
	test: {
		include: ["checks/*.check.ts"],
		pool: "threads",
		isolate: false,
		testTimeout: 0,
		runner: "kit/grader/runner.ts",
		provide: { role: "step", subjects: [] },
	},
});
