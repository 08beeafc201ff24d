import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HOME, listSteps } from "./catalog.ts";
import { readText } from "./files.ts";
import { listParts } from "./parts.ts";
import { starter } from "./starter.ts";
import { starterFiles } from "./starters.ts";

const steps = listSteps();

test("the steps are numbered from 1 without a gap", () => {
	expect(steps.map(({ number }) => number)).toEqual(
		steps.map((_, index) => index + 1),
	);
	expect(steps.length).toBeGreaterThanOrEqual(6);
});

test.each(steps)("$id begins as the solution before it, and a TODO", (step) => {
	const text = starter(step);
	expect(text).toMatch(/^\t\/\/ TODO: /m);
	const before = steps[step.number - 2]?.solution;
	if (!before) return;
	const lines = readFileSync(before, "utf8").split("\n").filter(Boolean);
	// A TODO goes on in the comment's further lines.
	const withoutTodo = text
		.split("\n")
		.filter(
			(line) => line && (lines.includes(line) || !/^\s*\/\/ /.test(line)),
		);
	expect(withoutTodo).toEqual(lines);
});

// steps/ is the learner's. The version in it is the kit's, and identifies its starters.
test("the version in steps/ is that of the starters", () => {
	expect(
		readText(join(HOME, "steps/README.md")),
		"update them: npm run starters",
	).toBe(starterFiles().get("README.md"));
});

test.each(steps.slice(1))(
	"$id's TODO says what, and names none of its new calls",
	(step) => {
		const names = (file: string) =>
			new Set(
				readFileSync(file, "utf8").match(/\b\w+\b(?=\()|\b[A-Z]+_[A-Z]+\b/g),
			);
		const before = names(steps[step.number - 2]?.solution ?? "");
		const added = [...names(step.solution)].filter((name) => !before.has(name));
		const todo =
			starter(step)
				.match(/TODO: .*/g)
				?.join("\n") ?? "";
		expect(added.length).toBeGreaterThan(0);
		for (const name of added)
			expect(todo).not.toMatch(new RegExp(`${name}\\(|[A-Z]_`));
	},
);

// In Part two a step may put a few lines in the place of others: pivot_root in chroot's, a layer in a bind mount's.
test.each(steps)(
	"the solution of $id keeps the lines of the one before, but for three in Part two",
	(step) => {
		const before = steps[step.number - 2];
		if (!before) return expect(step.number).toBe(1);
		const lines = readFileSync(step.solution, "utf8").split("\n");
		const gone = readFileSync(before.solution, "utf8")
			.split("\n")
			.filter((line) => !/^import|^\t\w+,$|unshare\(/.test(line))
			.filter((line) => !lines.includes(line));
		const partOne = listParts()[0]?.steps.some(({ id }) => id === step.id);
		expect(gone.length).toBeLessThanOrEqual(partOne ? 0 : 3);
	},
);
