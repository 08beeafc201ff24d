/** The results as tables and as JSON. */

import { listSteps } from "../steps/catalog.ts";
import { type Results, RUNS } from "./measure.ts";
import { median, type Row } from "./stopwatch.ts";
import { solution } from "./subjects.ts";
import { met, type Target, targets } from "./targets.ts";

export function page(results: Results): string {
	const { machine, starts, grading, crowd, absent } = results;
	return [
		`${machine}\n${RUNS} runs of each, in turn; milliseconds\n`,
		table(starts),
		absent.map((it) => `${it}\n`).join(""),
		stepTable(starts),
		table(grading),
		table(crowd),
		targetTable(targets(results)),
	]
		.filter(Boolean)
		.join("\n");
}

export function json(results: Results): string {
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

/** What each step costs over the one before it: the median over the turns, since in a turn both had the same machine. */
function stepTable(starts: Row[]): string {
	const rows = listSteps().flatMap(({ number }) =>
		starts.filter(({ what }) => what === solution(number, "true").what),
	);
	const lines = rows.slice(1).map((row, index) => {
		const before = rows[index]?.times ?? [];
		const more = row.times.map((time, turn) => time - (before[turn] ?? 0));
		return `${row.what.padEnd(34)}${median(more).toFixed(1).padStart(7)}`;
	});
	return `${"".padEnd(34)}   more than the step before\n${lines.join("\n")}\n`;
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
