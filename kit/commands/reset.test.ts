import {
	chownSync,
	existsSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyKit, execute, run, scriptWords } from "../testing/kit.ts";

const FOLDER = "steps/03-hostname";

test("the starter is back, and what it replaced is kept, however often", async () => {
	const kit = copyKit();
	const file = join(kit, FOLDER, "container.ts");
	const starter = readFileSync(file, "utf8");
	for (const number of [1, 2]) {
		writeFileSync(file, `mine ${number}`);
		const { status, stdout } = await run("reset", ["hostname"], { kit });
		expect([status, stdout]).toEqual([
			0,
			`${FOLDER}/container.ts is the starter again. Your file is kept as ${FOLDER}/container.${number}.ts\n`,
		]);
		expect(readFileSync(file, "utf8")).toBe(starter);
		expect(
			readFileSync(join(kit, FOLDER, `container.${number}.ts`), "utf8"),
		).toBe(`mine ${number}`);
	}
	expect((await run("reset", ["3"], { kit })).stdout).toMatch(
		/is the starter already/,
	);
});

test("a file or a folder that is gone comes back", async () => {
	const kit = copyKit();
	rmSync(join(kit, FOLDER), { recursive: true });
	expect((await run("reset", ["3"], { kit })).status).toBe(0);
	expect(existsSync(join(kit, FOLDER, "container.ts"))).toBe(true);
});

test("the new file belongs to the folder's owner", async () => {
	const kit = copyKit();
	chownSync(join(kit, FOLDER), 1234, 1234);
	writeFileSync(join(kit, FOLDER, "container.ts"), "mine");
	await run("reset", ["3"], { kit });
	expect(statSync(join(kit, FOLDER, "container.ts")).uid).toBe(1234);
});

test("where nothing can be written, nothing is lost, and it says so", async () => {
	const kit = copyKit();
	const file = join(kit, FOLDER, "container.ts");
	writeFileSync(file, "mine");
	const script =
		'mount --bind -o ro "$1" "$1"; mount -o remount,bind,ro "$1"; shift; "$@"';
	const { status, stderr } = await execute(
		[
			"unshare",
			"--mount",
			"sh",
			"-c",
			script,
			"sh",
			join(kit, "steps"),
			...scriptWords("reset", kit),
			"3",
		],
		{ cwd: kit },
	);
	expect(status).toBe(1);
	expect(stderr).toMatch(/container\.ts was not changed: EROFS/);
	expect(readFileSync(file, "utf8")).toBe("mine");
});

test.each([[[]], [["77"]], [["1", "2"]]])("%j: status 2", async (args) => {
	expect((await run("reset", args)).status).toBe(2);
	expect((await run("diff", args)).status).toBe(2);
});

test("diff: yours and the reference, line by line", async () => {
	const kit = copyKit();
	expect((await run("diff", ["3"], { kit })).stdout).toMatch(
		/^- \t\/\/ TODO: .*\n\+ \t\/\/ .*\n\+ \tsethostname\("container"\);$/m,
	);
	writeFileSync(
		join(kit, FOLDER, "container.ts"),
		readFileSync(join(kit, "solutions/03-hostname/container.ts")),
	);
	expect((await run("diff", ["3"], { kit })).stdout).toMatch(
		/is identical to the reference/,
	);
});

test("a new step needs nothing but its own folders", async () => {
	const kit = copyKit();
	const text = readFileSync(
		join(kit, "solutions/06-proc-mount/container.ts"),
		"utf8",
	);
	for (const folder of ["steps", "solutions"]) {
		await execute(["mkdir", join(kit, folder, "99-more")]);
		writeFileSync(join(kit, folder, "99-more/container.ts"), text);
	}
	expect((await run("start", [], { kit })).stdout).toMatch(/99 more/);
	expect((await run("step", ["more", "hostname"], { kit })).stdout).toBe(
		"container\n",
	);
	expect((await run("reset", ["99"], { kit })).status).toBe(0);
});
