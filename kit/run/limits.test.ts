import { type ChildProcess, spawn } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmdirSync,
	rmSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { kitWithChange } from "../testing/changed.ts";
import { execute, HOME, run, scriptWords, until } from "../testing/kit.ts";

const IS_VERSION_2 = existsSync("/sys/fs/cgroup/cgroup.controllers");
const TREE = IS_VERSION_2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/pids";

const groups = () => readdirSync(TREE).filter((it) => /^workshop-\d/.test(it));

/** Groups whose supervisors have ended. */
const abandoned = () =>
	groups().filter((name) => !existsSync(`/proc/${name.split("-")[2]}`));

/** Others on the machine may run containers meanwhile: only those of a child of this test count. */
const groupOf = ({ pid }: ChildProcess) =>
	groups().find((name) => name.split("-")[2] === String(pid));

function start(...words: string[]): ChildProcess {
	const [node = "", ...line] = scriptWords("solution");
	const child = spawn(node, [...line, ...words], {
		cwd: HOME,
		stdio: "ignore",
	});
	onTestFinished(() => void child.kill("SIGKILL"));
	return child;
}

const gone = (child: ChildProcess) =>
	until(() => child.exitCode !== null || child.signalCode !== null);

test("the group is there while the container runs, and the supervisor is not in it", async () => {
	const child = start("10", "sleep", "60");
	await until(() => {
		const name = groupOf(child);
		return name !== undefined && members(name) === 1;
	});
	child.kill("SIGTERM");
	await gone(child);
	expect(groupOf(child)).toBeUndefined();
});

test("the next run removes what a killed supervisor has left", async () => {
	const child = start("10", "sleep", "60");
	await until(() => members(groupOf(child)) === 1);
	child.kill("SIGKILL");
	await gone(child);
	expect(groupOf(child)).toBeDefined();
	await run("solution", ["10", "true"]);
	expect(groupOf(child)).toBeUndefined();
});

test("it removes old groups of PID namespaces that are gone, and none that is new or has a member", async () => {
	const [old, recent, used] = ["1-old", "1-new", "1-used"].map((name) =>
		join(TREE, `workshop-1-${process.pid}${name}`),
	) as [string, string, string];
	const member = spawn("sleep", ["60"], { stdio: "ignore" });
	onTestFinished(async () => {
		member.kill("SIGKILL");
		await gone(member);
		for (const path of [old, recent, used])
			if (existsSync(path)) rmdirSync(path);
	});
	for (const path of [join(old, "container"), recent, used])
		mkdirSync(path, { recursive: true });
	writeFileSync(join(used, "cgroup.procs"), String(member.pid));
	for (const path of [old, used]) utimesSync(path, 0, 0);
	await run("solution", ["10", "true"]);
	expect([old, recent, used].map((path) => existsSync(path))).toEqual([
		false,
		true,
		true,
	]);
});

describe("whatever the run came to, no group is left", () => {
	test.each<[string, number, (text: string) => string]>([
		["it succeeds", 0, (text) => text],
		[
			"an error in run",
			125,
			(text) =>
				text.replace("\treturn reexec", "\tmkdir(CGROUP);\n\treturn reexec"),
		],
		[
			"an error in child",
			125,
			(text) => text.replace("\texecvp(", "\tmkdir('/proc/x');\n\texecvp("),
		],
		[
			"run ends the program",
			7,
			(text) =>
				text.replace("\treturn reexec", "\tprocess.exit(7);\n\treturn reexec"),
		],
		[
			"the child joins nothing, and the run fails later",
			125,
			(text) =>
				text
					.replace("\tjoinCgroup();\n", "")
					.replace(
						"return reexec(command)",
						"await reexec(command);\n\tthrow new Error()",
					),
		],
	])("%s", async (_, expected, edit) => {
		const before = abandoned();
		const kit = kitWithChange(10, edit);
		const { status, stderr } = await run("step", ["10", "true"], { kit });
		expect([status, stderr.includes("    at ")]).toEqual([expected, false]);
		expect(abandoned().filter((name) => !before.includes(name))).toEqual([]);
	});
});

test("a place that was prepared before is used as it is, and not removed", async () => {
	const folder = mkdtempSync(join(tmpdir(), "limits-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const place = join(folder, "group");
	const { status } = await run("solution", ["10", "true"], {
		env: { ...process.env, WORKSHOP_CGROUP: place },
	});
	expect(status).toBe(0);
	expect(existsSync(place)).toBe(true);
});

test("where no cgroup can be made, one line says so, and the container runs", async () => {
	const { status, stdout, stderr } = await execute(
		[
			...["unshare", "--mount", "sh", "-c"],
			'mount -t tmpfs -o ro none /sys/fs/cgroup; exec "$@"',
			...["sh", ...scriptWords("solution"), "10", "echo", "here"],
		],
		{ cwd: HOME },
	);
	expect([status, stdout]).toEqual([0, "here\n"]);
	expect(stderr).toMatch(
		/^The container has no limits, because no cgroup can be made here: .*npm run doctor\.\n$/,
	);
});

test("what the machine can't limit is told on a terminal, in one line", async () => {
	const { stdout } = await execute(
		[
			"script",
			"-qec",
			[...scriptWords("solution"), "10", "true"].join(" "),
			"/dev/null",
		],
		{ cwd: HOME },
	);
	const lines = stdout.split("\n").filter((line) => line.includes("can't set"));
	expect(lines).toHaveLength(IS_VERSION_2 ? 0 : 1);
	if (!IS_VERSION_2) expect(lines[0]).toContain("memory.max and cpu.max");
});

test("the steps before know nothing of cgroups", async () => {
	const kit = kitWithChange(9, (text) =>
		text.replace(
			"\texecvp(",
			"\tconsole.log(process.env.WORKSHOP_CGROUP);\n\texecvp(",
		),
	);
	expect(await run("step", ["9", "true"], { kit })).toMatchObject({
		status: 0,
		stdout: "undefined\n",
	});
});

function members(name: string | undefined): number {
	if (name === undefined) return 0;
	const text = readFileSync(join(TREE, name, "cgroup.procs"), "utf8");
	return text.split("\n").filter(Boolean).length;
}
