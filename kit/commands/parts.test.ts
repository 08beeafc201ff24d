/** Two parts: what start, check and the list of pages make of them. */

import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listSteps } from "../steps/catalog.ts";
import { listParts } from "../steps/parts.ts";
import { copyKit, run } from "../testing/kit.ts";

const [one, two] = listParts();
const ofOne = one?.steps.length ?? 0;

/** Solves the steps of Part one in a copy. */
function solvePartOne(kit: string): void {
	for (const { id } of one?.steps ?? [])
		copyFileSync(
			join(kit, "solutions", id, "container.ts"),
			join(kit, "steps", id, "container.ts"),
		);
}

test("each step is in one part, and both have a title", () => {
	expect(listParts().flatMap(({ steps }) => steps)).toEqual(listSteps());
	expect(one?.title).toMatch(/\w/);
	expect(two?.title).toMatch(/\w/);
});

test("who has finished Part one is told that it is a container, and what Part two adds", async () => {
	const kit = copyKit();
	expect((await run("start", [], { kit })).stdout).not.toContain(
		"is a container.",
	);
	solvePartOne(kit);
	const { status, stdout } = await run("check", [], { kit });
	expect([status, stdout]).toEqual([
		0,
		expect.stringMatching(
			new RegExp(`${ofOne} of ${ofOne} done · next: npm run finish\\n$`),
		),
	]);
	const text = (await run("start", [], { kit })).stdout;
	expect(text).toContain("What you have built is a container.");
	expect(text).toContain("A root without a way out");
	expect(text).toContain(`npm run notes ${two?.steps[0]?.number}`);
});

test("check without a number grades a step of Part two once it is begun", async () => {
	const kit = copyKit();
	solvePartOne(kit);
	const { id = "", number } = two?.steps[0] ?? {};
	const file = join(kit, "steps", id, "container.ts");
	writeFileSync(file, `${readFileSync(file, "utf8")}// begun\n`);
	// What counts is that the step is graded, not what it must establish.
	copyFileSync(
		join(kit, "checks/03-hostname.check.ts"),
		join(kit, "checks", `${id}.check.ts`),
	);
	const { status, stdout, stderr } = await run("check", ["--json"], { kit });
	expect([status, stderr]).toEqual([0, ""]);
	const { steps } = JSON.parse(stdout);
	expect(steps.map((it: { number: number }) => it.number)).toEqual([
		...(one?.steps ?? []).map((it) => it.number),
		number,
	]);
});

test("the list of pages has the parts' titles", async () => {
	const { stdout } = await run("notes", ["--list"]);
	for (const part of listParts()) expect(stdout).toContain(part.title);
});
