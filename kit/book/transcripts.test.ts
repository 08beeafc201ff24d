/** Every command in the pages is true. */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import { HOME, listSteps, shortPath } from "../steps/catalog.ts";
import { readPage } from "../steps/page.ts";
import { agreement, difference } from "./agreement.ts";
import { play, playable } from "./play.ts";
import { listPages, transcripts } from "./transcripts.ts";

const PATIENCE_MS = 60_000;

describe.skipIf(!playable())("what the pages show is what appears", () => {
	for (const transcript of transcripts())
		test(`${shortPath(transcript.page)}:${transcript.line}`, {
			timeout: PATIENCE_MS,
		}, async () => {
			const problem = difference(transcript, await play(transcript));
			if (problem) expect.fail(problem);
		});
});

describe.skipIf(!playable())("what `npm run step` suggests works", () => {
	for (const step of listSteps())
		test(step.id, { timeout: PATIENCE_MS }, async () => {
			const commands = readPage(step.page).try;
			const typed = commands.flatMap((command) => [command, "echo $?"]);
			const appeared = await play({
				step,
				starter: false,
				exchanges: typed.map((command) => ({ command, line: 0, output: [] })),
			});
			const statuses = appeared.filter((_, index) => index % 2 === 1);
			// As PID 1, `kill -9 $$` has no effect and returns 0.
			expect(statuses.map(Number)).toEqual(commands.map(() => 0));
		});
});

test("no transcript is overlooked", () => {
	const fences = listPages().flatMap(
		(page) => readFileSync(page, "utf8").match(/^\s*`{3,}console.*$/gm) ?? [],
	);
	const found = transcripts({ image: true });
	expect(found).toHaveLength(fences.length);
	expect(found.filter(({ image }) => !image)).toEqual(transcripts());
	for (const { page, line, exchanges } of found) {
		const text = readFileSync(page, "utf8").split("\n");
		expect(text[line - 1]).toMatch(/^```console/);
		expect(exchanges).not.toHaveLength(0);
		for (const { line, command } of exchanges)
			expect(text[line - 1]).toBe(`$ ${command}`);
	}
});

describe("agreement", () => {
	test.each([
		[[], []],
		[
			["a", "b"],
			["a", "b"],
		],
		[["a", "…"], ["a"]],
		[
			["…", "b"],
			["x", "y", "b"],
		],
		[["…"], []],
		[["pid …, 1"], ["pid 42, 1"]],
		[["a.c(*)"], ["a.c(*)"]],
		[["a"], ["a  "]],
	])("%j agrees with %j", (expected, actual) => {
		expect(agreement(expected, actual)).toBeUndefined();
	});

	test.each([
		[["a"], [], 0],
		[[], ["a"], 0],
		[["a", "b"], ["a", "c"], 1],
		[["a"], ["a", "b"], 1],
		[["a.c"], ["abc"], 0],
		[["a…z"], ["a", "z"], 0],
		[["…", "b"], ["x", "y"], 1],
	])("%j does not agree with %j", (expected, actual, count) => {
		expect(agreement(expected, actual)).toBe(count);
	});
});

test("a wrong output is reported with its page, its line and the difference", () => {
	const page = `${HOME}/notes/03-hostname.md`;
	const exchanges = [
		{ line: 10, command: "hostname", output: ["container"] },
		{ line: 12, command: "uname -a", output: ["Linux", "other", ""] },
	];
	const problem = difference({ page, exchanges }, [
		"container\n",
		"Linux\ncontainer\n",
	]);
	expect(problem).toBe(
		[
			"notes/03-hostname.md:14: after `uname -a` the page shows",
			"    other",
			"but the output is",
			"    Linux",
			"    container",
		].join("\n"),
	);
});

describe.skipIf(!playable())("a session", () => {
	const session = (...commands: string[]) => ({
		step: undefined,
		starter: false,
		exchanges: commands.map((command) => ({ command, line: 0, output: [] })),
	});

	test("is one shell: variables, statuses and both streams in order", async () => {
		const appeared = await play(
			session(
				"a=1; false",
				"echo $? $a",
				"echo out; echo err >&2; echo out",
				"printf x",
				"exit 3",
				"echo never",
			),
		);
		expect(appeared).toEqual(["", "1 1\n", "out\nerr\nout\n", "x", "", ""]);
	});

	test("leaves nothing behind", async () => {
		const mounts = () => execFileSync("cat", ["/proc/self/mounts"]).toString();
		const steps = () =>
			listSteps().map(({ file }) => existsSync(file) && readFileSync(file));
		const before = [hostname(), mounts(), steps()];
		await play(
			session(
				"hostname renamed",
				"mount -t tmpfs tmpfs /mnt",
				"sleep 987654 >/dev/null 2>&1 &",
			),
		);
		expect([hostname(), mounts(), steps()]).toEqual(before);
		const commands = execFileSync("sh", [
			"-c",
			"cat /proc/[0-9]*/cmdline 2>/dev/null || true",
		]);
		expect(commands.toString()).not.toContain("sleep\x00987654");
	});
});
