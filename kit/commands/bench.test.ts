import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
	descendants,
	HOME,
	hasEnded,
	run,
	scriptWords,
	until,
} from "../testing/kit.ts";

test.each([
	["--fast", /Unknown option '--fast'/],
	["6", /The bench takes no words: 6/],
])("%s: wrong usage", async (word, says) => {
	const { status, stdout, stderr } = await run("bench", [word]);
	expect([status, stdout]).toEqual([2, ""]);
	expect(stderr).toMatch(says);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
	"ended by %s, it leaves no file and no process behind",
	{ timeout: 60_000 },
	async (signal) => {
		const folder = mkdtempSync(join(tmpdir(), "bench-test-"));
		onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
		const [program = "", ...words] = scriptWords("bench");
		const bench = spawn(program, words, {
			cwd: HOME,
			stdio: "ignore",
			env: { ...process.env, TMPDIR: folder },
		});
		onTestFinished(() => void bench.kill("SIGKILL"));
		const scratch = () =>
			readdirSync(folder).filter((name) => name.startsWith("bench-"));
		await until(() => scratch().length > 0);
		await until(() => descendants(bench.pid).length > 0);
		const family = descendants(bench.pid);
		bench.kill(signal);
		const number = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 }[signal];
		expect(await once(bench, "close")).toEqual([128 + number, null]);
		expect(scratch()).toEqual([]);
		await until(() => family.every(hasEnded));
	},
);
