/** The kit in other kinds of checkouts than a contributor's. */

import {
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
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { listSteps } from "./steps/catalog.ts";
import { copyInto } from "./steps/copy.ts";
import { copyKit, execute, run, scriptWords } from "./testing/kit.ts";

const COUNT = listSteps().length;
/** The step to solve: one step stands for all. */
const STEP = listSteps()[0] ?? { id: "", number: 0 };

/** A copy compiles much anew. */
const COLD_MS = 120_000;

/** Solves a step in a copy, starts it, grades it and resets it. */
async function useKit(kit: string): Promise<void> {
	const command = (name: string, ...args: string[]) => run(name, args, { kit });
	const start = await command("start");
	expect(start.stdout.match(/○ .* not started$/gm)).toHaveLength(COUNT);

	const file = join(kit, "steps", STEP.id, "container.ts");
	const solution = readFileSync(
		join(kit, "solutions", STEP.id, "container.ts"),
	);
	writeFileSync(file, solution);
	const number = String(STEP.number);
	expect(await command("step", number, "echo", "here")).toMatchObject({
		status: 0,
		stdout: "here\n",
		stderr: "",
	});
	const check = await command("check", number);
	expect([check.status, check.stdout]).toEqual([
		0,
		expect.stringMatching(new RegExp(`^✔ ${number} `, "m")),
	]);
	expect((await command("start")).stdout).toMatch(
		new RegExp(`✔ ${number} .* done$`, "m"),
	);
	expect((await command("diff", number)).stdout).toMatch(
		/is identical to the reference/,
	);

	expect((await command("hint", "1")).stdout).toMatch(/^Step 1, hint 1 of/);
	const notes = (await command("notes", "1")).stdout;
	expect(notes).toMatch(/^Step 1 · /);
	expect(notes).not.toMatch(/^(---|goal:|solution:)/m);

	expect((await command("reset", number)).status).toBe(0);
	expect(readFileSync(file, "utf8")).toContain("// TODO: ");
	expect((await command("start")).stdout.match(/not started$/gm)).toHaveLength(
		COUNT,
	);
}

test("checked out with CRLF, as Git for Windows does by default", {
	timeout: COLD_MS,
}, async () => {
	const kit = copyKit();
	for (const folder of ["", ...folders(kit)])
		for (const name of readdirSync(join(kit, folder))) {
			const path = join(kit, folder, name);
			if (
				/\.(md|ts|cjs|js|css|json|sh|txt)$/.test(name) &&
				statSync(path).isFile()
			)
				writeFileSync(
					path,
					readFileSync(path, "utf8").replaceAll("\n", "\r\n"),
				);
		}
	await useKit(kit);
	// The line that the grader names in such a file.
	const file = join(kit, "steps", STEP.id, "container.ts");
	const solution = join(kit, "solutions", STEP.id, "container.ts");
	const text = readFileSync(solution, "utf8");
	expect(text).toContain("\r\n");
	writeFileSync(file, text.replace("return reexec", "null.x; return reexec"));
	const { status, stderr } = await run("step", [String(STEP.number), "true"], {
		kit,
	});
	expect(status).toBe(125);
	expect(stderr).toMatch(/container\.ts:\d+:\d+/);
	expect(stderr).not.toContain("\r");
});

test("in a folder with blanks and letters of other alphabets in its name", {
	timeout: COLD_MS,
}, async () => {
	const kit = join(copyFolder(), "Übung α, 容器 & more");
	mkdirSync(kit);
	copyInto(kit);
	await useKit(kit);
});

test("by way of a symbolic link", { timeout: COLD_MS }, async () => {
	const folder = copyFolder();
	mkdirSync(join(folder, "real"));
	copyInto(join(folder, "real"));
	symlinkSync("real", join(folder, "link"));
	await useKit(join(folder, "link"));
});

test("with a read-only steps/: what needs no writing works, and nothing is complained of", {
	timeout: COLD_MS,
}, async () => {
	const kit = copyKit();
	const solution = join(kit, "solutions", STEP.id, "container.ts");
	writeFileSync(
		join(kit, "steps", STEP.id, "container.ts"),
		readFileSync(solution),
	);
	const number = String(STEP.number);
	const readOnly =
		'mount --bind -o ro "$1" "$1"; mount -o remount,bind,ro "$1"; shift; "$@"';
	for (const [name, ...args] of [
		["step", number, "true"],
		["check", number],
		["notes", number],
		["diff", number],
		["start"],
	] as [string, ...string[]][]) {
		const { status, stderr } = await execute(
			[
				...["unshare", "--mount", "sh", "-c", readOnly, "sh"],
				...[join(kit, "steps"), ...scriptWords(name, kit), ...args],
			],
			{ cwd: kit },
		);
		expect([name, status, stderr]).toEqual([name, 0, ""]);
	}
});

function copyFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "kit-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** All the folders of a copy, by their paths in it. The packages are behind a link. */
function folders(kit: string): string[] {
	return readdirSync(kit, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map((entry) => join(entry.parentPath, entry.name).slice(kit.length));
}
