/** The class as one CSV: a line for each learner and step. */

import type { Learner } from "./roster.ts";

const COLUMNS = [
	"name",
	"kit",
	"last heard",
	"step",
	"state",
	"passed",
	"of",
	"failing",
	"failed before",
	"hints",
	"opinion",
];

export function toCsv(learners: Learner[]): string {
	const rows = learners.flatMap(({ message, received }) =>
		message.steps.map((it) => [
			message.name,
			message.kit,
			new Date(received).toISOString(),
			it.step,
			it.state,
			it.passed,
			it.of,
			it.failing.join(" "),
			(it.failed ?? []).join(" "),
			it.hints,
			it.opinion ?? "",
		]),
	);
	return [COLUMNS, ...rows]
		.map((row) => `${row.map(cell).join(",")}\r\n`)
		.join("");
}

/** A spreadsheet takes a text that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string | number): string {
	const text = String(value);
	const safe = FORMULA.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
