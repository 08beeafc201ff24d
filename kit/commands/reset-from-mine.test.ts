import {
	existsSync,
	mkdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Submissions } from "../grader/index.ts";
import { textOf } from "../grader/submission.ts";
import { HOME, listSteps, type Step } from "../steps/catalog.ts";
import { readText } from "../steps/files.ts";
import { starter } from "../steps/starter.ts";
import { copyKit, execute, run } from "../testing/kit.ts";

const steps = listSteps();
const later = steps.slice(1);

/** What --from-mine makes of each text, for a step, in one process in a copy of the kit. */
async function fromMine(number: number, mine: string[]): Promise<string[]> {
	const kit = copyKit();
	const script = `
		const { findStep } = require("./kit/steps/catalog.ts");
		const { starterFromMine } = require("./kit/steps/from-mine.ts");
		const { writeFileSync } = require("node:fs");
		const made = ${JSON.stringify(mine)}.map((text) => {
			writeFileSync(findStep("${number - 1}").file, text);
			return starterFromMine(findStep("${number}"));
		});
		console.log(JSON.stringify(made));`;
	const { stdout, stderr } = await execute(
		[process.execPath, "--require", "tsx/cjs", "-e", script],
		{ cwd: kit },
	);
	expect(stderr).toBe("");
	return JSON.parse(stdout);
}

const todosIn = (text: string): string[] =>
	text.match(/^.*\/\/ TODO: .*$/gm) ?? [];

test.each(later)(
	"$id: from the solution before it comes the starter",
	async (step) => {
		const before = readText(steps[step.number - 2]?.solution ?? "");
		expect(await fromMine(step.number, [before])).toEqual([starter(step)]);
	},
);

/** Those whose step before has submissions. */
const graded = later.filter(({ number }) =>
	existsSync(submissionsOf(steps[number - 2])),
);

function submissionsOf(step: Step | undefined): string {
	return join(HOME, "checks", `${step?.id}.submissions.ts`);
}

test.each(graded)(
	"$id: from every other right answer to the step before comes that answer, and the TODO above what follows it",
	async (step) => {
		const before = steps[step.number - 2];
		if (!before) throw new Error("there is no step before it");
		const submissions: Submissions = (await import(submissionsOf(before)))
			.default;
		const texts = submissions.right
			.filter(({ file }) => file === undefined)
			.map((it) => textOf(it, readText(before.solution)));
		const made = await fromMine(step.number, texts);
		for (const [index, text] of made.entries()) {
			const todos: string[] = todosIn(text);
			// An answer in another order has them in that order.
			expect(todos.toSorted()).toEqual(todosIn(starter(step)).toSorted());
			// A TODO may go on over further lines of comment.
			const had = readText(before.solution).split("\n");
			const added = starter(step)
				.split("\n")
				.filter((line) => !had.includes(line));
			const without = text
				.split("\n")
				.filter((line) => !added.includes(line))
				.join("\n");
			expect(without.replace(/\n\n+/g, "\n")).toBe(
				texts[index]?.replace(/\n\n+/g, "\n"),
			);
		}
	},
);

test("comments of the learner's stay, and the TODO of the step before is one no more", async () => {
	const mine = `import { CLONE_NEWUTS, execvp, reexec, unshare } from "#runtime";

export async function run(command: string[]) {
	// TODO: Give the child a new UTS namespace: a rename inside changes no name outside.
	unshare(CLONE_NEWUTS); // mine
	return reexec(command);
}

export function child(command: string[]): never {
	execvp(command);
}
`;
	const [made] = await fromMine(3, [mine]);
	expect(made).toContain(
		"\t// Give the child a new UTS namespace: a rename inside changes no name outside.\n\tunshare(CLONE_NEWUTS); // mine\n",
	);
	expect(made).toContain(
		`${todosIn(starter(steps[2] as (typeof steps)[0]))[0]}\n\n\texecvp(command);`,
	);
});

test("reset -- --from-mine: the starter is replaced, other work is kept, and where it can't be made nothing changes", async () => {
	const kit = copyKit();
	const file = (number: number, name = "container.ts") =>
		join(kit, "steps", steps[number - 1]?.id ?? "", name);
	const reset = (...args: string[]) => run("reset", args, { kit });
	expect(await reset("3", "--from-mine")).toMatchObject({
		status: 1,
		stderr: expect.stringMatching(/^Your own step 2 is not started: /),
	});
	expect(await reset("1", "--from-mine")).toMatchObject({
		status: 1,
		stderr: expect.stringMatching(/nothing of yours/),
	});

	const mine = readText(steps[1]?.solution ?? "").replace(
		"unshare(CLONE_NEWUTS)",
		"unshare( CLONE_NEWUTS )",
	);
	writeFileSync(file(2), mine);
	expect((await reset("3", "--from-mine")).stdout).toBe(
		"steps/03-hostname/container.ts is your step 2 with the TODO of step 3.\n",
	);
	expect(readFileSync(file(3), "utf8")).toContain("unshare( CLONE_NEWUTS )");
	expect(readFileSync(file(2), "utf8")).toBe(mine);

	writeFileSync(file(3), "mine, too");
	expect((await reset("3", "--from-mine")).stdout).toMatch(
		/ is your step 2 with .* Your file is kept as steps\/03-hostname\/container\.1\.ts\n$/,
	);
	expect(readFileSync(file(3, "container.1.ts"), "utf8")).toBe("mine, too");

	writeFileSync(file(2), "export const run = 1;\n");
	expect(await reset("3", "--from-mine")).toMatchObject({
		status: 1,
		stderr: expect.stringMatching(
			/has no place in your step 2.*npm run reset 3/,
		),
	});
	expect(readFileSync(file(3), "utf8")).toContain("unshare( CLONE_NEWUTS )");

	rmSync(join(kit, "steps", steps[2]?.id ?? ""), { recursive: true });
	writeFileSync(file(2), mine);
	expect((await reset("3", "--from-mine")).status).toBe(0);
	expect(readFileSync(file(3), "utf8")).toContain("TODO: ");
});

test("the first screen of a step says what its file holds, and where the learner's own is", async () => {
	const kit = copyKit();
	const words = async () => [
		(await run("start", [], { kit })).stdout.replace(/\s+/g, " "),
		(await run("notes", ["2"], { kit })).stdout.replace(/\s+/g, " "),
	];
	for (const text of await words()) expect(text).not.toContain("from-mine");
	mkdirSync(join(kit, "steps"), { recursive: true });
	writeFileSync(
		join(kit, "steps/01-exec/container.ts"),
		readText(steps[0]?.solution ?? ""),
	);
	await run("check", ["1"], { kit });
	for (const text of await words())
		expect(text).toMatch(
			/begins with the solution of step 1\. Your own is kept in steps\/01-exec\/container\.ts; to begin with it: npm run reset 2 -- --from-mine/,
		);
	writeFileSync(join(kit, "steps/02-uts-namespace/container.ts"), "begun");
	for (const text of await words()) expect(text).not.toContain("from-mine");
});
