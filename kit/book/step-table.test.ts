import { expect, test } from "vitest";
import { listSteps } from "../steps/catalog.ts";
import { listParts } from "../steps/parts.ts";
import { outdatedFiles } from "./generated.ts";
import { fillTable, newNames } from "./step-table.ts";

const linkTo = ({ id }: { id: string }) => `${id}.md`;
const HEAD = "| step | you add | and have |\n";

test("a table of steps has a line for each of them, with the names that its solution imports anew", () => {
	const text = fillTable(`before\n\n${HEAD}| old |\n\nafter\n`, linkTo);
	const lines = text.split("\n");
	expect(lines.slice(0, 4)).toEqual([
		"before",
		"",
		HEAD.trimEnd(),
		"| --- | --- | --- |",
	]);
	expect(lines.slice(-3)).toEqual(["", "after", ""]);
	const rows = lines.slice(4, -3);
	expect(rows).toHaveLength(listSteps().length);
	expect(rows[0]).toBe(
		"| [1 · exec](01-exec.md) | `execvp`, `reexec` | A process that becomes the command |",
	);
});

test("of two tables, the first has the steps of Part one and the second those after it", () => {
	const [one, ...others] = listParts();
	const [, first = "", second = ""] = fillTable(
		`${HEAD}\nand\n\n${HEAD}`,
		linkTo,
	).split(HEAD);
	const numbers = (text: string) =>
		[...text.matchAll(/^\| \[(\d+) /gm)].map(([, number]) => Number(number));
	expect(numbers(first)).toEqual(one?.steps.map(({ number }) => number));
	expect(numbers(second)).toEqual(
		others.flatMap(({ steps }) => steps.map(({ number }) => number)),
	);
	expect(numbers(second)).not.toEqual([]);
});

test("a step without a new function adds a flag", () => {
	for (const step of listSteps()) expect(newNames(step)).not.toEqual([]);
	expect(
		newNames(listSteps().find(({ name }) => name === "pid-namespace") as never),
	).toEqual(["CLONE_NEWPID"]);
});

test("aligned by a formatter, the table is found again", () => {
	const once = fillTable(HEAD, linkTo);
	expect(fillTable(once.replaceAll(" | ", "   | "), linkTo)).toBe(once);
	expect(fillTable(once, linkTo)).toBe(once);
	expect(fillTable("| step | other |\n", linkTo)).toBe("| step | other |\n");
});

test("what pages and README take from other files is as it is there: npm run pages", () => {
	expect(outdatedFiles().map(({ file }) => file)).toEqual([]);
});
