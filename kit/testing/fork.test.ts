/** What a learner's fork and a learner's assistant find: the workflow that grades, and the tutor's rules. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { HOME } from "../steps/catalog.ts";
import { copyKit, execute } from "./kit.ts";

const read = (name: string) => readFileSync(join(HOME, name), "utf8");

test("the fork's workflow is green when every step that is begun passes", async () => {
	const { jobs } = parse(read(".github/workflows/check.yml"));
	const runs: string[] = jobs.check.steps.flatMap(
		({ run }: { run?: string }) => run ?? [],
	);
	const decision = runs.at(-1) ?? "";
	const statusFor = async (...states: string[]) => {
		const kit = copyKit();
		const steps = states.map((state) => ({ state }));
		writeFileSync(join(kit, "results-check.json"), JSON.stringify({ steps }));
		return (await execute(["sh", "-c", decision], { cwd: kit })).status;
	};
	expect(await statusFor("passed", "passed", "not started")).toBe(0);
	expect(await statusFor("not started")).toBe(0);
	expect(await statusFor("passed", "failed", "not started")).toBe(1);
	expect(await statusFor("passed", "missing")).toBe(1);
	// It takes the same actions as the kit's own, pinned.
	const pinned = read(".github/workflows/ci.yml");
	for (const { uses } of jobs.check.steps)
		if (uses) expect(pinned).toContain(uses);
});

test.each(["CLAUDE.md", ".github/copilot-instructions.md"])(
	"%s leads to AGENTS.md, and the links of both are there",
	(name) => {
		expect(read(name)).toContain("AGENTS.md");
		for (const file of [name, "AGENTS.md"])
			for (const [, href = ""] of read(file).matchAll(/\]\((.*?)\)/g))
				expect(existsSync(join(HOME, dirname(file), href)), href).toBe(true);
	},
);

test("the start page and the README say that AGENTS.md is there", () => {
	for (const page of ["notes/00-start.md", "README.md"])
		expect(read(page)).toContain("AGENTS.md");
});
