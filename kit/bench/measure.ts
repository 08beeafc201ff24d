/** The measurements, one after the other. */

import { availableParallelism, cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { colours } from "../cli/terminal.ts";
import { drawView } from "../look/draw.ts";
import { follow, REFRESH_MS } from "../look/follow.ts";
import type { View } from "../look/view.ts";
import { statusField } from "../proc/status.ts";
import { listSteps } from "../steps/catalog.ts";
import { type DeskResults, measureDesk } from "./desk.ts";
import { regrades } from "./regrades.ts";
import {
	atRest,
	beside,
	crowd,
	emptyRow,
	interleaved,
	type Rest,
	type Row,
} from "./stopwatch.ts";
import {
	BARE,
	CHECK_ALL,
	CHECK_ONE,
	NOTES,
	nothing,
	npm,
	others,
	SMALL,
	START,
	type Subject,
	solution,
	WAITING,
} from "./subjects.ts";

/** Counted runs of each command. */
export const RUNS = 15;

/** The number of containers that start at once. */
export const CROWD = 20;

/** The number of processes in the container that is drawn. */
const MANY = 500;

/** How long an idle process is watched. */
const REST_SECONDS = 3;

export const TOGETHER = `${CROWD} of them at once`;
export const REDRAW = `look, ${MANY} processes inside`;

/** The results by section. Ratios are relative to a section's first row. */
export interface Results {
	machine: string;
	starts: Row[];
	grading: Row[];
	crowd: Row[];
	desk: DeskResults;
	waiting: Rest | undefined;
	/** The time to redraw `npm run look` with many processes, and its cost while nothing changes. */
	redraw: Row;
	looking: Rest;
	/** Programs that this machine lacks: they were not measured. */
	absent: string[];
}

export async function measure(scratch: string): Promise<Results> {
	const { present, absent } = others(scratch);
	const steps = listSteps().map(({ number }) => number);
	const starts = await interleaved(RUNS, [
		BARE,
		...steps.map((step) => solution(step, "true")),
		START,
		NOTES,
		nothing(scratch),
		...steps.map((step) => npm("run", "solution", String(step), "true")),
		npm("start"),
		...present,
	]);
	const grading = await interleaved(RUNS, [BARE, CHECK_ONE, CHECK_ALL]);
	grading.push(await regrades(join(scratch, "kit"), RUNS));
	return {
		machine: machine(),
		starts,
		grading,
		crowd: await crowds(solution(SMALL, "true")),
		desk: await measureDesk(join(scratch, "kit"), RUNS),
		waiting: await atRest(WAITING, REST_SECONDS),
		redraw: await redraw(),
		looking: await looking(),
		absent,
	};
}

/** One run of a command, and many at once, in turn. */
async function crowds(one: Subject): Promise<Row[]> {
	const alone = emptyRow(one.what);
	const together = emptyRow(TOGETHER);
	for (let turn = 0; turn < RUNS; turn++)
		for (const [row, count] of [
			[alone, 1],
			[together, CROWD],
		] as const) {
			const { time, failed } = await crowd(count, one);
			row.times.push(time);
			row.failed += failed;
		}
	return [alone, together];
}

async function redraw(): Promise<Row> {
	const script = `for i in $(seq ${MANY}); do sleep 1000 & done; echo up; read line`;
	const row = emptyRow(REDRAW);
	await beside(solution(SMALL, "sh", "-c", script), async () => {
		for (let turn = 0; turn <= RUNS; turn++) {
			const begin = performance.now();
			draw(follow()());
			if (turn > 0) row.times.push(performance.now() - begin);
		}
	});
	return row;
}

/** Does what the command does: reads the view at each interval. */
async function looking(): Promise<Rest> {
	const rest = { memory: 0, busy: 0, seconds: REST_SECONDS };
	await beside(WAITING, async () => {
		const nextView = follow();
		draw(nextView());
		const before = process.cpuUsage();
		const timer = setInterval(() => JSON.stringify(nextView()), REFRESH_MS);
		await setTimeout(REST_SECONDS * 1000);
		clearInterval(timer);
		const { user, system } = process.cpuUsage(before);
		rest.busy = (user + system) / 1000;
		rest.memory = Number.parseInt(statusField("self", "VmRSS") ?? "", 10);
	});
	return rest;
}

function draw(view: View | undefined): void {
	if (view) drawView(view, { columns: 80, rows: 24 }, colours(1));
}

function machine(): string {
	const memory = Math.round(totalmem() / 2 ** 30);
	return `Node ${process.version}, Linux ${release()}, ${availableParallelism()} processors (${cpus()[0]?.model.trim()}), ${memory} GiB`;
}
