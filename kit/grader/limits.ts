/**
 * How long a container may take. A limit by the clock would refuse a right answer on
 * a busy machine. So the time counts in which the container ran or waited for
 * nothing but itself; the time in which it waited for a processor does not.
 */

import { execFile } from "node:child_process";
import { performance } from "node:perf_hooks";
import { list, read } from "../proc/procfs.ts";

/** How often the processes are looked at. */
const POLL_MS = 500;

/** The time that counts, and the time on the clock. */
interface Time {
	counted: number;
	elapsed: number;
}

/** On a machine that starts Node at once. */
const LIMIT: Time = { counted: 10_000, elapsed: 60_000 };

/** Elsewhere: so many times what Node takes to start there now. A container takes some five. */
const STARTS: Time = { counted: 200, elapsed: 300 };

/** Why a run was ended: it no longer went on, or the machine had no time for it. */
export type Overrun = "stuck" | "starved";

/** What was seen of the processes since the last look. Milliseconds. */
export interface Interval {
	/** Time on the clock. */
	elapsed: number;
	/** Processor time that they were given. */
	given: number;
	/** Whether one of them could go on, and waits for a processor or a disk. */
	waits: boolean;
}

/** How much of an interval counts. */
export function countedOf({ elapsed, given, waits }: Interval): number {
	if (waits) return given;
	// A grader that was not given a processor itself could not type the line that they wait for.
	return Math.max(given, Math.min(elapsed, 2 * POLL_MS));
}

/** Which limit a run exceeds. */
export function overrun(spent: Time, limit: Time): Overrun | undefined {
	if (spent.counted >= limit.counted) return "stuck";
	return spent.elapsed >= limit.elapsed ? "starved" : undefined;
}

/**
 * Watches processes, and calls `end` once when their time is up.
 *
 * @returns a function that ends the watching
 */
export function watchTime(
	members: () => number[],
	end: (why: Overrun) => void,
): () => void {
	const began = performance.now();
	const spent: Time = { counted: 0, elapsed: 0 };
	let limit = LIMIT;
	let measured = false;
	let stopped = false;
	let known = 0;
	const look = async () => {
		const pids = members();
		const elapsed = performance.now() - began;
		const total = processorTime(pids);
		spent.counted += countedOf({
			elapsed: elapsed - spent.elapsed,
			given: Math.max(total - known, 0),
			waits: pids.some(waitsForMachine),
		});
		spent.elapsed = elapsed;
		known = total;
		let why = overrun(spent, limit);
		if (why && !measured) {
			limit = await limitHere();
			measured = true;
			why = overrun(spent, limit);
		}
		if (stopped) return;
		if (why) end(why);
		else timer = setTimeout(look, POLL_MS);
	};
	let timer = setTimeout(look, POLL_MS);
	return () => {
		stopped = true;
		clearTimeout(timer);
	};
}

/** The limit on this machine, by how long Node takes to start there now. */
async function limitHere(): Promise<Time> {
	const began = performance.now();
	const used = await new Promise<number>((resolve) =>
		execFile(
			process.execPath,
			["-p", "const { user, system } = process.cpuUsage(); user + system"],
			(error, stdout) => resolve(error ? 0 : Number(stdout) / 1000),
		),
	);
	return {
		counted: Math.max(LIMIT.counted, STARTS.counted * used),
		elapsed: Math.max(
			LIMIT.elapsed,
			STARTS.elapsed * (performance.now() - began),
		),
	};
}

/** A clock tick of the kernel's statistics. sysconf(3): _SC_CLK_TCK is 100 on all that Node runs on. */
const TICK_MS = 10;

/** The processor time of processes and their dead children. proc_pid_stat(5) */
export function processorTime(pids: number[]): number {
	let ticks = 0;
	for (const pid of pids)
		for (const time of statOf(`/proc/${pid}`).slice(14 - 3, 18 - 3))
			ticks += Number(time);
	return ticks * TICK_MS;
}

/** Whether a thread of a process is ready to run, or waits for a disk. proc_pid_stat(5) */
export function waitsForMachine(pid: number): boolean {
	const threads = `/proc/${pid}/task`;
	return list(threads).some((thread) =>
		/[RD]/.test(statOf(`${threads}/${thread}`)[0] ?? ""),
	);
}

/** The fields of a `stat` file from the third on: the second is a name, which may hold anything. */
function statOf(base: string): string[] {
	const stat = read(`${base}/stat`) ?? "";
	return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
