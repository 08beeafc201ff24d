import {
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HOME, listSteps, type Step } from "../steps/catalog.ts";
import { readText } from "../steps/files.ts";
import { listParts } from "../steps/parts.ts";
import { starter } from "../steps/starter.ts";
import { copyKit, execute, run } from "../testing/kit.ts";
import type { Results, StepResult } from "./results.ts";
import type { Subject } from "./subject.ts";
import { type Submission, type Submissions, textOf } from "./submission.ts";

const steps = listSteps();

interface Case {
	step: Step;
	what: string;
	fails?: string;
	remarked?: string;
	starred?: string;
	text: string;
}

const wrong: Case[] = [];
const right: Case[] = [];
for (const step of steps) {
	const solution = readText(step.solution);
	const file = join(HOME, "checks", `${step.id}.submissions.ts`);
	const submissions: Submissions = (await import(file)).default;
	const caseOf = ({
		fails,
		remarked,
		starred,
		...submission
	}: Submission): Case => ({
		step,
		what: submission.what,
		...(fails && { fails: `${step.number}.${fails}` }),
		...(starred && { starred: `${step.number}.${starred}` }),
		...(remarked && { remarked: `${step.number}.${remarked}` }),
		text: textOf(submission, solution),
	});
	wrong.push(...submissions.wrong.map(caseOf));
	right.push(...submissions.right.map(caseOf));
	right.push({ step, what: "the reference", text: solution });
}

test("there are at least 60 wrong ones and 20 right ones, over all steps, and no two are alike", () => {
	const others = right.filter(({ what }) => what !== "the reference");
	expect(wrong.length + steps.length).toBeGreaterThanOrEqual(60);
	expect(others.length).toBeGreaterThanOrEqual(20);
	for (const { number } of steps) {
		expect(wrong.some(({ step }) => step.number === number)).toBe(true);
		expect(others.some(({ step }) => step.number === number)).toBe(true);
	}
	const all = [...wrong, ...right];
	const texts = all.map(({ step, text }) => step.number + text);
	expect(new Set(texts).size).toBe(texts.length);
	for (const { step, text } of all) expect(text).not.toBe(starter(step));
});

