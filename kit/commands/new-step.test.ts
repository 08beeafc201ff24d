import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listSteps } from "../steps/catalog.ts";
import { copyKit, run } from "../testing/kit.ts";

const number = listSteps().length + 1;
const id = `${String(number).padStart(2, "0")}-made-up`;
const FILES = [
	`solutions/${id}/container.ts`,
	`steps/${id}/container.ts`,
	`notes/${id}.md`,
	`notes/${id}.hints.md`,
	`checks/${id}.check.ts`,
	`checks/${id}.submissions.ts`,
];

test("it lays out the files of the next step, and the commands know it", async () => {
	const kit = copyKit();
	const { status, stdout } = await run("new-step", ["made-up"], { kit });
	expect(status).toBe(0);
	for (const file of FILES) {
		expect(stdout).toContain(`  ${file}\n`);
		expect(readFileSync(join(kit, file), "utf8")).toMatch(/TO[ -]WRITE/);
		expect(readFileSync(join(kit, file), "utf8")).not.toContain("{{");
	}
	expect((await run("start", [], { kit })).stdout).toContain(
		`${number} made-up`,
	);
	expect(
		await run("solution", [String(number), "echo", "here"], { kit }),
	).toMatchObject({ status: 0, stdout: "here\n" });
	expect((await run("hint", ["made-up"], { kit })).stdout).toContain(
		"TO WRITE",
	);
});

test.each([
	[[], "Give one name"],
	[["one", "two"], "Give one name"],
	[[""], "is not a name for a step"],
	[["Made-Up"], "is not a name for a step"],
	[["7th"], "is not a name for a step"],
	[["../made-up"], "is not a name for a step"],
	[["made--up"], "is not a name for a step"],
	[["chroot"], "The name chroot is taken"],
	[["start"], "The name start is taken"],
	[["instructor"], "The name instructor is taken"],
])("%j is wrong usage, and lays out nothing", async (words, says) => {
	const kit = copyKit();
	const before = entries(kit);
	const { status, stdout, stderr } = await run("new-step", words, { kit });
	expect([status, stdout]).toEqual([2, ""]);
	expect(stderr).toContain(says);
	expect(stderr).toContain("Usage: npm run new-step NAME");
	expect(entries(kit)).toEqual(before);
});

test("where one of the files is there already, it is kept and nothing is laid out", async () => {
	const kit = copyKit();
	mkdirSync(join(kit, `steps/${id}`));
	writeFileSync(join(kit, `checks/${id}.check.ts`), "mine");
	const before = entries(kit);
	const { status, stderr } = await run("new-step", ["made-up"], { kit });
	expect(status).toBe(1);
	expect(stderr).toMatch(/^No file was made: .*check\.ts/);
	expect(entries(kit)).toEqual(before);
	expect(readFileSync(join(kit, `checks/${id}.check.ts`), "utf8")).toBe("mine");
	expect(existsSync(join(kit, `steps/${id}`))).toBe(true);
});

function entries(kit: string): string[] {
	return ["steps", "solutions", "notes", "checks"].flatMap((room) =>
		readdirSync(join(kit, room), { recursive: true, encoding: "utf8" }).map(
			(name) => join(room, name),
		),
	);
}
