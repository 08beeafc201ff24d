import {
	chmodSync,
	chownSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { copyInto } from "./steps/copy.ts";
import { copyKit, execute, HOME, type Outcome } from "./testing/kit.ts";

/** Turns off Node's own TypeScript: then tsx compiles, as on older versions. */
const NATIVE = "typescript" in process.features && process.features.typescript;
const WAYS: [string, string[]][] = [
	...(NATIVE ? [["Node itself", []] as [string, string[]]] : []),
	["tsx", NATIVE ? ["--no-strip-types"] : []],
];

/** Much is compiled anew, which takes time on a busy machine. */
const COLD_MS = 120_000;

describe.each(WAYS)("TypeScript run by %s", (way, flags) => {
	const launch = (
		kit: string,
		words: string[],
		variables: Record<string, string> = {},
	): Promise<Outcome> =>
		execute([process.execPath, ...flags, "kit/launch.cjs", ...words], {
			cwd: kit,
			env: { ...process.env, VITEST: undefined, ...variables },
		});
	const solution = (kit: string, ...command: string[]) =>
		launch(kit, ["solution", "6", ...command]);

	test("a container: its name, its status, its words", async () => {
		expect(
			await solution(HOME, "sh", "-c", "uname -n; echo two >&2; exit 3"),
		).toMatchObject({ status: 3, stdout: "container\n", stderr: "two\n" });
	});

	test.each([
		["const x: = 1;\n", "container.ts:1:10"],
		['import { unshar } from "#runtime";\n', "container.ts:1:10"],
		["throw new Error('mine');\n", "container.ts:1:7"],
		["export const run = 1 as number;\n", "must export a function run"],
	])("a container.ts that can't be used: %s", async (text, says) => {
		const kit = copyKit();
		writeFileSync(join(kit, "steps/01-exec/container.ts"), text);
		const { status, stdout, stderr } = await launch(kit, ["step", "1", "true"]);
		expect([status, stdout]).toEqual([125, ""]);
		expect(stderr).toContain(says);
		expect(stderr).not.toMatch(/^ +at /m);
	});

	test("each command but the steps' own begins", async () => {
		const { scripts } = JSON.parse(
			readFileSync(join(HOME, "package.json"), "utf8"),
		);
		for (const name of ["start", "notes", "hint", "diff"]) {
			const [, , ...words] = scripts[name].split(" ");
			const step = name === "start" ? [] : ["1"];
			const { status, stdout } = await launch(copyKit(), [...words, ...step]);
			expect([name, status]).toEqual([name, 0]);
			expect(stdout).not.toBe("");
		}
	});

	test("a run loads what it needs and nothing else of the kit", async () => {
		const kit = kitOf(way, [
			...["kit/commands/solution", "kit/run/supervise"],
			...["kit/host/requirements", "kit/host/rootfs", "kit/host/marker"],
			...["kit/steps/version", "kit/cli/terminal"],
			...["kit/steps/catalog", "kit/steps/request", "kit/steps/needs"],
			"kit/proc/confinement",
			"solutions/06-proc-mount/container",
		]);
		expect(await solution(kit, "hostname")).toMatchObject({
			status: 0,
			stdout: "container\n",
			stderr: "",
		});
	});

	test("the child role loads the runtime, the container.ts and little of the kit", async () => {
		const kit = kitOf(way, ["solutions/01-exec/container"]);
		expect(
			await launch(kit, ["child", "echo", "here"], {
				WORKSHOP_SUPERVISOR: String(process.pid),
				WORKSHOP_CONTAINER: join(kit, "solutions/01-exec/container.ts"),
			}),
		).toMatchObject({ status: 0, stdout: "here\n", stderr: "" });
	});

	test("where koffi's native part is not as expected, koffi finds it", async () => {
		const kit = copyKit();
		packages(kit, ["tsx", "esbuild", "@esbuild"]);
		// As npm nests two versions of a package.
		const koffi = join(kit, "node_modules/koffi");
		cpSync(join(HOME, "node_modules/koffi"), koffi, { recursive: true });
		cpSync(
			join(HOME, "node_modules/@koromix"),
			join(koffi, "node_modules/@koromix"),
			{ recursive: true },
		);
		expect(await solution(kit, "hostname")).toMatchObject({
			status: 0,
			stdout: "container\n",
			stderr: "",
		});
	});

	test("a cache that another user could write is not used", async () => {
		const temporary = mkdtempSync(join(tmpdir(), "tmp-"));
		onTestFinished(() => rmSync(temporary, { recursive: true }));
		const planted = join(temporary, `tsx-${process.geteuid?.()}`);
		mkdirSync(planted);
		const start = () => launch(HOME, ["start"], { TMPDIR: temporary });
		for (const [owner, mode] of [
			[65534, 0o755],
			[0, 0o777],
		] as const) {
			chownSync(planted, owner, 0);
			chmodSync(planted, mode);
			expect((await start()).status).toBe(0);
			expect(readdirSync(planted)).toEqual([]);
		}
		rmSync(planted, { recursive: true });
		await start();
		if (way === "tsx") expect(statSync(planted).mode & 0o777).toBe(0o700);
	});

	test.each(["a b", "50%", "käse", "it's"])(
		"in the folder %s, an error has its line",
		async (name) => {
			const kit = join(copyKit(), name);
			copyInto(kit);
			writeFileSync(
				join(kit, "steps/01-exec/container.ts"),
				"export async function run() {\n\tthrow new Error('mine');\n}\nexport const child = run;\n",
			);
			const { status, stderr } = await launch(kit, ["step", "1", "true"]);
			expect(stderr).toContain("container.ts:2:8");
			expect(status).toBe(125);
		},
	);

	test.each(["a#b", "a?b", "a*b", "a\\b"])(
		"the folder %s has to be moved",
		async (name) => {
			const kit = join(copyKit(), name);
			copyInto(kit);
			const { status, stderr } = await launch(kit, ["check", "1"]);
			expect(status).toBe(125);
			expect(stderr).toMatch(/has the character .*\nMove the folder/);
		},
	);

	test("npm start loads no YAML, no colours' wrapping, no koffi", async () => {
		const kit = copyKit();
		packages(kit, ["kleur", "diff", "tsx", "esbuild", "@esbuild"]);
		mkdirSync(join(kit, "node_modules/koffi"));
		const { status, stdout } = await launch(kit, ["start"]);
		expect([status, stdout]).toEqual([
			0,
			(await launch(copyKit(), ["start"])).stdout,
		]);
	});

	test("where no cache can be kept, nothing is said of it", {
		timeout: COLD_MS,
	}, async () => {
		const kit = copyKit();
		const cache = packages(kit);
		for (const make of [
			`mount -t tmpfs -o ro tmpfs ${cache}`,
			// So full that no file can be made, and then that none can be written.
			`mount -t tmpfs -o nr_inodes=1 tmpfs ${cache}`,
			`mount -t tmpfs -o size=4k tmpfs ${cache}; head -c 4k /dev/zero >${cache}/full`,
		]) {
			const script = `${make}; TMPDIR=${cache} exec "$@"`;
			for (let turn = 1; turn <= 2; turn++)
				expect(
					await execute(
						[
							...["unshare", "--mount", "sh", "-c", script, "sh"],
							...[process.execPath, ...flags, "kit/launch.cjs"],
							...["solution", "6", "hostname"],
						],
						{ cwd: kit },
					),
				).toMatchObject({ status: 0, stdout: "container\n", stderr: "" });
		}
	});

	test("several that fill the cache at once, and one that finds it broken", {
		timeout: COLD_MS,
	}, async () => {
		const kit = copyKit();
		const cache = packages(kit);
		const start = () =>
			launch(kit, ["solution", "6", "hostname"], {
				TMPDIR: cache,
			});
		const right = { status: 0, stdout: "container\n", stderr: "" };
		for (const outcome of await Promise.all([start(), start(), start()]))
			expect(outcome).toMatchObject(right);
		const files = readdirSync(cache, { recursive: true, encoding: "utf8" })
			.map((name) => join(cache, name))
			.filter((name) => statSync(name).isFile());
		expect(files.length).toBeGreaterThan(10);
		for (const file of files)
			writeFileSync(file, readFileSync(file).subarray(0, 100));
		expect(await start()).toMatchObject(right);
		for (const file of files) writeFileSync(file, "");
		expect(await start()).toMatchObject(right);
	});
});

test.each([
	["", 2, 'The kit has no command "". List its commands: npm run\n'],
	["stepp", 2, 'The kit has no command "stepp". List its commands: npm run\n'],
	["step.test", 2, 'The kit has no command "step.test". '],
	["-x", 2, 'The kit has no command "-x". '],
	["docker/stepp.ts", 2, "There is no file "],
	// A file is one of the kit's folder.
	["docker/engine.ts", 0, ""],
])("the word %j", async (word, status, says) => {
	const kit = copyKit();
	mkdirSync(join(kit, "docker"));
	writeFileSync(
		join(kit, "docker/engine.ts"),
		"export const main = () => 0;\n",
	);
	const outcome = await execute(
		[process.execPath, "kit/launch.cjs", word, "1"],
		{ cwd: kit },
	);
	expect(outcome).toMatchObject({ status, stdout: "" });
	expect(outcome.stderr).toContain(says);
	expect(outcome.stderr.split("\n").length).toBeLessThan(3);
});

test("each script of npm's is a word of the dispatcher's, and has a file of that name", () => {
	const { scripts } = JSON.parse(
		readFileSync(join(HOME, "package.json"), "utf8"),
	);
	const commands = Object.entries<string>(scripts).filter(([, line]) =>
		/^node kit\/launch\.cjs [^/]*$/.test(line),
	);
	expect(commands.length).toBeGreaterThan(10);
	for (const [name, line] of commands)
		expect(line).toBe(`node kit/launch.cjs ${name}`);
	const files = readdirSync(join(HOME, "kit/commands"))
		.filter((file) => !file.endsWith(".test.ts"))
		.map((file) => file.replace(".ts", ""));
	// Only reexec starts the child role.
	const words = [...commands.map(([name]) => name), "child"];
	expect(files.sort()).toEqual(words.sort());
});

// With tsx, many more modules are loaded.
if (NATIVE) {
	test("the child has Node load nothing for the network, processes or streams, and compiles nothing again", async () => {
		const kit = copyKit();
		const file = join(kit, "solutions/01-exec/container.ts");
		const text = readFileSync(file, "utf8");
		const lookAt = "process._rawDebug(process.moduleLoadList.join());";
		writeFileSync(file, text.replace("\texecvp", `\t${lookAt}\n\texecvp`));
		const start = () =>
			execute(
				[...[process.execPath, "kit/launch.cjs"], ...["solution", "1", "true"]],
				{ cwd: kit },
			);
		const { status, stderr } = await start();
		expect(status).toBe(0);
		expect(stderr).toContain("NativeModule module");
		expect(stderr).not.toMatch(
			/NativeModule (net|tty|stream|child_process|crypto|readline|fs\/promises|internal\/deps\/amaro)/,
		);
	});

	test("what the image's build has compiled is not compiled again", {
		timeout: COLD_MS,
	}, async () => {
		const kit = copyKit();
		const cache = packages(kit);
		mkdirSync(join(kit, "docker"));
		writeFileSync(
			join(kit, "docker/warm.ts"),
			readFileSync(join(HOME, "docker/warm.ts")),
		);
		const launch = (...words: string[]) =>
			execute([process.execPath, "kit/launch.cjs", ...words], { cwd: kit });
		const kept = () => readdirSync(cache, { recursive: true }).length;
		expect(await launch("docker/warm.ts")).toMatchObject({ status: 0 });
		const before = kept();
		expect(before).toBeGreaterThan(50);
		// It leaves nothing else behind.
		expect(readdirSync(join(kit, "steps"))).not.toContain(".hints.json");
		await launch("solution", "6", "true");
		await launch("solution", "6", "no-such-command");
		await launch("step", "1", "true");
		await launch("start");
		await launch("notes", "1");
		await launch("hint", "1");
		expect(kept()).toBe(before);
	});
}

/** What each run has to load: all of the runtime, and of the kit what the child role needs. */
const CHILD = [
	...["kit/commands/child", "kit/run/handover", "kit/run/load"],
	...["kit/run/role", "kit/run/failure", "kit/proc/procfs", "kit/proc/status"],
];

/** A kit with the child role's files and some others, and only the packages for system calls and TypeScript. */
function kitOf(way: string, others: string[]): string {
	const kit = mkdtempSync(join(tmpdir(), "kit-"));
	onTestFinished(() => rmSync(kit, { recursive: true, force: true }));
	// tsx does not report a missing import, so the kit does. And it can't load the words later.
	const more =
		way === "tsx"
			? [
					"kit/run/imports",
					"kit/run/report",
					"kit/host/advice",
					"kit/host/advice-part-two",
				]
			: [];
	const files = [...CHILD, ...others, ...more].map((name) => `${name}.ts`);
	for (const file of ["kit/launch.cjs", "package.json", ...files]) {
		mkdirSync(dirname(join(kit, file)), { recursive: true });
		cpSync(join(HOME, file), join(kit, file));
	}
	cpSync(join(HOME, "runtime"), join(kit, "runtime"), { recursive: true });
	packages(kit, ["koffi", "@koromix", "tsx", "esbuild", "@esbuild"]);
	return kit;
}

/** Gives a kit its own node_modules with some packages, by default all. Returns the path of its cache, which is empty. */
function packages(
	kit: string,
	names = readdirSync(join(HOME, "node_modules")),
): string {
	const own = join(kit, "node_modules");
	rmSync(own, { force: true });
	mkdirSync(own);
	for (const name of names)
		if (!name.startsWith("."))
			symlinkSync(join(HOME, "node_modules", name), join(own, name));
	const cache = join(own, ".cache");
	mkdirSync(cache);
	return cache;
}

/** Escape sequences could clear the screen, or print a line that is none of ours. */
test.each([
	...[
		"step",
		"check",
		"notes",
		"hint",
		"diff",
		"reset",
		"look",
		"book",
		"desk",
	],
	...["doctor", "join", "class", "image", "bench", "no\u009bsuch"],
])(
	"%j: wrong words are refused without their control characters",
	async (name) => {
		for (const words of [
			["x\u001b[2J\u009by\u202e"],
			["--", "--x\u001b[2J\u009by"],
		]) {
			const { status, stdout, stderr } = await execute(
				[process.execPath, "kit/launch.cjs", name, ...words],
				{ cwd: HOME },
			);
			expect(status).not.toBe(0);
			expect(stdout + stderr).not.toMatch(/(?![\n\t])\p{C}/u);
		}
	},
);
