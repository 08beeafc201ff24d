import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listSteps } from "../steps/catalog.ts";
import { copyKit, execute } from "../testing/kit.ts";
import { readMessage } from "./board/accept.ts";
import { requirementIds } from "./board/titles.ts";
import { aClass, failing, learner, passed } from "./fixtures/learners.ts";
import "./fixtures/load.ts";
import { LONGEST, textOf } from "./message.ts";

const NOW = Date.now();

test("what thirty learners send is accepted, and short", () => {
	for (const message of aClass(NOW)) {
		const text = textOf(message);
		expect(readMessage(text)).toEqual(message);
		expect(Buffer.byteLength(text)).toBeLessThan(LONGEST / 2);
	}
});

test("the longest message there can be leaves out old mistakes, and keeps those of the step at hand", () => {
	const steps = listSteps().map(({ number }) => {
		const ids = requirementIds().filter((id) => id.startsWith(`${number}.`));
		const words = ids.map((id) => id.replace(/^\d+\./, ""));
		const extra = { failed: ids, hints: 4, opinion: "clear" as const };
		return failing(number, words, extra);
	});
	const message = learner(0, 13, NOW, { name: "容".repeat(40), steps });
	expect(Buffer.byteLength(JSON.stringify(message))).toBeGreaterThan(LONGEST);
	const read = readMessage(textOf(message));
	expect(read?.steps.map(({ step }) => step)).toEqual(
		steps.map(({ step }) => step),
	);
	expect(read?.steps.at(-1)?.failing).toEqual(steps.at(-1)?.failing);
});

test("a result says which steps are begun, what failed, for how long, and how many hints were used; never code", async () => {
	const kit = copyKit();
	const [one, two] = listSteps();
	const file = (id = "") => join(kit, "steps", id, "container.ts");
	copyFileSync(one?.solution ?? "", file(one?.id));
	const text = readFileSync(two?.solution ?? "", "utf8");
	writeFileSync(
		file(two?.id),
		`// SECRET\n${text.replace("\tunshare(CLONE_NEWUTS);\n", "")}`,
	);
	const npm = async (...words: string[]) =>
		(
			await execute([process.execPath, "kit/launch.cjs", ...words], {
				cwd: kit,
			})
		).stdout;
	await npm("check");
	await npm("check", "2");
	await npm("hint", "2");
	const result = await npm("result", "Ana", "María");
	expect(result).not.toContain("SECRET");
	const message = readMessage(result.trim());
	expect(message).toMatchObject({ name: "Ana María", step: 2 });
	const [first, second, ...others] = message?.steps ?? [];
	expect(first).toEqual({ ...passed(1), passed: 12, of: 12 });
	expect(second).toMatchObject({
		...{ step: 2, state: "failing", hints: 1, checks: 2 },
		failing: expect.arrayContaining(["2.uts"]),
	});
	expect(Date.parse(second?.since ?? "")).toBeLessThanOrEqual(Date.now());
	expect(others).toEqual([]);

	// Mended, the mistake is one that was made; the name is known, and so is who it is.
	writeFileSync(file(two?.id), text);
	await npm("check", "2");
	const later = readMessage((await npm("result")).trim());
	expect(later).toMatchObject({ id: message?.id, name: "Ana María", step: 3 });
	expect(later?.steps[1]).toMatchObject({
		...{ state: "done", failing: [] },
		failed: second?.failing,
	});
	expect(readFileSync(join(kit, "steps/result.json"), "utf8")).toContain(
		JSON.stringify(later?.steps),
	);
});

test("without a name there is no result", async () => {
	const { status, stdout, stderr } = await execute(
		[process.execPath, "kit/launch.cjs", "result"],
		{ cwd: copyKit() },
	);
	expect([status, stdout]).toEqual([2, ""]);
	expect(stderr).toContain("npm run result NAME");
});
