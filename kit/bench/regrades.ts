/** How long a learner waits for the watching grader. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { listSteps } from "../steps/catalog.ts";
import { copyInto } from "../steps/copy.ts";
import { emptyRow, type Row } from "./stopwatch.ts";
import { launch, SAMPLE } from "./subjects.ts";

/** The least time between a verdict and the next save. */
export const READING_MS = 500;

export const WATCH = "check --watch, save to verdict";

/** In a copy of the kit, from the moment a step is saved to the line that judges it. */
export async function regrades(kit: string, runs: number): Promise<Row> {
	const row = emptyRow(WATCH);
	copyInto(kit);
	const step = listSteps().find(({ number }) => number === SAMPLE);
	if (!step) return row;
	const file = join(kit, "steps", step.id, "container.ts");
	copyFileSync(step.solution, file);
	const start = (...line: string[]) => {
		const [program = "", ...words] = launch(...line);
		return spawn(program, words, {
			cwd: kit,
			stdio: ["pipe", "pipe", "ignore"],
		});
	};
	// Run the step once, as a learner has: that fills the compile cache, and a grading does not.
	await once(start("step", String(step.number), "true"), "close");
	const watcher = start("check", "--watch", String(step.number));
	const ended = once(watcher, "close");
	try {
		await verdict(watcher);
		for (let turn = 0; turn < runs; turn++) {
			// A learner reads the verdict before.
			await setTimeout(READING_MS);
			const begin = performance.now();
			writeFileSync(file, `${readFileSync(file, "utf8")}\n`);
			const right = (await verdict(watcher)).includes("✔");
			row.times.push(performance.now() - begin);
			if (!right) row.failed++;
		}
	} finally {
		watcher.stdin?.write("q");
		await ended;
	}
	return row;
}

/** The watching grader's output until it waits for the next save. */
function verdict({ stdout }: ChildProcess): Promise<string> {
	return new Promise((resolve) => {
		let seen = "";
		const listen = (text: Buffer) => {
			seen += text;
			if (!seen.includes("watching")) return;
			stdout?.off("data", listen);
			resolve(seen);
		};
		stdout?.on("data", listen);
	});
}
