/**
 * `npm run bench`: how long starting and grading take, as whole processes, next
 * to bare Node on the same machine in the same run. It measures and never fails.
 */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	copyFileSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import {
	availableParallelism,
	constants,
	cpus,
	release,
	tmpdir,
	totalmem,
} from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { ROOTFS } from "../../runtime/rootfs.ts";
import {
	atRest,
	beside,
	crowd,
	interleaved,
	peakOfChildren,
	type Rest,
	type Row,
	type Subject,
} from "../bench/stopwatch.ts";
import { CommandError, colours, write } from "../cli/terminal.ts";
import { requireHost } from "../host/requirements.ts";
import { prepareRootfs } from "../host/rootfs.ts";
import { drawView } from "../look/draw.ts";
import { follow, REFRESH_MS } from "../look/follow.ts";
import type { View } from "../look/view.ts";
import { statusField } from "../proc/process.ts";
import { listSteps } from "../steps/catalog.ts";
import { copyInto } from "../steps/copy.ts";
import { parseWords } from "../steps/request.ts";

const USAGE = "npm run bench   or   npm run --silent bench -- --json";

/** Counted runs of each command. */
const RUNS = 15;

/** So many containers at once. */
const CROWD = 20;

/** So many processes in a container that is looked at. */
const MANY = 500;

/** How long something is watched that should do nothing. */
const REST_SECONDS = 3;

/** The image as the README builds it. */
const IMAGE = "containers-from-scratch";

/** What was measured, by section; the first row of each is the measure of the others. */
interface Results {
	machine: string;
	starts: Row[];
	grading: Row[];
	crowd: Row[];
	waiting: Rest | undefined;
	/** A picture of `npm run look` made anew, with many processes in it; and what looking takes while nothing changes. */
	redraw: Row;
	looking: Rest;
	/** What is not on this machine, and so was not measured. */
	absent: string[];
}

export async function main(args: string[]): Promise<number> {
	if (args[0] === "peak-of-children") {
		write(1, String(peakOfChildren()));
		return 0;
	}
	const { on, words } = parseWords(args, ["json"], USAGE);
	if (words.length > 0)
		throw new CommandError(
			2,
			`It takes no words: ${words.join(" ")}.\nUsage: ${USAGE}`,
		);
	requireHost();
	prepareRootfs(() => {});
	const scratch = mkdtempSync(join(tmpdir(), "bench-"));
	process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
		process.once(signal, () => process.exit(128 + constants.signals[signal]));
	const results = await measure(scratch);
	write(1, on.has("json") ? json(results) : page(results));
	return 0;
}

const launch = (...words: string[]) => [
	process.execPath,
	"kit/launch.cjs",
	...words,
];

const solution = (step: number, ...command: string[]): Subject => ({
	what: `solution ${step} ${command.join(" ")}`,
	command: launch("solution", String(step), ...command),
});

const npm = (...words: string[]): Subject => ({
	what: `npm ${words.join(" ")}`,
	command: ["npm", ...words],
});

const BARE: Subject = {
	what: "node -e 0",
	command: [process.execPath, "-e", "0"],
};
const START: Subject = {
	what: "start",
	command: launch("start"),
};
const NOTES: Subject = {
	what: "notes 3",
	command: launch("notes", "3"),
};
const CHECK_ONE: Subject = {
	what: "check --solutions 3",
	command: launch("check", "--solutions", "3"),
};
const CHECK_ALL: Subject = {
	what: "check --solutions",
	command: launch("check", "--solutions"),
};
const NOTHING = "npm run nothing";
const WATCH = "check --watch, save to verdict";
const TOGETHER = `${CROWD} of them at once`;
const REDRAW = `look, ${MANY} processes inside`;
const DOCKER = "docker run --rm IMAGE true";
const LAST = 6;

const WAITING = solution(LAST, "sh", "-c", "echo up; read line");

async function measure(scratch: string): Promise<Results> {
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
	grading.push(await regrades(join(scratch, "kit")));
	return {
		machine: machine(),
		starts,
		grading,
		crowd: await crowds(solution(LAST, "true")),
		waiting: await atRest(WAITING, REST_SECONDS),
		redraw: await redraw(),
		looking: await looking(),
		absent,
	};
}

/** One of a command, and many at once, in turn. */
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

function emptyRow(what: string): Row {
	return { what, times: [], failed: 0, peak: undefined };
}

