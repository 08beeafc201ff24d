/**
 * `npm run bench`: how long starting and grading take, as whole processes, next
 * to bare Node on the same machine in the same run. It measures and never fails.
 */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
	copyFileSync,
	cpSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { requireFitness } from "../runtime/doctor.ts";
import { prepareRootfs } from "../runtime/rootfs.ts";
import { write } from "../runtime/terminal.ts";
import { HOME, listSteps } from "../steps/catalog.ts";

/** Counted runs of what takes a moment, and of what takes a second. */
const RUNS = { short: 15, long: 5 };

interface Row {
	what: string;
	/** Milliseconds of each run. */
	times: number[];
}

export async function main(args: string[]): Promise<number> {
	const { values } = parseArgs({
		args,
		options: { json: { type: "boolean" } },
	});
	requireFitness();
	prepareRootfs(() => {});
	const launch = [process.execPath, "runtime/launch.js"];
	const solution = (step: number) => [
		...launch,
		"steps/run.ts",
		"solution",
		String(step),
		"true",
	];
	const check = (...words: string[]) => [
		...launch,
		"checks/run.ts",
		"--solutions",
		...words,
	];

	const bare = { what: "node -e 0", command: [process.execPath, "-e", "0"] };
	const starts = interleaved(RUNS.short, [
		bare,
		...listSteps().map(({ number }) => ({
			what: `solution ${number} true`,
			command: solution(number),
		})),
		{ what: "npm start", command: [...launch, "steps/start.ts"] },
		{
			what: "unshare(1), three namespaces",
			command: ["unshare", "--uts", "--pid", "--mount", "--fork", "true"],
		},
	]);
	const grading = interleaved(RUNS.long, [
		bare,
		{ what: "check --solutions 3", command: check("3") },
		{ what: "check --solutions", command: check() },
	]);
	grading.push({
		what: "check --watch, save to verdict",
		times: await regrades(RUNS.long),
	});

	const machine = `Node ${process.version}, ${availableParallelism()} processors`;
	const sections = { starts, grading };
	write(
		1,
		values.json
			? `${JSON.stringify({ machine, sections }, null, 2)}\n`
			: `${machine}\n\n${table(starts)}\n${table(grading)}`,
	);
	return 0;
}

/** Runs commands in turn, A B C A B C …, so that a machine that slows down slows all of them; the first turn is not counted. */
function interleaved(
	runs: number,
	commands: { what: string; command: string[] }[],
): Row[] {
	const rows = commands.map(({ what }) => ({ what, times: [] as number[] }));
	for (let turn = 0; turn <= runs; turn++)
		for (const [index, { command }] of commands.entries()) {
			const [program = "", ...words] = command;
			const begin = performance.now();
			spawnSync(program, words, { cwd: HOME, stdio: "ignore" });
			if (turn > 0) rows[index]?.times.push(performance.now() - begin);
		}
	return rows;
}

/** In a copy of the kit, from the moment a step is saved to the line that judges it. */
async function regrades(runs: number): Promise<number[]> {
	const kit = mkdtempSync(join(tmpdir(), "bench-"));
	for (const name of [
		"package.json",
		"runtime",
		"steps",
		"solutions",
		"notes",
		"checks",
		"look",
	])
		cpSync(join(HOME, name), join(kit, name), { recursive: true });
	symlinkSync(join(HOME, "node_modules"), join(kit, "node_modules"));
	const step = listSteps()[2];
	if (!step) return [];
	const file = join(kit, "steps", step.id, "container.ts");
	copyFileSync(step.solution, file);
	const watcher = spawn(
		process.execPath,
		["runtime/launch.js", "checks/run.ts", "--watch", String(step.number)],
		{ cwd: kit, stdio: ["pipe", "pipe", "ignore"] },
	);
	const ended = new Promise((resolve) => watcher.on("close", resolve));
	const times: number[] = [];
	try {
		for (let turn = 0; turn <= runs; turn++) {
			const begin = performance.now();
			if (turn > 0) writeFileSync(file, `${readFileSync(file, "utf8")}\n`);
			await verdict(watcher);
			if (turn > 0) times.push(performance.now() - begin);
		}
	} finally {
		watcher.stdin?.write("q");
		await ended;
		rmSync(kit, { recursive: true, force: true });
	}
	return times;
}

function verdict({ stdout }: ChildProcess): Promise<void> {
	return new Promise((resolve) => {
		let seen = "";
		const listen = (text: Buffer) => {
			seen += text;
			if (!seen.includes("watching")) return;
			stdout?.off("data", listen);
			resolve();
		};
		stdout?.on("data", listen);
	});
}

/** Medians, the spread, and each as a multiple of the first row. */
function table(rows: Row[]): string {
	const [first] = rows;
	const unit = first ? median(first.times) : 1;
	const lines = rows.map(({ what, times }) => {
		const cells = [median(times), Math.min(...times), Math.max(...times)].map(
			(it) => it.toFixed(0).padStart(7),
		);
		return `${what.padEnd(32)}${cells.join("")}${(median(times) / unit).toFixed(1).padStart(8)}`;
	});
	return `${"".padEnd(32)} median    min    max   ratio\n${lines.join("\n")}\n`;
}

function median(times: number[]): number {
	const sorted = times.toSorted((one, other) => one - other);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
