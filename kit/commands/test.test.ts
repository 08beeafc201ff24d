import {
	appendFileSync,
	cpSync,
	mkdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listSteps } from "../steps/catalog.ts";
import { copyKit, execute, HOME, run, scriptWords } from "../testing/kit.ts";

/** A copy with the configuration of the type checker and the linter. */
function copyForTests(): string {
	const kit = copyKit();
	for (const name of [
		".gitignore",
		"biome.json",
		"tsconfig.json",
		"tsconfig.kit.json",
		"vitest.config.ts",
	])
		cpSync(join(HOME, name), join(kit, name));
	return kit;
}

/** The type checker and the linter compile and read the whole kit. */
const WHOLE_MS = 120_000;

test("npm test passes whatever the learner has written: solved, half-solved, broken, gone", {
	timeout: WHOLE_MS,
}, async () => {
	const kit = copyForTests();
	const [solved, begun, unformatted, broken, missing, folder] = listSteps().map(
		({ id }) => join(kit, "steps", id, "container.ts"),
	) as [string, string, string, string, string, string];
	const { solution } = listSteps()[0] ?? { solution: "" };
	cpSync(solution, solved);
	appendFileSync(begun, "const half: number = 'solved';\n");
	appendFileSync(unformatted, "\n\n   var   x =1 ; debugger\n");
	writeFileSync(broken, "export function run( {");
	rmSync(missing);
	rmSync(join(folder, ".."), { recursive: true });
	mkdirSync(join(kit, "steps/notes-of-mine"));
	writeFileSync(join(kit, "steps/notes-of-mine/some.test.ts"), "throw 1;\n");

	const { status, stdout, stderr } = await run(
		"test",
		["kit/steps", "reset", "some"],
		{
			kit,
		},
	);
	expect([status, status === 0 || stdout + stderr]).toEqual([0, true]);
	expect(stdout).toContain("starter.test.ts");
});

test("the type checker and the linter find nothing in a starter", {
	timeout: WHOLE_MS,
}, async () => {
	const kit = copyForTests();
	const settings = readFileSync(join(kit, "biome.json"), "utf8");
	writeFileSync(join(kit, "biome.json"), settings.replace(', "!steps"', ""));
	for (const words of [
		["typescript/bin/tsc"],
		["@biomejs/biome/bin/biome", "ci", "steps"],
	]) {
		const [program = "", ...args] = words;
		const path = join(kit, "node_modules", program);
		expect(
			await execute([process.execPath, path, ...args], { cwd: kit }),
		).toMatchObject({ status: 0 });
	}
});

const { WORKSHOP_SANDBOX, ...outside } = process.env;

test.each([
	["outside of a sandbox", [], outside, /not the dev container.*npm test/],
	[
		"without root",
		["setpriv", "--reuid=65534", "--clear-groups"],
		process.env,
		/not root.*npm test/,
	],
])("%s: one line that says what to type", async (_, wrapper, env, says) => {
	const { status, stdout, stderr } = await execute(
		[...wrapper, ...scriptWords("test")],
		{ cwd: HOME, env },
	);
	expect([status, stdout]).toEqual([125, ""]);
	expect(stderr).toMatch(says);
	expect(stderr).toMatch(/^.*\n$/);
});

test("without packages: one line that says what to type", async () => {
	const kit = copyKit();
	rmSync(join(kit, "node_modules"));
	const { status, stdout, stderr } = await run("test", [], { kit });
	expect([status, stdout]).toEqual([125, ""]);
	expect(stderr).toMatch(/^.*npm ci.*docker compose run --rm dev.*\n$/);
});
