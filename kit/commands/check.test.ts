import { spawn } from "node:child_process";
import {
	copyFileSync,
	cpSync,
	mkdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, onTestFinished, test } from "vitest";
import { listSteps } from "../steps/catalog.ts";
import { listParts } from "../steps/parts.ts";
import { kitWithChange } from "../testing/changed.ts";
import {
	copyKit,
	execute,
	HOME,
	run,
	scriptWords,
	until,
} from "../testing/kit.ts";

const schema = JSON.parse(
	readFileSync(join(HOME, "kit/grader/results.schema.json"), "utf8"),
);
const validate = new Ajv().compile(schema);

const steps = listSteps();
const partOne = listParts()[0]?.steps ?? [];

/** A kit in which the first steps are solved. */
function kitWith(solved: number): string {
	const kit = copyKit();
	for (const { number, id } of steps)
		if (number <= solved)
			copyFileSync(
				join(kit, "solutions", id, "container.ts"),
				join(kit, "steps", id, "container.ts"),
			);
	return kit;
}
const fileOf = (kit: string, step: number) =>
	join(kit, "steps", steps[step - 1]?.id ?? "", "container.ts");

test("the reference passes, all of it", { timeout: 240_000 }, async () => {
	const { status, stdout, stderr } = await run("check", ["--solutions"]);
	expect([status, stderr]).toEqual([0, ""]);
	for (const { number, name } of steps)
		expect(stdout).toMatch(
			new RegExp(`^✔ ${number} ${name} +(\\d+) of \\1$`, "m"),
		);
	expect(stdout).toMatch(
		new RegExp(
			`^${steps.length} of ${steps.length} done · next: npm start$`,
			"m",
		),
	);
});

test("starters are not started: status 1, and the next thing to type", async () => {
	const { status, stdout } = await run("check", [], { kit: copyKit() });
	expect(status).toBe(1);
	for (const { number, name } of partOne)
		expect(stdout).toMatch(
			new RegExp(`^○ ${number} ${name} +not started$`, "m"),
		);
	expect(stdout).toContain(`0 of ${partOne.length} done`);
	expect(stdout).toMatch(/next: npm run notes 1\n$/);
});

test("a requirement that does not hold: what was expected, seen, why, where, and what to type", async () => {
	const kit = kitWith(4);
	const file = fileOf(kit, 4);
	const text = readFileSync(file, "utf8").replace('chdir("/");', "");
	writeFileSync(file, text);
	const line =
		text.split("\n").findIndex((it) => it.includes("chroot(ROOTFS)")) + 1;
	const { status, stdout } = await run("check", ["4"], { kit });
	expect(status).toBe(1);
	expect(stdout).toMatch(/✘ 4 chroot +\d of 9/);
	const [expected, seen, why, look] = stdout.split("\n").slice(1);
	expect(expected).toBe("    ✘ the command starts in / of the new root");
	expect(seen).toContain(
		`its working directory is ${kit}, outside the root file system`,
	);
	expect(why).toContain("and not the working directory");
	expect(look).toContain(
		`steps/04-chroot/container.ts:${line}: chdir("/") after chroot(ROOTFS)`,
	);
	expect(stdout).toMatch(/next: npm run hint 4\n$/);
	expect(stdout).not.toMatch(/vitest|node_modules|AssertionError/);
});

test("a mount namespace that comes after the mounts: the line that comes too late", async () => {
	const kit = kitWithChange(6, (text) =>
		text
			.replace(" | CLONE_NEWNS", "")
			.replace(
				"\texecvp(command);",
				"\tunshare(CLONE_NEWNS);\n\texecvp(command);",
			),
	);
	const { stdout } = await run("check", ["6"], { kit });
	const line = readFileSync(fileOf(kit, 6), "utf8")
		.split("\n")
		.indexOf("\tunshare(CLONE_NEWNS);");
	expect(stdout).toContain(
		`container.ts:${line + 1}: CLONE_NEWNS in the unshare(…) of run(), before anything is mounted`,
	);
});

