import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, type onTestFinished, test } from "vitest";
import { listSteps } from "../steps/catalog.ts";
import { starter } from "../steps/starter.ts";
import { copyKit, run } from "../testing/kit.ts";
import type { Results } from "./results.ts";
import {
	references,
	right,
	type Submission,
	textOf,
	wrong,
} from "./submissions.ts";

test("there are at least 60 wrong ones and 20 right ones, over all steps, and no two are alike", () => {
	expect(wrong.length + listSteps().length).toBeGreaterThanOrEqual(60);
	expect(right.length).toBeGreaterThanOrEqual(20);
	for (const { number } of listSteps()) {
		expect(wrong.some(({ step }) => step === number)).toBe(true);
		expect(right.some(({ step }) => step === number)).toBe(true);
	}
	const texts = [...wrong, ...right].map((it) => it.step + textOf(it));
	expect(new Set(texts).size).toBe(texts.length);
});

const matrix = {
	"wrong, failed": 0,
	"wrong, passed": 0,
	"right, passed": 0,
	"right, failed": 0,
};
afterAll(() => console.table(matrix));

describe.concurrent("wrong submissions fail the requirement they should, and none before it", () => {
	test.for(wrong)(
		"step $step: $what",
		async (submission, { expect, onTestFinished }) => {
			const { states } = await gradeUnchanged(submission, onTestFinished);
			const first = states.find(({ state }) => state === "failed");
			matrix[first ? "wrong, failed" : "wrong, passed"]++;
			expect(first?.id).toBe(submission.fails);
			for (const part of [first?.seen, first?.why, first?.look])
				expect(part).toBeTruthy();
			expect(first?.look).toMatch(/^steps\/0\d-[a-z-]+\/container\.ts/);
		},
	);
});

describe.concurrent("right submissions pass", () => {
	test.for([...right, ...references])(
		"step $step: $what",
		async (submission, { expect, onTestFinished }) => {
			const { states, status } = await gradeUnchanged(
				submission,
				onTestFinished,
			);
			const failed = states.filter(({ state }) => state !== "passed");
			matrix[failed.length > 0 ? "right, failed" : "right, passed"]++;
			expect(failed).toEqual([]);
			expect(status).toBe(0);
		},
	);
});

test("starters are not started, and a file that is missing is", async () => {
	const { stdout, status } = await run("check", ["--json"], { kit: copyKit() });
	const results: Results = JSON.parse(stdout);
	expect(results.steps.map(({ state }) => state)).toEqual(
		listSteps().map(() => "not started"),
	);
	expect(status).toBe(1);
});

/** Grades a submission, and sees to it that the machine is as it was. */
async function gradeUnchanged(
	submission: Submission,
	cleanUp: typeof onTestFinished,
) {
	const step = listSteps()[submission.step - 1];
	if (!step) throw new Error(`no step ${submission.step}`);
	const kit = copyKit(cleanUp);
	const file = join(kit, "steps", step.id, "container.ts");
	const text = textOf(submission);
	expect(text).not.toBe(starter(step));
	writeFileSync(file, text);

	const before = machine(kit);
	const begin = Date.now();
	const { stdout, stderr, status } = await run(
		"check",
		[String(step.number), "--json"],
		{ kit },
	);
	expect(Date.now() - begin).toBeLessThan(30_000);
	// Other programs on this machine mount and unmount, too: what is gone is not asked for, except in the kit.
	const now = machine(kit);
	expect(now.filter((it) => !before.includes(it) && !isDockers(it))).toEqual(
		[],
	);
	expect(
		before.filter((it) => it.startsWith(kit) && !now.includes(it)),
	).toEqual([]);
	expect(stderr).toBe("");
	const results: Results = JSON.parse(stdout);
	const [graded] = results.steps;
	expect(status === 0).toBe(graded?.state === "passed");
	return { states: graded?.requirements ?? [], status };
}

/** An engine that works meanwhile makes mounts and cgroups of its own. */
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
		// node_modules is a link: Node keeps compiled code there, and it is not the submission's.
		...["checks", "kit", "notes", "runtime", "solutions", "steps"].flatMap(
			(folder) =>
				readdirSync(join(kit, folder), { recursive: true, encoding: "utf8" })
					.filter((name) => !name.startsWith(".progress"))
					.map((name) => join(kit, folder, name))
					.map((path) => `${path} ${textAt(path)}`),
		),
	];
}

/** A cgroup that a container made is empty once its processes are gone; those of others come and go meanwhile. */
function emptyCgroups(): string[] {
	return readdirSync("/sys/fs/cgroup", { recursive: true, encoding: "utf8" })
		.filter((name) => name.endsWith("/cgroup.procs"))
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