test("a change that does not apply is an error", () => {
	const solution = readText(steps[0]?.solution ?? "");
	const change = (submission: Omit<Submission, "what">) => () =>
		textOf({ what: "it", ...submission }, solution);
	expect(change({ edit: { "execvp(command)": "no()" } })()).toContain("no()");
	expect(change({ edit: { "setns(0)": "" } })).toThrow("not exactly one setns");
	expect(change({ edit: { command: "" } })).toThrow("not exactly one command");
	expect(change({ run: "return 0;" })()).toMatch(
		/run\(.*\{\n\treturn 0;\n\}\n/,
	);
	expect(() => textOf({ what: "it", run: "" }, "nothing")).toThrow("has no");
});

/** One grader grades all submissions, side by side, in one copy of the kit. */
describe("graded", () => {
	const cleanUps: (() => unknown)[] = [];
	const kit = copyKit((cleanUp) => void cleanUps.push(cleanUp as () => void));
	const all = [...wrong, ...right];
	const chosen: Case[] = [];
	const matrix = {
		"wrong, failed": 0,
		"wrong, passed": 0,
		"right, passed": 0,
		"right, failed": 0,
	};
	let results: StepResult[] = [];
	const before: string[] = [];
	const after: string[] = [];

	// biome-ignore lint/correctness/noEmptyPattern: vitest wants a pattern here.
	beforeAll(async ({}, { tasks }) => {
		// `-t "step 5"` leaves out the tests of the others: then they are not graded, either.
		chosen.push(...all.filter((_, index) => tasks[index]?.mode === "run"));
		mkdirSync(join(kit, "submissions"));
		const subjects = chosen.map(({ step, text }, index): Subject => {
			const file = join(kit, "submissions", `${index}.ts`);
			writeFileSync(file, text);
			return { step: step.number, role: "step", file };
		});
		// A learner's kit has been used: what it consists of is compiled, and not anew in each sandbox.
		expect(await run("solution", ["1", "true"], { kit })).toMatchObject({
			status: 0,
		});
		before.push(...machine(kit));
		const { status, stdout, stderr } = await execute(
			[
				process.execPath,
				join(kit, "kit/launch.cjs"),
				"kit/testing/grade-submissions.ts",
			],
			{ cwd: kit, input: JSON.stringify(subjects) },
		);
		after.push(...machine(kit));
		expect([status, stderr]).toEqual([0, ""]);
		results = JSON.parse(stdout);
	}, 1_800_000);
	afterAll(() => {
		console.table(matrix);
		for (const cleanUp of cleanUps) cleanUp();
	});

	const resultOf = (it: Case) => results[chosen.indexOf(it)] as StepResult;

	/** What this machine can't do is remarked on the reference, too. */
	const remarksOfReference = ({ number }: Case["step"]) =>
		chosen
			.filter(
				({ what, step }) => what === "the reference" && step.number === number,
			)
			.flatMap((it) => resultOf(it).requirements)
			.filter(({ remark }) => remark)
			.map(({ id }) => id);

	test.for(wrong)(
		"step $step.number, wrong: $what: it fails the requirement it should, and none before it",
		(it) => {
			const { state, requirements } = resultOf(it);
			const first = requirements.find((one) => one.state === "failed");
			matrix[first ? "wrong, failed" : "wrong, passed"]++;
			expect(first?.id).toBe(it.fails);
			expect(state).toBe("failed");
			for (const part of [first?.seen, first?.why, first?.look])
				expect(part).toBeTruthy();
			const { id } = it.step;
			expect(first?.look).toMatch(new RegExp(`^steps/${id}/container\\.ts`));
		},
	);

	test.for(right)("step $step.number, right: $what: it passes", (it) => {
		const { state, requirements, extras } = resultOf(it);
		const failed = requirements.filter((one) => one.state !== "passed");
		matrix[failed.length > 0 ? "right, failed" : "right, passed"]++;
		expect(failed).toEqual([]);
		expect(state).toBe("passed");
		for (const { id, holds } of extras ?? [])
			if (it.what === "the reference" || it.starred)
				expect([id, holds]).toEqual([id, id === it.starred]);
		const remarked = requirements.filter(({ remark }) => remark);
		const usual = remarksOfReference(it.step);
		expect(
			remarked.map(({ id }) => id).filter((id) => !usual.includes(id)),
		).toEqual(it.remarked ? [it.remarked] : []);
	});

	// Other programs on this machine mount and unmount, too: removed things count only in the kit.
	test("the machine is unchanged", () => {
		const was = new Set(before);
		const is = new Set(after);
		expect(after.filter((it) => !was.has(it) && !isDockers(it))).toEqual([]);
		expect(before.filter((it) => it.startsWith(kit) && !is.has(it))).toEqual(
			[],
		);
	});
});

test("starters are not started, and a file that is missing is", async () => {
	const { stdout, status } = await run("check", ["--json"], { kit: copyKit() });
	const results: Results = JSON.parse(stdout);
	expect(results.steps.map(({ state }) => state)).toEqual(
		listParts()[0]?.steps.map(() => "not started"),
	);
	expect(status).toBe(1);
});

/** A container engine that works meanwhile makes its own mounts and cgroups. */
function isDockers(thing: string): boolean {
	return /\/docker\//.test(thing);
}

/** What a container could leave behind, a line for each thing. */
function machine(kit: string): string[] {
	return [
		`name ${hostname()}`,
		...readFileSync("/proc/self/mountinfo", "utf8").split("\n"),
		...emptyCgroups(),
		...readdirSync("/etc").map((name) => `/etc/${name}`),
		...readdirSync("/proc").filter(
			(pid) =>
				/^\d+$/.test(pid) && textAt(`/proc/${pid}/cmdline`).includes(kit),
		),
		...filesBelow(kit).map((path) => `${path} ${textAt(path)}`),
	];
}

/** All files of the kit, whatever its folders are called. The packages are behind a link: Node keeps compiled code there, and it is not the submissions'. */
function filesBelow(kit: string): string[] {
	return readdirSync(kit)
		.filter((name) => name !== "node_modules")
		.map((name) => join(kit, name))
		.flatMap((path) =>
			statSync(path).isDirectory()
				? readdirSync(path, { recursive: true, encoding: "utf8" }).map((name) =>
						join(path, name),
					)
				: [path],
		);
}

/** A sandbox may write to groups of this name alone. One that a container made is empty once its processes are gone. */
function emptyCgroups(): string[] {
	return readdirSync("/sys/fs/cgroup", { recursive: true, encoding: "utf8" })
		.filter((name) => /(^|\/)workshop.*\/cgroup\.procs$/.test(name))
		.map((name) => `/sys/fs/cgroup/${name}`)
		.filter((path) => textAt(path) === "");
}

function textAt(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return "";
	}
}
