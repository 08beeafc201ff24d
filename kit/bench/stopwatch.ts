/** Times commands as whole processes, from outside, and what they take of the machine besides. */

import { type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { cfunction } from "../../runtime/libc.ts";
import { statusField } from "../proc/status.ts";
import { HOME } from "../steps/catalog.ts";
import type { Subject } from "./subjects.ts";

/** What it took. */
export interface Row {
	what: string;
	/** Milliseconds of each run. */
	times: number[];
	/** How many of them ended with another status than 0: their times tell nothing. */
	failed: number;
	/** What its largest process ever had in memory, in kilobytes. */
	peak: number | undefined;
}

export function emptyRow(what: string): Row {
	return { what, times: [], failed: 0, peak: undefined };
}

export function median(times: number[]): number {
	const sorted = times.toSorted((one, other) => one - other);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** How the commands are run: with the Node of this process first in PATH, and nothing of npm's, which may have started it. */
const options = ({ folder = HOME }: Subject): SpawnOptions => ({
	cwd: folder,
	stdio: "ignore",
	env: {
		...Object.fromEntries(
			Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")),
		),
		PATH: `${join(process.execPath, "..")}:${process.env.PATH}`,
	},
});

/**
 * Runs commands in turn, A B C A B C …, so that a machine that slows down slows
 * all of them. The first turn warms caches up and is not timed: it is looked at
 * for memory, by a process that would be in the way of the time.
 */
export async function interleaved(
	runs: number,
	subjects: Subject[],
): Promise<Row[]> {
	const rows: Row[] = [];
	for (const subject of subjects) {
		const { what } = subject;
		rows.push({ what, times: [], failed: 0, peak: peak(subject) });
		await signalsDue();
	}
	for (let turn = 0; turn < runs; turn++)
		for (const [index, subject] of subjects.entries()) {
			const [program = "", ...words] = subject.command;
			const begin = performance.now();
			const { status } = spawnSync(program, words, options(subject));
			const row = rows[index];
			row?.times.push(performance.now() - begin);
			if (row && status !== 0) row.failed++;
			await signalsDue();
		}
	return rows;
}

/** Lets this process notice that it is to end, which it can't while it waits for a command. */
const signalsDue = () => setTimeout(0);

/**
 * The most memory that one of a command's processes had. A shell runs it and
 * becomes Node, which asks the kernel about this process's children: had Node
 * itself forked, its own memory would count as theirs. getrusage(2)
 */
function peak(subject: Subject): number | undefined {
	const { stdout } = spawnSync(
		"sh",
		[
			"-c",
			'"$@" </dev/null >/dev/null 2>&1; exec "$0" kit/launch.cjs bench peak-of-children',
			process.execPath,
			...["sh", "-c", 'cd "$0" && "$@"', subject.folder ?? HOME],
			...subject.command,
		],
		{ ...options(subject), cwd: HOME, stdio: "pipe", encoding: "utf8" },
	);
	return Number(stdout) || undefined;
}

/** In kilobytes, of the children that this process has waited for. getrusage(2) */
export function peakOfChildren(): number {
	const [RUSAGE_CHILDREN, RUSAGE_BYTES, MAXRSS_OFFSET] = [-1, 144, 32];
	const usage = Buffer.alloc(RUSAGE_BYTES);
	cfunction("int getrusage(int who, void *usage)")(RUSAGE_CHILDREN, usage);
	return Number(usage.readBigInt64LE(MAXRSS_OFFSET));
}

/**
 * Runs so many of a command at once. A shell starts them, since a fork of this
 * large process would be in the way of the time.
 *
 * @returns milliseconds to the end of the last, and how many failed
 */
export async function crowd(
	count: number,
	subject: Subject,
): Promise<{ time: number; failed: number }> {
	const script = `
		for each in $(seq "$0"); do { "$@" >/dev/null || echo failed; } & done
		wait`;
	const begin = performance.now();
	const { stdout } = spawnSync(
		"sh",
		["-c", script, String(count), ...subject.command],
		{ ...options(subject), stdio: ["ignore", "pipe", "ignore"] },
	);
	const time = performance.now() - begin;
	await signalsDue();
	return { time, failed: String(stdout).match(/failed/g)?.length ?? 0 };
}

/** What a process takes that has nothing to do but wait. */
export interface Rest {
	/** Of its own, in kilobytes. */
	memory: number;
	/** Of the processor, in milliseconds, and in so many seconds. */
	busy: number;
	seconds: number;
}

/** Does something while a command runs that says a line, and then waits for its input to end. */
export async function beside(
	subject: Subject,
	work: (pid: number) => Promise<void>,
): Promise<void> {
	const [program = "", ...words] = subject.command;
	const child = spawn(program, words, {
		...options(subject),
		stdio: ["pipe", "pipe", "ignore"],
	});
	const ended = once(child, "close");
	await Promise.race([once(child.stdout, "data"), ended]);
	await setTimeout(500);
	await work(child.pid ?? 0);
	child.stdin.on("error", () => {}).end();
	await ended;
}

/** Looks at such a command while it waits. */
export async function atRest(
	subject: Subject,
	seconds: number,
): Promise<Rest | undefined> {
	let [memory, busy] = [Number.NaN, Number.NaN];
	await beside(subject, async (pid) => {
		const before = processorTime(pid);
		await setTimeout(seconds * 1000);
		busy = processorTime(pid) - before;
		memory = Number.parseInt(statusField(pid, "VmRSS") ?? "", 10);
	});
	return Number.isNaN(busy + memory) ? undefined : { memory, busy, seconds };
}

/** Milliseconds that a process has had of the processor, in its own name and the kernel's; NaN where there is none. proc_pid_stat(5) */
function processorTime(pid: number): number {
	const TICK_MS = 10;
	const file = `/proc/${pid}/stat`;
	const stat = existsSync(file) ? readFileSync(file, "utf8") : "";
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
