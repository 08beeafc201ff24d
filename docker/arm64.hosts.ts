/** The kit on an arm64 machine without Docker, which is emulated here and some twenty times slower. */

import { beforeAll, expect, test } from "vitest";
import type { Results } from "../kit/grader/results.ts";
import { HOME, listSteps } from "../kit/steps/catalog.ts";
import { listParts } from "../kit/steps/parts.ts";
import { objectsIn, onHost } from "./hosts.ts";

let text = "";
beforeAll(async () => {
	({ text } = await onHost(
		"arm64",
		HOME,
		`
# The list of this machine's kernel modules was not made with its packages.
depmod
npm run --silent check -- --solutions --json | cat
npm run --silent check -- --json | cat
npm run --silent solution 6 hostname
`,
	));
}, 2_700_000);

const states = (index: number) =>
	(objectsIn(text)[index] as Results).steps.map(({ number, state }) => [
		number,
		state,
	]);

test("the reference passes", () => {
	expect(states(0)).toEqual(
		listSteps().map(({ number }) => [number, "passed"]),
	);
});

test("the starters are not started", () => {
	expect(states(1)).toEqual(
		listParts()[0]?.steps.map(({ number }) => [number, "not started"]),
	);
});

test("a container starts", () => {
	expect(text).toMatch(/^container$/m);
});
