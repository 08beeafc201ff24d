/** `npm run hint [N]`: the next hint of a step, in the terminal. */

import { type PageStyle, terminalStyle } from "../book/page-style.ts";
import { render } from "../book/terminal.ts";
import { CommandError, write } from "../cli/terminal.ts";
import type { Step } from "../steps/catalog.ts";
import { hintsGiven, keepHintsGiven } from "../steps/hints.ts";
import { readHints } from "../steps/page.ts";
import { currentStep } from "../steps/progress.ts";
import { parseWords, requireStep } from "../steps/request.ts";

const USAGE =
	"npm run hint [N]   or   npm run hint N -- --all   or   npm run hint N -- --again";

export function main(args: string[]): number {
	const { on, words } = parseWords(args, ["again", "all"], USAGE);
	if (words.length > 1)
		throw new CommandError(2, `One step at a time.\nUsage: ${USAGE}`);
	const step =
		words[0] === undefined ? currentStep() : requireStep(words[0], USAGE);
	const hints = readHints(step.page);
	if (hints.length === 0)
		throw new CommandError(1, `Step ${step.number} has no hints.`);

	const given = hintsGiven(step);
	const first = on.has("all") || on.has("again") ? 0 : given;
	const last = on.has("all")
		? hints.length
		: Math.min(hints.length, on.has("again") ? Math.max(given, 1) : given + 1);
	printHints(step, hints, first, last, terminalStyle({}));
	if (last > given) remember(step, last, on.has("all"));
	return 0;
}

/** Prints the hints from index `first` to before `last`, and what to type next. */
function printHints(
	step: Step,
	hints: string[],
	first: number,
	last: number,
	style: PageStyle,
): void {
	const { bold, dim } = style.colours;
	const left = hints.length - last;
	const n = step.number;
	const said = hints
		.slice(first, last)
		.map(
			(text, index) =>
				`${bold(`Step ${n}, hint ${first + index + 1} of ${hints.length}`)}\n${render(text, style)}\n`,
		);
	const after =
		left > 0
			? `${left === 1 ? "One more is" : `${left} more are`} left: npm run hint ${n}`
			: said.length > 0
				? `That was the last one. Read the page: npm run notes ${n}. Compare with the reference: npm run diff ${n}`
				: `You have had all ${hints.length} hints of step ${n}. Read them again: npm run hint ${n} -- --again`;
	write(1, `${said.join("")}${dim(render(after, style).trimEnd())}\n`);
}

function remember(step: Step, count: number, all: boolean): void {
	try {
		keepHintsGiven(step, count);
	} catch (error) {
		if (all) return;
		const { code } = error as NodeJS.ErrnoException;
		write(
			2,
			`The kit can't write steps/.hints.json (${code}), so the next hint will be this one again. Show all hints: npm run hint ${step.number} -- --all\n`,
		);
	}
}
