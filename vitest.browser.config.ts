import { defineConfig } from "vitest/config";

/** `npm run test:browser`: what needs a Chromium, and is no part of `npm test`. */
export default defineConfig({
	test: {
		include: ["**/*.browser.ts"],
		testTimeout: 60_000,
		hookTimeout: 60_000,
	},
});
