/** `npm run check N -- --list`: what is asked of a step, without running it. */

import { createRequire } from "node:module";
import { colours } from "../cli/terminal.ts";
import { listSteps, type Step } from "../steps/catalog.ts";
import { lasting, RUNS } from "./demands.ts";
import { requireChecks } from "./grade.ts";
import type { Check } from "./requirement.ts";
import { checkFile } from "./subject.ts";

const require = createRequire(import.meta.url);

/** The titles of a step's own requirements, and below them those of earlier steps that last. */
export function requirementsText(step: Step): string {
	requireChecks(step.number);
	const { bold, dim } = colours(1);
	const row = (title: string) => `    ${title}\n`;
	const extras = checkOf(step).requirements.filter(({ extra }) => extra);
	const earlier = listSteps()
		.filter(({ number }) => number < step.number)
		.map((it) => ({
			number: it.number,
			titles: lasting(checkOf(it)).map(({ title }) => title),
		}))
		.filter(({ titles }) => titles.length > 0);
	const below = earlier.map(
		({ number, titles }) =>
			`  ${dim(`still holds from step ${number}:`)}\n${titles.map(row).join("")}`,
	);
	return `${bold(`${step.number} ${step.name}`)}\n${ownTitles(step).map(row).join("")}${below.join("")}${extras.map(({ title }) => `  ★ ${title}\n`).join("")}`;
}

/** The titles of a step's own requirements, without those of earlier steps. */
export function ownTitles(step: Step): string[] {
	const own = checkOf(step).requirements.filter(({ extra }) => !extra);
	return [RUNS, ...own.map(({ title }) => title)];
}

/** What a step's check file exports. */
export function checkOf(step: Step): Check {
	return require(checkFile(step)).default;
}
