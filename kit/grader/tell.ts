/** Prints a grading on a terminal. */

import { isatty } from "node:tty";
import wrapAnsi from "wrap-ansi";
import { colours, write } from "../cli/terminal.ts";
import { listSteps, type Step } from "../steps/catalog.ts";
import { accumulate, changesTo, NO_ISOLATION } from "../steps/kinds.ts";
import { readPage } from "../steps/page.ts";
import { partOf } from "../steps/parts.ts";
import { openStepAfter } from "../steps/progress.ts";
import type { RequirementResult, Results, StepResult } from "./results.ts";
import type { Role } from "./subject.ts";

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
	const requirements = step.requirements.map(requirementText).join("");
	const news = step.firstPass ? firstPassText(step) : "";
	return `${mark} ${titleOf(step)} ${score}\n${requirements}${unseenText(step)}${news}${extrasText(step)}`;
}

/** A star for each task of "Go further" that is done; on the first pass, those that are open, too. */
function extrasText({ state, number, extras, firstPass }: StepResult): string {
	const { yellow, dim } = colours(1);
	if (state !== "passed" || !extras) return "";
	const done = extras.filter(({ holds }) => holds);
	const open = extras.filter(({ holds }) => firstPass && !holds);
	const where = `for practice, in "Go further" of npm run notes ${number}`;
	return [
		...done.map(({ title }) => `${MARK}${yellow("★")} ${title}\n`),
		...open.map(({ title }) =>
			line("☆", `not yet: ${title}. It is ${where}`, dim),
		),
	].join("");
}

/** Told once a step: what its check has proved, and what the step changed in the diagram. */
function firstPassText({ number }: StepResult): string {
	const pages = listSteps().map(({ page }) => readPage(page));
	const isolations = accumulate(pages);
	const after = isolations[number - 1] ?? NO_ISOLATION;
	const changes = after.first
		? ["there is a container; it shares everything with the dev container"]
		: changesTo(isolations[number - 2] ?? NO_ISOLATION, after);
	return (
		line("proved", pages[number - 1]?.proved) +
		line("changed", changes.join(" · "))
	);
}

function line(
	name: string,
	words: string | undefined,
	colour?: (line: string) => string,
): string {
	return partText(name, words, colour, MARK);
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
	const { state, title, seen, why, look, remark } = requirement;
	if (remark)
		return `${MARK}${colours(1).green("✔")} ${title}\n${partText("note", remark)}`;
	// Requirements that wait for those that failed are reported together.
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
	indent = PART,
): string {
	if (!words) return "";
	const margin = `${indent}${colours(1).dim(name.padEnd(NAME_WIDTH))}`;
	const below = indent + " ".repeat(NAME_WIDTH);
	const width = process.stdout.columns || Number.POSITIVE_INFINITY;
	const room = Math.max(width - below.length, NARROWEST);
	return words
		.split("\n")
		.flatMap((line) => broken(line, room))
		.map((line, index) => `${index === 0 ? margin : below}${colour(line)}\n`)
		.join("");
}

/** A line as several that fit, all below its first word, or below what follows a name such as "here". */
function broken(line: string, room: number): string[] {
	const [margin = ""] = /^ *(?:\w+ {2,})?/.exec(line) ?? [];
	const left = Math.min(margin.length, Math.max(room - NARROWEST, 0));
	return wrapAnsi(line.slice(left), room - left, { trim: false })
		.split("\n")
		.map((part, index) =>
			index === 0
				? line.slice(0, left) + part.trimEnd()
				: " ".repeat(left) + part.trim(),
		);
}

function unseenText({ requirements }: StepResult): string {
	const unseen = requirements.filter(
		({ state, seen }) => state === "unseen" && !seen,
	).length;
	if (unseen === 0) return "";
	const [runs] = requirements;
	const words =
		runs?.state === "failed"
			? `the other ${unseen} can't be checked until the command runs`
			: `${unseen === 1 ? "1 more is" : `${unseen} more are`} checked when these hold, in further containers`;
	return `    ${colours(1).dim(words)}\n`;
}

/** The last line. */
export function summaryText(results: Results, role: Role): string {
	const { bold, cyan } = colours(1);
	const { done, of, next } = results;
	const score = of === 1 ? "" : `${bold(`${done} of ${of} done`)} · `;
	const already = role === "step" ? doneAlready(results) : "";
	return `${score}${already}next: ${cyan(next)}\n`;
}

/** Which steps of the same part, after those that were graded, are passed over, since they are done. */
function doneAlready({ steps, done, of }: Results): string {
	const last = steps.at(-1)?.number ?? 0;
	const part = partOf(last)?.steps ?? [];
	if (done < of) return "";
	const open = openStepAfter(last, part)?.number ?? 0;
	const end = open > last ? open : Number.POSITIVE_INFINITY;
	const over = part
		.map(({ number }) => number)
		.filter((number) => number > last && number < end);
	if (over.length === 0) return "";
	const words =
		over.length > 1 ? `${over[0]} to ${over.at(-1)} are` : `${over[0]} is`;
	return `${words} done already · `;
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
