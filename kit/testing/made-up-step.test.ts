/**
 * A step is its own files: one is added to a copy of the kit by adding its files
 * alone, and every command of the kit knows it, and so do the kit's own tests.
 */

import {
	cpSync,
	existsSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listSteps } from "../steps/catalog.ts";
import { copyInto } from "../steps/copy.ts";
import { listParts } from "../steps/parts.ts";
import { execute, HOME, openTerminal, run, scriptWords } from "./kit.ts";
import {
	addMadeUpStep,
	FILES,
	ID,
	NAME,
	NUMBER,
	SOLUTION,
} from "./made-up-step.ts";

const kit = mkdtempSync(join(tmpdir(), "made-up-"));
const own = join(kit, `steps/${ID}/container.ts`);
const starter = FILES[`steps/${ID}/container.ts`] ?? "";
const type = (name: string, ...args: string[]) => run(name, args, { kit });

beforeAll(() => {
	copyInto(kit);
	addMadeUpStep(kit);
});
afterAll(() => rmSync(kit, { recursive: true, force: true }));

test("pages: the tables and diagrams that are made from the steps' files", async () => {
	expect(await type("pages")).toMatchObject({ status: 0 });
	const page = readFileSync(join(kit, `notes/${ID}.md`), "utf8");
	expect(page).toMatch(/^│ time .* own .*◀ new │$/m);
	expect(readFileSync(join(kit, "notes/00-start.md"), "utf8")).toContain(
		`| [${NUMBER} · ${NAME}](${ID}.md) | \`CLONE_NEWTIME\` | Clocks of its own |`,
	);
});

test("start, starters and validate", async () => {
	expect((await type("start")).stdout).toMatch(
		new RegExp(`○ ${NUMBER} ${NAME} +not started`),
	);
	// steps/README.md says of which version the starters are.
	expect((await type("starters", "--check")).stderr).toContain(
		"the solutions' starters: steps/README.md.",
	);
	await type("starters");
	expect(await type("starters", "--check")).toMatchObject({ status: 0 });
	expect((await type("validate", String(NUMBER))).stdout).toBe(
		`✔ ${NUMBER} ${NAME}\n`,
	);
});

test("step, solution, diff and reset", async () => {
	const show = ["readlink", "/proc/self/ns/time"];
	const outside = (await execute(show)).stdout;
	const inside = async (script: string) =>
		(await type(script, NAME, ...show)).stdout;
	expect(await inside("step")).toBe(outside);
	expect(await inside("solution")).not.toBe(outside);
	expect((await type("diff", String(NUMBER))).stdout).toContain(
		"+ \tunshare(CLONE_NEWTIME);",
	);
	writeFileSync(own, SOLUTION);
	expect(await inside("step")).not.toBe(outside);
	expect(await type("reset", ID)).toMatchObject({ status: 0 });
	expect(readFileSync(own, "utf8")).toBe(starter);
});

test("notes and hint", async () => {
	const page = (await type("notes", String(NUMBER))).stdout;
	expect(page).toContain("Clocks of its own");
	expect(page).toMatch(/time .* own/);
	expect((await type("notes", "--list")).stdout).toMatch(
		new RegExp(`${NUMBER} +Clocks of its own`),
	);
	expect((await type("hint", NAME)).stdout).toContain(
		"Which namespace holds clocks?",
	);
});

test("check, in all its forms", async () => {
	expect((await type("check", String(NUMBER))).stdout).toContain("not started");
	expect(await type("check", "--solutions", String(NUMBER))).toMatchObject({
		status: 0,
	});
	writeFileSync(own, SOLUTION.replace("\tunshare(CLONE_NEWTIME);\n", ""));
	const { status, stdout } = await type("check", String(NUMBER));
	expect(status).toBe(1);
	expect(stdout).toContain("it has its own time namespace");
	expect(stdout).toContain(`steps/${ID}/container.ts:`);

	writeFileSync(own, SOLUTION);
	const results = JSON.parse((await type("check", "--json")).stdout);
	const { requirements, state } = results.steps.at(-1);
	// Part one, and what is begun of what follows it.
	const partOne = listParts()[0]?.steps.length ?? 0;
	expect([results.of, state]).toEqual([partOne + 1, "passed"]);
	// Its own, and those of the steps before it that last.
	const ids = requirements.map(({ id }: { id: string }) => id);
	expect(ids).toEqual(
		expect.arrayContaining([
			`${NUMBER}.time`,
			`${NUMBER}.uts`,
			`${NUMBER}.pid`,
		]),
	);
});

test("watch", async () => {
	const watching = openTerminal(
		[...scriptWords("check", kit), "--watch", String(NUMBER)],
		{ cwd: kit },
	);
	await watching.sees(`${NUMBER} ${NAME}`);
	await watching.sees("watching", 30);
	watching.type("q");
	expect(await watching.ended).toBe(0);
});

test("look", async () => {
	const container = openTerminal([...scriptWords("solution", kit), NAME], {
		cwd: kit,
	});
	await container.sees(/[#$] $/);
	const { stdout } = await type("look", "--once");
	expect(stdout).toContain(NAME);
	expect(stdout).toMatch(/time .*own/);
	container.type("exit\n");
	expect(await container.ended).toBe(0);
});

test("book and doctor", async () => {
	const out = join(kit, "out");
	expect(await type("book", "--out", out)).toMatchObject({ status: 0 });
	expect(existsSync(join(out, `${ID}.html`))).toBe(true);
	// It has no terminal here, and says so; all else holds.
	expect((await type("doctor")).stdout).toContain("\n✔ a shell in it");
});

test("the kit's own tests, run in the copy", { timeout: 180_000 }, async () => {
	for (const file of ["vitest.config.ts", "tsconfig.json", "README.md"])
		cpSync(join(HOME, file), join(kit, file));
	await type("pages");
	await type("starters");
	const vitest = (...words: string[]) =>
		execute(
			[
				"npx",
				"vitest",
				"run",
				"--project=kit",
				"--project=machine",
				"--reporter=json",
				...words,
			],
			{ cwd: kit },
		);
	const report = (text: string) => JSON.parse(text.slice(text.indexOf("{")));
	const failures = (text: string) =>
		report(text).testResults.flatMap(
			({
				assertionResults,
			}: {
				assertionResults: { status: string; fullName: string }[];
			}) =>
				assertionResults
					.filter(({ status }) => status === "failed")
					.map(({ fullName }) => fullName),
		);

	// Those of the other steps are graded elsewhere.
	for (const { id } of listSteps())
		writeFileSync(
			join(kit, `checks/${id}.submissions.ts`),
			"export default { wrong: [], right: [] };\n",
		);
	const [all, graded, shown] = await Promise.all([
		vitest(
			"kit/testing/house.test.ts",
			"kit/steps/",
			"kit/book/pages.test.ts",
			"kit/book/step-table.test.ts",
			"kit/book/html.test.ts",
			"kit/grader/demands.test.ts",
		),
		vitest("kit/grader/submissions.test.ts", "-t", `step ${NUMBER}`),
		vitest("kit/book/transcripts.test.ts", "-t", ID),
	]);
	for (const { stdout } of [all, graded, shown])
		expect(failures(stdout)).toEqual([]);
	expect(all.stdout).toContain(ID);
	// One wrong, one right, and the reference.
	expect(report(graded.stdout).numPassedTests).toBe(3);
	// One transcript, and what `npm run step` suggests.
	expect(report(shown.stdout).numPassedTests).toBe(2);
});
