import { stripVTControlCharacters } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { type StepResult, summarize } from "./results.ts";
import { stepText } from "./tell.ts";

const failed: StepResult = {
	number: 1,
	name: "exec",
	state: "failed",
	passed: 1,
	of: 4,
	requirements: [
		{ id: "1.runs", title: "it runs", state: "passed", duration: 1 },
		{
			id: "1.a",
			title: "it holds",
			state: "failed",
			seen: "two lines:\n  the second, which is too long for a narrow terminal",
			why: "of this",
			look: "there",
			duration: 1,
		},
		{
			id: "1.b",
			title: "it is seen",
			state: "unseen",
			seen: "its UTS namespace could not be read",
			duration: 1,
		},
		{ id: "1.c", title: "it ends", state: "unseen", duration: 1 },
	],
};

function linesAt(columns: number): string[] {
	const before = process.stdout.columns;
	process.stdout.columns = columns;
	onTestFinished(() => {
		process.stdout.columns = before;
	});
	return stripVTControlCharacters(stepText(failed)).split("\n").slice(1);
}

test("a diagnosis stands beside its names; what could not be seen says why", () => {
	expect(linesAt(0)).toEqual([
		"    ✘ it holds",
		"        seen    two lines:",
		"                  the second, which is too long for a narrow terminal",
		"        why     of this",
		"        look    there",
		"    ? it is seen",
		"        seen    its UTS namespace could not be read",
		"    1 more is checked when these hold, in further containers",
		"",
	]);
});

test("where the command does not run, nothing else is checked", () => {
	const [, broken, , waiting] = failed.requirements;
	const requirements = [broken, waiting].filter((it) => it !== undefined);
	const text = stripVTControlCharacters(stepText({ ...failed, requirements }));
	expect(text).toContain(
		"    the other 1 can't be checked until the command runs",
	);
});

test("a step that the machine was too busy for is no mistake, and is asked for again", () => {
	const unjudged = { ...failed, state: "unjudged" as const };
	const [line, ...below] = stripVTControlCharacters(stepText(unjudged)).split(
		"\n",
	);
	expect(line).toMatch(
		/^\? 1 exec +this machine was too busy to judge step 1$/,
	);
	expect(below).toEqual([""]);
	expect(summarize([unjudged], "step")).toMatchObject({
		done: 0,
		next: "npm run check 1",
	});
});

test("it is broken where the terminal ends", () => {
	const lines = linesAt(40);
	expect(lines.slice(1, 5)).toEqual([
		"        seen    two lines:",
		"                  the second, which is",
		"                  too long for a narrow",
		"                  terminal",
	]);
});
