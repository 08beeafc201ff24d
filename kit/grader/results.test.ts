import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readText } from "../steps/files.ts";
import { readPage } from "../steps/page.ts";
import { listParts } from "../steps/parts.ts";
import { copyKit, run } from "../testing/kit.ts";

const steps = listParts()[0]?.steps ?? [];

test("the first pass of a step says what was proved and what changed, and no later one does", {
	timeout: 90_000,
}, async () => {
	const kit = copyKit();
	const fileOf = (id: string) => join(kit, "steps", id, "container.ts");
	for (const { id, solution } of steps) copyFileSync(solution, fileOf(id));
	const first = (await run("check", [], { kit })).stdout;
	for (const { page } of steps) {
		const { proved } = readPage(page);
		expect(proved).not.toBe("");
		expect(first).toContain(`    proved  ${proved}\n`);
	}
	for (const changed of [
		"there is a container; it shares everything with the dev container",
		"UTS: own, and set by your code",
		"/proc: shared → none · root: shared → own · directory: shared → own",
		"mount: shared → own · /proc: none → own",
	])
		expect(first).toContain(`    changed ${changed}\n`);

	// Broken and mended, or only edited, it passes again, and that is no news.
	const file = fileOf(steps[0]?.id ?? "");
	const text = readFileSync(file, "utf8");
	writeFileSync(file, text.replace("return reexec", "await reexec"));
	expect((await run("check", ["1"], { kit })).stdout).toMatch(/^✘ 1 exec/);
	writeFileSync(file, `${text}\n`);
	const again = await run("check", ["1", "--json"], { kit });
	expect(JSON.parse(again.stdout).steps[0]).toMatchObject({ state: "passed" });
	expect(again.stdout).not.toContain("firstPass");
	expect((await run("check", [], { kit })).stdout).not.toMatch(
		/proved|changed/,
	);
});

test("the reference passes without news", async () => {
	const { stdout } = await run("check", ["1", "--solutions"]);
	expect(stdout).toMatch(/^✔ 1 exec/);
	expect(stdout).not.toMatch(/proved|changed/);
});

test("unshare in child passes step 2, and is told why run is the habit; the steps after it pass without a word", async () => {
	const kit = copyKit();
	for (const id of ["02-uts-namespace", "03-hostname"]) {
		const solution = readFileSync(
			join(kit, "solutions", id, "container.ts"),
			"utf8",
		);
		writeFileSync(
			join(kit, "steps", id, "container.ts"),
			solution
				.replace("\tunshare(CLONE_NEWUTS);\n", "")
				.replace("never {\n", "never {\n\tunshare(CLONE_NEWUTS);\n"),
		);
	}
	const { stdout } = await run("check", [], { kit });
	expect(stdout).toMatch(
		/^✔ 2 .*\n {4}✔ it has its own UTS namespace\n {8}note {4}steps\/02-uts-namespace\/container\.ts:\d+: the child moved itself, and that works/m,
	);
	expect(stdout).toMatch(/^✔ 3 hostname .*\n {4}proved/m);
});

test("--list names what is asked of a step, its own first, and runs nothing", async () => {
	const { WORKSHOP_SANDBOX, ...env } = process.env;
	const { status, stdout } = await run("check", ["3", "--list"], { env });
	expect(status).toBe(0);
	expect(stdout).toBe(`3 hostname
    the command runs
    it has its own name when the command starts
  still holds from step 1:
    the command still starts as it did in step 1
  still holds from step 2:
    it has its own UTS namespace
    the dev container keeps its name
  ★ each container has a different name
`);
	const all = (await run("check", ["--list"], { env })).stdout;
	for (const { number, name } of steps)
		expect(all).toMatch(
			new RegExp(`^${number} ${name}\\n    the command runs`, "m"),
		);
	expect((await run("check", ["--list", "--json"])).status).toBe(2);
});

test("--list has the titles that a grading tells", async () => {
	const { stdout } = await run("check", ["6", "--solutions", "--json"]);
	const told = JSON.parse(stdout).steps[0].requirements.map(
		({ title }: { title: string }) => title,
	);
	const listed = (await run("check", ["6", "--list"])).stdout
		.split("\n")
		.flatMap((line) => /^ {4}(.*)/.exec(line)?.[1] ?? []);
	expect(listed.toSorted()).toEqual(told.toSorted());
});

test("next passes over what is done already, and says so", {
	timeout: 90_000,
}, async () => {
	const kit = copyKit();
	const last = steps.at(-1)?.number ?? 0;
	for (const { id, number, solution } of steps)
		if (number !== 2)
			copyFileSync(solution, join(kit, "steps", id, "container.ts"));
	await run("check", [], { kit });
	const ending = async (step: string) =>
		(await run("check", [step], { kit })).stdout.split("\n").at(-2);
	expect(await ending("1")).toBe("next: npm run notes 2");
	expect(await ending("3")).toBe(
		`4 to ${last} are done already · next: npm run notes 2`,
	);
	expect(await ending(String(last - 1))).toBe(
		`${last} is done already · next: npm run notes 2`,
	);
	copyFileSync(
		steps[1]?.solution ?? "",
		join(kit, "steps", steps[1]?.id ?? "", "container.ts"),
	);
	expect(await ending("2")).toBe(
		`3 to ${last} are done already · next: npm run finish`,
	);
	expect(await ending(String(last))).toBe("next: npm run finish");
	// Edited since, it is not known to be done.
	const file = join(kit, "steps", steps[2]?.id ?? "", "container.ts");
	writeFileSync(file, `${readFileSync(file, "utf8")}\n`);
	expect(await ending("2")).toBe("next: npm run check 3");
});

test("a task of Go further gets a star, and none is needed to pass", async () => {
	const kit = copyKit();
	const file = join(kit, "steps/02-uts-namespace/container.ts");
	const solution = readText(steps[1]?.solution ?? "");
	writeFileSync(file, solution);
	const without = (await run("check", ["2"], { kit })).stdout;
	expect(without).toMatch(/^✔ 2 uts-namespace +5 of 5$/m);
	expect(without).toContain(
		'    ☆       not yet: it also has its own IPC namespace. It is for practice, in "Go further" of npm run notes 2\n',
	);
	// It is named once.
	expect((await run("check", ["2"], { kit })).stdout).not.toContain("IPC");

	writeFileSync(
		file,
		solution
			.replace("CLONE_NEWUTS,", "CLONE_NEWIPC, CLONE_NEWUTS,")
			.replace("(CLONE_NEWUTS)", "(CLONE_NEWUTS | CLONE_NEWIPC)"),
	);
	const starred = (await run("check", ["2"], { kit })).stdout;
	expect(starred).toMatch(
		/^✔ 2 uts-namespace +5 of 5\n {4}★ it also has its own IPC namespace$/m,
	);
	const json = (await run("check", ["2", "--json"], { kit })).stdout;
	expect(JSON.parse(json).steps[0].extras).toEqual([
		{
			id: "2.ipc",
			title: "it also has its own IPC namespace",
			holds: true,
		},
	]);
});