async function redraw(): Promise<Row> {
	const script = `for i in $(seq ${MANY}); do sleep 1000 & done; echo up; read line`;
	const row = emptyRow(REDRAW);
	await beside(solution(LAST, "sh", "-c", script), async () => {
		for (let turn = 0; turn <= RUNS; turn++) {
			const begin = performance.now();
			draw(follow()());
			if (turn > 0) row.times.push(performance.now() - begin);
		}
	});
	return row;
}

/** As the command does: look, and draw if there is something new. */
async function looking(): Promise<Rest> {
	const rest = { memory: 0, busy: 0, seconds: REST_SECONDS };
	await beside(WAITING, async () => {
		const look = follow();
		draw(look());
		const before = process.cpuUsage();
		const timer = setInterval(() => JSON.stringify(look()), REFRESH_MS);
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

/** npm's own part of every `npm run`: a script that does nothing, in a folder of its own. */
function nothing(scratch: string): Subject {
	writeFileSync(
		join(scratch, "package.json"),
		JSON.stringify({ scripts: { nothing: "true" } }),
	);
	return { what: NOTHING, command: ["npm", "run", "nothing"], folder: scratch };
}

/** Whatever else makes a container on this machine: it is tried once, and left out with a word if it fails. */
function others(scratch: string): { present: Subject[]; absent: string[] } {
	const candidates: Subject[] = [
		{
			what: "unshare --uts --pid --mount",
			command: ["unshare", "--uts", "--pid", "--mount", "--fork", "true"],
		},
		{
			what: "runc run",
			command: ["runc", "run", "--bundle", scratch, "workshop-bench"],
		},
		{ what: DOCKER, command: ["docker", "run", "--rm", IMAGE, "true"] },
	];
	describeBundle(scratch);
	const present: Subject[] = [];
	const absent: string[] = [];
	for (const candidate of candidates) {
		const [program = "", ...words] = candidate.command;
		const { status, error, stderr } = spawnSync(program, words, {
			encoding: "utf8",
			timeout: 60_000,
		});
		const [why = ""] = (error?.message ?? stderr).trim().split("\n");
		if (status === 0) present.push(candidate);
		else absent.push(`${candidate.what}: not here (${why})`);
	}
	return { present, absent };
}

/** What runc is to run: `true`, in the root file system that the steps run in. */
function describeBundle(folder: string): void {
	if (spawnSync("runc", ["spec", "--bundle", folder]).status !== 0) return;
	const file = join(folder, "config.json");
	const bundle = JSON.parse(readFileSync(file, "utf8"));
	bundle.process.args = ["true"];
	bundle.process.terminal = false;
	bundle.root = { path: ROOTFS, readonly: true };
	writeFileSync(file, JSON.stringify(bundle));
}

/** In a copy of the kit, from the moment a step is saved to the line that judges it. */
async function regrades(kit: string): Promise<Row> {
	const row = emptyRow(WATCH);
	copyInto(kit);
	const step = listSteps()[2];
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
	// As a learner has done before: it keeps what is compiled, which a grading doesn't.
	await once(start("step", String(step.number), "true"), "close");
	const watcher = start("check", "--watch", String(step.number));
	const ended = once(watcher, "close");
	try {
		await verdict(watcher);
		for (let turn = 0; turn < RUNS; turn++) {
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

/** What a watching grader says until it waits for the next save. */
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

/** What was aimed at, beside what was measured. Figures for Nodes that run TypeScript themselves, and for those that don't. */
interface Target {
	what: string;
	most?: number | undefined;
	least?: number | undefined;
	measured: number | undefined;
	unit: string;
}

function targets(results: Results): Target[] {
	const { starts, grading, crowd, waiting, redraw, looking } = results;
	const itself = "typescript" in process.features;
	const either = (newer: number, older?: number) => (itself ? newer : older);
	const ms = (what: string) => {
		const row = [...starts, ...grading, ...crowd].find(
			(it) => it.what === what,
		);
		return row?.failed === 0 && row.times.length > 0
			? median(row.times)
			: undefined;
	};
	const per = (
		part: number | undefined,
		whole: number | undefined,
		base: number | undefined = 0,
	) =>
		part === undefined || whole === undefined
			? undefined
			: (part - base) / whole;
	const last = ms(`solution ${LAST} true`);
	const bare = ms(BARE.what);
	const empty = ms(NOTHING);
	return [
		{
			what: `solution ${LAST} true`,
			most: either(3.2, 5),
			measured: per(last, bare),
			unit: "bare",
		},
		{
			what: "solution 1 true",
			most: either(3, 5),
			measured: per(ms("solution 1 true"), bare),
			unit: "bare",
		},
		{
			what: `npm run solution ${LAST} true, over ${NOTHING}`,
			most: either(3.5, 5.5),
			measured: per(ms(`npm run solution ${LAST} true`), bare, empty),
			unit: "bare",
		},
		{
			what: `npm start, over ${NOTHING}`,
			most: either(2.5, 4),
			measured: per(ms("npm start"), bare, empty),
			unit: "bare",
		},
		{
			what: `${DOCKER}, against solution ${LAST}`,
			least: either(3),
			measured: per(ms(DOCKER), last),
			unit: "times",
		},
		{
			what: "grading one step",
			most: either(0.9),
			measured: per(ms(CHECK_ONE.what), 1000),
			unit: "s",
		},
		{
			what: "grading all steps",
			most: either(2),
			measured: per(ms(CHECK_ALL.what), 1000),
			unit: "s",
		},
		{
			what: "grading again, from save to verdict",
			most: either(0.5),
			measured: per(ms(WATCH), 1000),
			unit: "s",
		},
		{
			what: "a supervisor waiting on a shell, memory",
			most: 60,
			measured: per(waiting?.memory, 1024),
			unit: "MiB",
		},
		{
			what: "a supervisor waiting on a shell, processor",
			most: 0,
			measured: per(waiting?.busy, waiting?.seconds),
			unit: "ms/s",
		},
		{
			what: `${REDRAW}, to the last line`,
			most: 50,
			measured: median(redraw.times),
			unit: "ms",
		},
		{
			what: "look, while nothing changes",
			most: 10,
			measured: per(looking.busy, looking.seconds),
			unit: "ms/s",
		},
		{
			what: `${CROWD} containers at once, against one`,
			most: 10,
			measured: per(ms(TOGETHER), crowd[0] && median(crowd[0].times)),
			unit: "times",
		},
	];
}

/** Whether a target is met; undefined where there is none for this Node, or nothing was measured. */
function met({ most, least, measured }: Target): boolean | undefined {
	if (measured === undefined) return undefined;
	if (most !== undefined) return measured <= most;
	return least === undefined ? undefined : measured >= least;
}

function page(results: Results): string {
	const { machine, starts, grading, crowd, absent } = results;
	return [
		`${machine}\n${RUNS} runs of each, in turn; milliseconds\n`,
		table(starts),
		absent.map((it) => `${it}\n`).join(""),
		table(grading),
		table(crowd),
		targetTable(targets(results)),
	]
		.filter(Boolean)
		.join("\n");
}

function json(results: Results): string {
	const withRatio = (rows: Row[]) =>
		rows.map((row) => ({ ...row, ...figures(row, rows[0]) }));
	return `${JSON.stringify(
		{
			...results,
			starts: withRatio(results.starts),
			grading: withRatio(results.grading),
			crowd: withRatio(results.crowd),
			targets: targets(results).map((it) => ({ ...it, met: met(it) })),
		},
		null,
		2,
	)}\n`;
}

/** Medians, the spread, each as a multiple of the first row, and the memory of the largest process. */
function table(rows: Row[]): string {
	const lines = rows.map((row) => {
		const { median, min, max, ratio } = figures(row, rows[0]);
		const times = [median, min, max].map((it) => it.toFixed(0).padStart(7));
		const peak = row.peak ? `${Math.round(row.peak / 1024)} MiB` : "";
		const failed = row.failed ? `  ${row.failed} failed` : "";
		return `${row.what.padEnd(34)}${times.join("")}${ratio.toFixed(2).padStart(8)}${peak.padStart(9)}${failed}`;
	});
	return `${"".padEnd(34)} median    min    max   ratio     peak\n${lines.join("\n")}\n`;
}

function figures({ times }: Row, first: Row | undefined) {
	return {
		median: median(times),
		min: Math.min(...times),
		max: Math.max(...times),
		ratio: median(times) / median(first?.times ?? []),
	};
}

function targetTable(list: Target[]): string {
	const lines = list.map((target) => {
		const { what, most, least, measured, unit } = target;
		const bound =
			most !== undefined
				? `≤ ${most}`
				: least !== undefined
					? `≥ ${least}`
					: "—";
		const word = { true: "met", false: "not met", undefined: "" }[
			String(met(target))
		];
		const value = measured === undefined ? "not measured" : measured.toFixed(2);
		return `${what.padEnd(48)}${bound.padStart(7)} ${value.padStart(12)} ${unit.padEnd(6)}${word}`.trimEnd();
	});
	return `${"".padEnd(48)} target     measured\n${lines.join("\n")}\n`;
}

function median(times: number[]): number {
	const sorted = times.toSorted((one, other) => one - other);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
