import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, type onTestFinished, test } from "vitest";
import { copyKit, KIT, run } from "../../runtime/testing.ts";
import { listSteps } from "../../steps/catalog.ts";
import { starter } from "../../steps/starter.ts";
import type { Results } from "../results.ts";
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
	expect(machine(kit)).toEqual(before);
	expect(stderr).toBe("");
	const results: Results = JSON.parse(stdout);
	const [graded] = results.steps;
	expect(status === 0).toBe(graded?.state === "passed");
	return { states: graded?.requirements ?? [], status };
}

/** What a container could have left behind. */
function machine(kit: string) {
	return {
		name: hostname(),
		mounts: readFileSync("/proc/self/mountinfo", "utf8")
			.split("\n")
			.filter((line) => !line.includes("docker")),
		cgroups: directories("/sys/fs/cgroup"),
		files: readdirSync(kit, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile() && !entry.name.startsWith(".progress"))
			.map(
				({ parentPath, name }) =>
					`${parentPath}/${name} ${readFileSync(join(parentPath, name)).length}`,
			)
			.sort(),
		etc: readdirSync("/etc").sort(),
		processes: readdirSync("/proc").filter(
			(pid) => /^\d+$/.test(pid) && mentions(pid, kit),
		),
	};
}

function mentions(pid: string, kit: string): boolean {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(kit);
	} catch {
		return false;
	}
}

function directories(path: string): string[] {
	try {
		return readdirSync(path, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isDirectory())
			.map(({ parentPath, name }) => join(parentPath, name))
			.filter((name) => !name.includes("docker"));
	} catch {
		return [];
	}
}
