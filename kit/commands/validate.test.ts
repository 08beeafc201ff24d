import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listSteps } from "../steps/catalog.ts";
import { copyKit, run } from "../testing/kit.ts";

const [first, second, third, fourth, fifth] = listSteps();
const next = listSteps().length + 1;
const id = `${String(next).padStart(2, "0")}-made-up`;

test("the kit's own steps lack nothing", async () => {
	const { status, stdout } = await run("validate", [], { kit: copyKit() });
	expect(stdout).toBe(
		[
			...listSteps().map(({ number, name }) => `✔ ${number} ${name}\n`),
			"✔ the steps together\n",
		].join(""),
	);
	expect(status).toBe(0);
});

test("of a step that new-step laid out, it names the lines that are to be written, and what they will mend", async () => {
	const kit = copyKit();
	await run("new-step", ["made-up"], { kit });
	const { status, stdout } = await run("validate", [String(next)], { kit });
	expect(status).toBe(1);
	const [head, ...sentences] = stdout.trimEnd().split("\n");
	expect(head).toBe(`✘ ${next} made-up`);
	const others = sentences.filter(
		(it) => !it.includes(" still has to be written: "),
	);
	expect(others).toEqual([
		expect.stringMatching(/^ {2}solutions\/.* adds no code to solutions\//),
	]);
	const named = new Set(sentences.map((it) => it.trim().split(":")[0]));
	for (const file of [
		`solutions/${id}/container.ts`,
		`steps/${id}/container.ts`,
		`notes/${id}.md`,
		`notes/${id}.hints.md`,
		`checks/${id}.check.ts`,
		`checks/${id}.submissions.ts`,
	])
		expect(named).toContain(file);
});

test("it says of each step what it lacks, in a sentence for each thing", async () => {
	const kit = copyKit();
	const edit = (file: string, change: (text: string) => string) =>
		writeFileSync(
			join(kit, file),
			change(readFileSync(join(kit, file), "utf8")),
		);
	for (const file of [
		`steps/${first?.id}/container.ts`,
		`notes/${first?.id}.md`,
		`notes/${first?.id}.hints.md`,
		`checks/${first?.id}.check.ts`,
		`checks/${first?.id}.submissions.ts`,
	])
		rmSync(join(kit, file));
	writeFileSync(join(kit, `notes/${second?.id}.md`), "A page.\n");
	edit(`notes/${second?.id}.hints.md`, (text) =>
		text.replace(/^2\.[\s\S]*/m, ""),
	);
	edit(`notes/${third?.id}.md`, (text) =>
		text.replace(/^title:.*/m, "isolates: [weather]"),
	);
	writeFileSync(
		join(kit, `checks/${fourth?.id}.check.ts`),
		"export default { requirements: [] };\n",
	);
	writeFileSync(
		join(kit, `checks/${fourth?.id}.submissions.ts`),
		"export default { wrong: [], right: [] };\n",
	);
	edit(`steps/${fifth?.id}/container.ts`, (text) => `${text}// mine\n`);
	edit(`checks/${fifth?.id}.submissions.ts`, (text) =>
		text.replace('fails: "end"', 'fails: "weather"'),
	);
	writeFileSync(join(kit, "notes/77-nobody.md"), "");

	const { status, stdout } = await run("validate", [], { kit });
	expect(status).toBe(1);
	for (const sentence of [
		`steps/${first?.id}/container.ts is missing: the starter, which npm run starters writes.`,
		`notes/${first?.id}.md is missing: the page.`,
		`notes/${first?.id}.hints.md is missing: the hints.`,
		`checks/${first?.id}.check.ts is missing: what the step must establish.`,
		`checks/${first?.id}.submissions.ts is missing: the wrong and right submissions.`,
		`notes/${second?.id}.md has no title in its front matter.`,
		`notes/${second?.id}.md has no goal in its front matter.`,
		`notes/${second?.id}.md does not say how many minutes it takes.`,
		`notes/${second?.id}.md names no call in its front matter.`,
		`notes/${second?.id}.md does not say what a passed check has proved.`,
		`notes/${second?.id}.md has fewer than two commands to try.`,
		`notes/${second?.id}.md has no section.`,
		`notes/${second?.id}.hints.md has 1 of at least three hints.`,
		/The front matter of .* names "weather", which is not a kind of isolation/,
		`checks/${fourth?.id}.check.ts has no requirement of the step.`,
		`checks/${fourth?.id}.submissions.ts has no wrong submission.`,
		`checks/${fourth?.id}.submissions.ts has no right submission.`,
		`steps/${fifth?.id}/container.ts is not the starter of this solution. Write it with: npm run starters`,
		/says that ".*" fails weather, which is not a requirement of this step\./,
		"notes/77-nobody.md belongs to no step: no solution has that name.",
	])
		expect(stdout).toMatch(
			typeof sentence === "string"
				? new RegExp(`^  ${sentence.replace(/[.?*()[\]]/g, "\\$&")}$`, "m")
				: sentence,
		);
});

test("it names a gap in the numbers, and a table that is not up to date", async () => {
	const kit = copyKit();
	rmSync(join(kit, `solutions/${second?.id}`), { recursive: true });
	writeFileSync(join(kit, "README.md"), "| step | you add | and have |\n");
	const { status, stdout } = await run("validate", [], { kit });
	expect(status).toBe(1);
	expect(stdout).toContain(
		`solutions/${third?.id} should be step 2: the numbers begin with 1 and have no gap.`,
	);
	expect(stdout).toContain(
		`steps/${second?.id} belongs to no step: no solution has that name.`,
	);
	expect(stdout).toContain(
		"README.md has a table, a diagram or code that is not up to date. Update it with: npm run pages",
	);
});

test.each([
	[["1", "2"], /Name one step, or none for all steps/],
	[["nobody"], /There is no step "nobody"/],
	[["--fast"], /Unknown option '--fast'/],
])("%j is wrong usage", async (words, says) => {
	const { status, stdout, stderr } = await run("validate", words);
	expect([status, stdout]).toEqual([2, ""]);
	expect(stderr).toMatch(says);
});
