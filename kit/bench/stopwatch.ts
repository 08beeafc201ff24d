/** Measures commands as whole processes: their time, memory and processor use. */

import { type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { cfunction } from "../../runtime/libc.ts";
import { statusField } from "../proc/status.ts";
import { HOME } from "../steps/catalog.ts";
import type { Subject } from "./subjects.ts";

/** The measurements of one command. */
export interface Row {
	what: string;
	/** Milliseconds of each run. */
	times: number[];
	/** How many runs failed: then the times mean nothing. */
	failed: number;
	/** The peak memory of its largest process, in kilobytes. */
	peak: number | undefined;
}

export function emptyRow(what: string): Row {
	return { what, times: [], failed: 0, peak: undefined };
}

export function median(times: number[]): number {
	const sorted = times.toSorted((one, other) => one - other);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** How the commands are run: with this process's Node first in PATH, and without npm's variables. */
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
 * Runs commands in turn, A B C A B C …, so that a slower machine slows all of
 * them. The first turn warms the caches up and measures memory; it is not timed.
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

/** Lets this process handle signals, which it can't while it waits for a command. */
const signalsDue = () => setTimeout(0);

/**
 * The peak memory of a command's largest process. A shell runs the command and
 * then becomes Node, which reads the peak of this process's children: a child
 * that Node itself forked would start with Node's memory. getrusage(2)
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

/** The peak memory, in kilobytes, of the children that this process has waited for. getrusage(2) */
export function peakOfChildren(): number {
	const [RUSAGE_CHILDREN, RUSAGE_BYTES, MAXRSS_OFFSET] = [-1, 144, 32];
	const usage = Buffer.alloc(RUSAGE_BYTES);
	cfunction("int getrusage(int who, void *usage)")(RUSAGE_CHILDREN, usage);
	return Number(usage.readBigInt64LE(MAXRSS_OFFSET));
}

/**
 * Runs a command `count` times at once. A shell starts them, since forking this
 * large process takes time itself.
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

/** The cost of a process that only waits. */
export interface Rest {
	/** Resident memory, in kilobytes. */
	memory: number;
	/** Processor time, in milliseconds, during `seconds`. */
	busy: number;
	seconds: number;
}

/** Does some work while a command runs. The command prints a line and then waits for the end of its input. */
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

/** Measures such a command while it waits. */
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

/** A process's processor time in milliseconds, user and system. NaN if there is no such process. proc_pid_stat(5) */
function processorTime(pid: number): number {
	const TICK_MS = 10;
	const file = `/proc/${pid}/stat`;
	const stat = existsSync(file) ? readFileSync(file, "utf8") : "";
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
