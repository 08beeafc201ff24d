import { expect, test } from "vitest";
import "../fixtures/load.ts";
import { renderSections } from "../../book/html.ts";
import { checkOf } from "../../grader/list.ts";
import { listSteps } from "../../steps/catalog.ts";
import { NO_ISOLATION } from "../../steps/kinds.ts";
import { listMistakes, mistakeOf, readMistakes } from "./mistakes.ts";
import { requirementIds, titleOf } from "./titles.ts";

const wordsOf = (step: number) =>
	requirementIds()
		.filter((id) => id.startsWith(`${step}.`))
		.map((id) => id.replace(/^\d+\./, ""));

test("the instructor's page has a sentence on each requirement, in the section of the step that adds it", () => {
	// A new step may have none yet: then the board tells the requirement's title alone.
	const marked = new Set(listMistakes().map(({ step }) => step));
	expect(marked.size).toBeGreaterThan(12);
	const unsaid = listSteps()
		.filter(({ number }) => marked.has(number))
		.flatMap((step) =>
			checkOf(step)
				.requirements.filter(({ extra }) => !extra)
				.map(({ id }) => `${step.number}.${id}`)
				.filter((id) => mistakeOf(step.number, id)?.step !== step.number),
		);
	expect(unsaid).toEqual([]);
	const last = Math.max(...marked);
	const nothingSaid = requirementIds().filter(
		(id) => Number.parseInt(id, 10) <= last && !mistakeOf(last, id),
	);
	expect(nothingSaid).toEqual([]);
});

test("what the page marks is a requirement of that step, or of one that builds on it", () => {
	for (const { step, fails } of listMistakes())
		for (const word of fails) {
			const later = listSteps().filter(({ number }) => number >= step);
			expect([
				step,
				word,
				later.some(({ number }) => wordsOf(number).includes(word)),
			]).toEqual([step, word, true]);
		}
});

test("the nearest section counts, and of it the first mistake", () => {
	const page = `
## Step 1 · exec
- Not marked.
- A. <!-- fails: name root -->
- B. <!-- room --> <!-- fails: root -->
## Step 2 · other
- C. <!-- fails: name -->
## The end
- D. <!-- fails: name -->
`;
	expect(readMistakes(page)).toEqual([
		{ step: 1, fails: ["name", "root"], text: "A." },
		{ step: 1, fails: ["root"], text: "B." },
		{ step: 2, fails: ["name"], text: "C." },
	]);
});

test("readers of the page don't see the marks", () => {
	const html = renderSections(
		"- A mistake. <!-- fails: name -->\n",
		NO_ISOLATION,
	);
	expect(html.join("")).toContain("A mistake.</li>");
});

test("a requirement has the title that the grader tells, and one of another version its own ID", () => {
	expect(titleOf("4.directory")).toBe(
		"the command starts in / of the new root",
	);
	expect(titleOf("2.runs")).toBe("the command runs");
	expect(titleOf("2.exec")).toBe(
		"the command still starts as it did in step 1",
	);
	expect(titleOf("99.nothing")).toBe("99.nothing");
});
