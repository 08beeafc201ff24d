/** Prints a grading on a terminal. */

import { isatty } from "node:tty";
import wrapAnsi from "wrap-ansi";
import { colours, write } from "../cli/terminal.ts";
import { listSteps, type Step } from "../steps/catalog.ts";
import type { RequirementResult, Results, StepResult } from "./results.ts";

/** The indentation of a requirement's mark and of its parts, and the width of a part's name. */
const MARK = " ".repeat(4);
const PART = " ".repeat(8);
const NAME_WIDTH = 8;

/** A text is not wrapped to lines narrower than this. */
const NARROWEST = 20;

/** One step in words: its line, and under it each requirement that does not hold. */
export function stepText(step: StepResult): string {
	const { green, red, yellow, dim } = colours(1);
	const mark = {
		passed: green("✔"),
		failed: red("✘"),
		unjudged: yellow("?"),
		"not started": dim("○"),
		missing: red("?"),
	}[step.state];
	const score =
		step.state === "missing"
			? "container.ts is missing, or is no file"
			: step.state === "not started"
				? dim("not started")
				: `${String(step.passed).padStart(2)} of ${step.of}`;
	if (step.state === "unjudged")
		return `${mark} ${titleOf(step)} this machine was too busy to judge step ${step.number}\n`;
	return `${mark} ${titleOf(step)} ${score}\n${step.requirements.map(requirementText).join("")}${unseenText(step)}`;
}

/** A step that is being graded, or waits for those before it. */
export function pendingText(step: Step, graded: boolean): string {
	const { dim } = colours(1);
	return dim(`… ${titleOf(step)} ${graded ? "graded" : "running"}\n`);
}

/** "3 hostname", padded so that the scores form a column. */
function titleOf(step: Pick<Step, "number" | "name">): string {
	const title = (it: Pick<Step, "number" | "name">) =>
		`${it.number} ${it.name}`;
	const width = Math.max(...listSteps().map((it) => title(it).length));
	return title(step).padEnd(width + 1);
}

function requirementText(requirement: RequirementResult): string {
	const { state, title, seen, why, look } = requirement;
	// Requirements that can't be checked because the command does not run are reported once.
	if (state === "passed" || (state === "unseen" && !seen)) return "";
	const { red, bold, yellow } = colours(1);
	const mark = state === "failed" ? red("✘") : yellow("?");
	return (
		`${MARK}${mark} ${bold(title)}\n` +
		partText("seen", seen, yellow) +
		partText("why", why) +
		partText("look", look)
	);
}

/** A part of a diagnosis: its name and its words, wrapped to the terminal. */
function partText(
	name: string,
	words: string | undefined,
	colour = (line: string) => line,
): string {
	if (!words) return "";
	const margin = `${PART}${colours(1).dim(name.padEnd(NAME_WIDTH))}`;
	const below = PART + " ".repeat(NAME_WIDTH);
	const width = process.stdout.columns || Number.POSITIVE_INFINITY;
	const room = Math.max(width - below.length, NARROWEST);
	return words
		.split("\n")
		.flatMap((line) => broken(line, room))
		.map((line, index) => `${index === 0 ? margin : below}${colour(line)}\n`)
		.join("");
}

/** A line as several that fit. Leading blanks are kept. */
function broken(line: string, room: number): string[] {
	const [first = "", ...rest] = wrapAnsi(line, room, { trim: false }).split(
		"\n",
	);
	return [first, ...rest.map((part) => part.trimStart())].map((part) =>
		part.trimEnd(),
	);
}

function unseenText({ requirements }: StepResult): string {
	const unseen = requirements.filter(
		({ state, seen }) => state === "unseen" && !seen,
	).length;
	if (unseen === 0) return "";
	return `    ${colours(1).dim(`the other ${unseen} can't be checked until the command runs`)}\n`;
}

/** The last line. */
export function summaryText({ done, of, next }: Results): string {
	const { bold, cyan } = colours(1);
	const score = of === 1 ? "" : `${bold(`${done} of ${of} done`)} · `;
	return `${score}next: ${cyan(next)}\n`;
}

/** Prints each step when its turn comes; on a terminal, with a live line for each that is still to come. */
export function showSteps(steps: Step[]): (result: StepResult) => void {
	const live = isatty(1);
	const waiting = [...steps];
	const ready = new Map<number, StepResult>();
	const pending = () =>
		waiting.map((step) => pendingText(step, ready.has(step.number))).join("");
	if (live) write(1, pending());
	return (result) => {
		const up = waiting.length;
		ready.set(result.number, result);
		let text = "";
		for (
			let due = ready.get(waiting[0]?.number ?? 0);
			due;
			due = ready.get(waiting[0]?.number ?? 0)
		) {
			text += stepText(due);
			waiting.shift();
		}
		// Up to the first live line, and everything below it anew.
		write(1, live ? `\u001b[${up}A\u001b[J${text}${pending()}` : text);
	};
}