test("a crash in the learner's code shows their line, and no stack of ours", async () => {
	const kit = kitWith(2);
	writeFileSync(
		fileOf(kit, 2),
		readFileSync(fileOf(kit, 2), "utf8").replace(
			"return reexec",
			"null.x;\n\treturn reexec",
		),
	);
	const { status, stdout } = await run("check", ["2"], { kit });
	expect(status).toBe(1);
	expect(stdout).toMatch(/steps\/02-uts-namespace\/container\.ts:9:7/);
	expect(stdout).toMatch(/TypeError: Cannot read properties of null/);
	expect(stdout).toMatch(/the other 4 can't be checked until the command runs/);
	expect(stdout).not.toMatch(/\n\s+at /);
});

test("the learner's own error is shown after any amount of output, and forges nothing on the terminal", async () => {
	const kit = kitWith(1);
	writeFileSync(
		fileOf(kit, 1),
		readFileSync(fileOf(kit, 1), "utf8").replace(
			"return reexec",
			`for (let line = 0; line < 2000; line++) console.error("\\x1b[2J✔ line", line);
	missing();
	return reexec`,
		),
	);
	const { stdout } = await run("check", ["1"], { kit });
	expect(stdout).toMatch(/ReferenceError: missing is not defined/);
	expect(stdout.split("\n").length).toBeLessThan(25);
	expect(stdout).not.toContain("\u001b");
	expect(stdout).not.toMatch(/\(ready|[0-9a-f]{12}/);
});

test("a container.ts that is no file is looked at, and not read", async () => {
	const kit = kitWith(0);
	for (const step of [1, 2, 3]) rmSync(fileOf(kit, step));
	mkdirSync(fileOf(kit, 1));
	await execute(["mkfifo", fileOf(kit, 2)]);
	symlinkSync("/dev/zero", fileOf(kit, 3));
	const { stdout } = await run("check", ["--json"], { kit });
	expect(
		JSON.parse(stdout).steps.map(({ state }: { state: string }) => state),
	).toEqual(partOne.map((_, index) => (index < 3 ? "missing" : "not started")));
	expect((await run("start", [], { kit })).status).toBe(0);
});

test("--json is the documented object, whatever the state", async () => {
	const kit = kitWith(3);
	writeFileSync(
		fileOf(kit, 3),
		readFileSync(fileOf(kit, 3), "utf8").replace("sethostname(", "void ("),
	);
	writeFileSync(fileOf(kit, 2), "throw 1;\n");
	rmSync(fileOf(kit, 4));
	const { status, stdout } = await run("check", ["--json"], { kit });
	const results = JSON.parse(stdout);
	expect(validate(results), JSON.stringify(validate.errors)).toBe(true);
	expect(results.steps.map(({ state }: { state: string }) => state)).toEqual([
		"passed",
		"failed",
		"failed",
		"missing",
		...partOne.slice(4).map(() => "not started"),
	]);
	expect(results).toMatchObject({
		done: 1,
		of: partOne.length,
		next: "npm run hint 2",
	});
	expect(status).toBe(1);
	expect(validate({ ...results, steps: [{}] })).toBe(false);
});

test("a renamed dev container is reported, though the grader names it again", async () => {
	const kit = kitWith(3);
	const file = fileOf(kit, 3);
	const text = readFileSync(file, "utf8");
	writeFileSync(file, text.replace("\tunshare(CLONE_NEWUTS);\n", ""));
	const { stdout } = await run("check", ["--json", "3"], { kit });
	const [step] = JSON.parse(stdout).steps;
	expect(step.requirements).toContainEqual(
		expect.objectContaining({
			id: "3.outer-name",
			state: "failed",
			seen: expect.stringContaining('is called "container" now'),
		}),
	);
});

test("npm start shows the progress without running anything; an edit makes the step open again", async () => {
	const kit = kitWith(1);
	await run("check", [], { kit });
	expect((await run("start", [], { kit })).stdout).toMatch(
		/✔ 1 exec +done.*○ 2 uts-namespace +not started.*Next: step 2/s,
	);
	writeFileSync(fileOf(kit, 1), `${readFileSync(fileOf(kit, 1), "utf8")}\n`);
	expect((await run("start", [], { kit })).stdout).toMatch(/◐ 1 exec +begun/);
});

test.each([
	[["77"], 2, /There is no step "77"/],
	[["1", "2"], 2, /Name one step, or none for all steps/],
	[["--json", "--watch"], 2, /--watch and --json can.t be combined/],
	[["--fast"], 2, /Unknown option '--fast'/],
])("%j: status %i", async (args, expected, says) => {
	const { status, stderr, stdout } = await run("check", args);
	expect([status, stdout]).toEqual([expected, ""]);
	expect(stderr).toMatch(says);
});

test("where nothing can be graded: the doctor's words, status 125", async () => {
	const words = [...scriptWords("check"), "--solutions", "1"];
	const { WORKSHOP_SANDBOX, ...env } = process.env;
	expect(await execute(words, { cwd: HOME, env })).toMatchObject({
		status: 125,
		stderr: expect.stringMatching(/not the dev container/),
	});
	expect(
		await execute(["setpriv", "--bounding-set=-sys_admin", ...words], {
			cwd: HOME,
		}),
	).toMatchObject({
		status: 125,
		stderr: expect.stringMatching(/--cap-add=SYS_ADMIN/),
	});
	// Without util-linux in PATH the sandbox can't be made, and no other process is taken for it.
	const groups = readFileSync("/proc/1/cgroup", "utf8");
	expect(
		await execute(words, {
			cwd: HOME,
			env: { ...process.env, PATH: "/nowhere" },
		}),
	).toMatchObject({
		status: 125,
		stderr: expect.stringMatching(/can't make its sandbox.*npm run doctor/s),
	});
	expect(readFileSync("/proc/1/cgroup", "utf8")).toBe(groups);
});

test("a missing check file is reported with its path, and an unreadable one with its error", async () => {
	const kit = kitWith(3);
	const check = join(kit, "checks/02-uts-namespace.check.ts");
	writeFileSync(check, "syn tax\n");
	expect(await run("check", ["3"], { kit })).toMatchObject({
		status: 125,
		stdout: "",
		stderr: expect.stringMatching(
			/^The grader itself failed\. This is not your mistake:\nchecks\/02-uts-namespace\.check\.ts: .*syn tax/s,
		),
	});
	// An error in the judging of several requirements is told once, and fails none of them.
	const sound = readFileSync(
		join(HOME, "checks/02-uts-namespace.check.ts"),
		"utf8",
	);
	const unsound = "async judge(seen) {\n\t\t\t\tnothing.of.that();";
	writeFileSync(
		check,
		sound.replaceAll("async judge(seen) {", () => unsound),
	);
	const faulty = await run("check", ["3"], { kit });
	expect(faulty).toMatchObject({ status: 125, stdout: "" });
	expect(faulty.stderr).toMatch(
		/^The grader itself failed\. This is not your mistake:\nnothing is not defined\n?$/,
	);
	rmSync(check);
	expect(await run("check", ["3"], { kit })).toMatchObject({
		status: 125,
		stdout: "",
		stderr: expect.stringMatching(
			/^Step 3 can't be graded: the check of step 2 is missing, checks\/02-uts-namespace\.check\.ts\.\n.*git checkout -- checks/,
		),
	});
	// A check file of a later step is not needed.
	expect((await run("check", ["1"], { kit })).status).toBe(0);
});

test("--watch grades at each save, and q leaves", async () => {
	const kit = kitWith(0);
	const [program = "", ...words] = scriptWords("check", kit);
	const watcher = spawn(program, [...words, "--watch"], {
		cwd: kit,
		stdio: "pipe",
	});
	onTestFinished(() => void watcher.kill("SIGKILL"));
	const ended = new Promise((resolve) => watcher.on("close", resolve));
	let seen = "";
	watcher.stdout.on("data", (text) => {
		seen += text;
	});
	await until(() => seen.includes("watching"));
	const file = fileOf(kit, 1);
	copyFileSync(join(kit, "solutions/01-exec/container.ts"), file);
	await until(() => /✔ 1 exec +12 of 12/.test(seen));
	writeFileSync(
		file,
		readFileSync(file, "utf8").replace("return reexec", "reexec"),
	);
	await until(() => /✘ 1 exec/.test(seen));
	// Replace the file, as many editors do.
	rmSync(file);
	copyFileSync(join(kit, "solutions/01-exec/container.ts"), file);
	await until(
		() => seen.lastIndexOf("✔ 1 exec") > seen.lastIndexOf("✘ 1 exec"),
	);
	watcher.stdin.write("q");
	expect(await ended).toBe(0);
});

// Where tsx compiles, it keeps a cache of its own.
if ("typescript" in process.features && process.features.typescript)
	test("what the supervisor compiles in the sandbox, its child does not compile again", async () => {
		const kit = kitWith(1);
		const file = fileOf(kit, 1);
		writeFileSync(
			file,
			readFileSync(file, "utf8").replace(
				"\texecvp",
				'\tif (process.moduleLoadList.some((name) => name.includes("amaro"))) throw new Error("compiled again");\n\texecvp',
			),
		);
		const { stdout } = await run("check", ["1"], { kit });
		expect(stdout).toMatch(/^✔ 1 exec/m);
	});

test("an editor's test view runs the checks of the steps, and shows the words", async () => {
	const kit = kitWith(1);
	const config = "vitest.config.ts";
	cpSync(join(HOME, config), join(kit, config));
	const { status, stdout } = await execute(
		[
			...[process.execPath, "node_modules/vitest/vitest.mjs", "run"],
			...["--project", "checks", "--reporter=json", "checks/01", "checks/02"],
		],
		{ cwd: kit },
	);
	expect(status).toBe(1);
	const { testResults } = JSON.parse(stdout);
	const [exec, utsNamespace] = ["01-exec", "02-uts"].map(
		(name) =>
			testResults.find((it: { name: string }) => it.name.includes(name))
				.assertionResults as { status: string; failureMessages: string[] }[],
	);
	expect(exec?.map((it) => it.status)).toEqual(exec?.map(() => "passed"));
	const words = utsNamespace?.flatMap((it) => it.failureMessages);
	expect(words?.length).toBeGreaterThan(0);
	for (const word of words ?? []) {
		expect(word).toMatch(
			/^seen {2}.*\nwhy {3}.*\nlook {2}steps\/02-uts-namespace\/container\.ts/s,
		);
		expect(word).not.toMatch(/\n\s+at /);
	}
});
