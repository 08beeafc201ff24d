/** The plans on the instructor's page, and where the class should be by the clock. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HOME } from "../../steps/catalog.ts";

export interface Plan {
	/** The heading above its table: "The plan for 90 minutes". */
	title: string;
	entries: Entry[];
}

export interface Entry {
	/** Minutes after the beginning. */
	from: number;
	minutes: number;
	/** Markdown. */
	what: string;
}

const PAGE = join(HOME, "notes/instructor.md");

export function listPlans(): Plan[] {
	return existsSync(PAGE) ? readPlans(readFileSync(PAGE, "utf8")) : [];
}

/** Each table with the columns from, minutes, what, under the heading above it. */
export function readPlans(markdown: string): Plan[] {
	const plans: Plan[] = [];
	let title = "";
	for (const line of markdown.split("\n")) {
		title = /^##+ (.*)/.exec(line)?.[1] ?? title;
		const [, hours, rest, minutes, what = ""] =
			/^\| *(\d+):(\d\d) *\| *(\d+) *\| *(.*?) *\|/.exec(line) ?? [];
		if (hours === undefined) continue;
		if (plans.at(-1)?.title !== title) plans.push({ title, entries: [] });
		const from = Number(hours) * 60 + Number(rest);
		plans.at(-1)?.entries.push({ from, minutes: Number(minutes), what });
	}
	return plans;
}

/** What the plan has now, and next. Undefined after its end. */
export function placeIn(
	{ entries }: Plan,
	minutes: number,
): { now: Entry | undefined; next: Entry | undefined } {
	const index = entries.findLastIndex(({ from }) => from <= minutes);
	const entry = entries[index];
	const over = !entry || minutes >= entry.from + entry.minutes;
	return { now: over ? undefined : entry, next: entries[index + 1] };
}

/** "1:08" */
export function clock(minutes: number): string {
	const whole = Math.max(0, Math.floor(minutes));
	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
