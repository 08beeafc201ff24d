import { defineConfig } from "vitest/config";

const ALONE = [
	"kit/grader/submissions.test.ts",
	"kit/look/**/*.test.ts",
	"kit/book/transcripts.test.ts",
	"kit/commands/{look,terminal}.test.ts",
];

// `npm test` runs the projects "kit" and "machine". An editor's test view shows all, or
// with `--project checks` the learner's steps alone.
export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: "kit",
					include: ["{docker,kit}/**/*.test.ts"],
					globalSetup: "kit/testing/home.ts",
					exclude: ALONE,
					testTimeout: 60_000,
					hookTimeout: 60_000,
					maxWorkers: 2,
					// A container is two processes, and the machines have few cores.
					maxConcurrency: 3,
				},
			},
			{
				// What compares the whole machine before and after, or follows what runs on it.
				test: {
					name: "machine",
					include: ALONE,
					globalSetup: "kit/testing/home.ts",
					testTimeout: 30_000,
					hookTimeout: 60_000,
					fileParallelism: false,
					maxConcurrency: 3,
					sequence: { groupOrder: 1 },
				},
			},
			{
				// `npm run test:browser`: the book and the desk in a Chromium.
				test: {
					name: "browser",
					include: ["kit/**/*.browser.ts"],
					globalSetup: "kit/testing/home.ts",
					testTimeout: 60_000,
					hookTimeout: 60_000,
					// The live page's tests start containers, too.
					fileParallelism: false,
				},
			},
			{
				// `npm run test:docker`: the dev container itself, in a Docker engine.
				test: {
					name: "docker",
					include: ["docker/*.docker.ts"],
					globalSetup: "docker/setup.ts",
					testTimeout: 120_000,
					hookTimeout: 60_000,
					fileParallelism: false,
					// What a container printed belongs in the log as it was.
					disableConsoleIntercept: true,
				},
			},
			{
				// `npm run test:hosts`: other machines, which are booted for it.
				test: {
					name: "hosts",
					include: ["docker/*.hosts.ts"],
					globalSetup: "docker/setup.ts",
					testTimeout: 60_000,
					fileParallelism: false,
					disableConsoleIntercept: true,
				},
			},
			{
				// The learner's steps in an editor's test view. `npm run check` tells more, and needs no config.
				test: {
					name: "checks",
					include: ["checks/*.check.ts"],
					pool: "threads",
					isolate: false,
					// A check file says what must hold; the runner makes tests of that. Each container has a limit of its own.
					runner: "kit/grader/runner.ts",
					testTimeout: 0,
					provide: { role: "step", channel: "" },
				},
			},
		],
	},
});
