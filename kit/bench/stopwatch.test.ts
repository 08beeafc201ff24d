import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { atRest, crowd, interleaved } from "./stopwatch.ts";

const MEGABYTE_KB = 1000;

test("each run is timed, in turn, and a command's memory is its own", async () => {
	const rows = await interleaved(2, [
		{ what: "small", command: ["true"] },
		{
			what: "large",
			command: [process.execPath, "-e", "Buffer.alloc(200e6, 1)"],
		},
		{ what: "fails", command: ["false"] },
		{ what: "elsewhere", command: ["test", "-d", "self"], folder: "/proc" },
	]);
	expect(rows.map(({ what, times }) => [what, times.length])).toEqual([
		["small", 2],
		["large", 2],
		["fails", 2],
		["elsewhere", 2],
	]);
	expect(rows.map(({ failed }) => failed)).toEqual([0, 0, 2, 0]);
	expect(rows[0]?.peak).toBeLessThan(10 * MEGABYTE_KB);
	expect(rows[1]?.peak).toBeGreaterThan(200 * MEGABYTE_KB);
});

test("a crowd is waited for to its last, and those that fail are counted", async () => {
	const folder = mkdtempSync(join(tmpdir(), "crowd-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const command = ["sh", "-c", "sleep 0.1; mktemp -p ."];
	const { time, failed } = await crowd(3, { what: "", command, folder });
	expect(readdirSync(folder)).toHaveLength(3);
	expect(failed).toBe(0);
	expect(time).toBeGreaterThan(100);
	const fails = await crowd(3, { what: "", command: ["false"] });
	expect(fails.failed).toBe(3);
});

test("a process at rest is looked at, and let go", async () => {
	const script = "echo up; exec cat >/dev/null";
	const rest = await atRest({ what: "", command: ["sh", "-c", script] }, 0.1);
	expect(rest?.memory).toBeGreaterThan(0);
	expect(rest?.seconds).toBe(0.1);
	const gone = { what: "", command: ["sh", "-c", "echo up"] };
	expect(await atRest(gone, 0.1)).toBeUndefined();
});
