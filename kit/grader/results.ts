/** What a grading found: the object that `npm run check -- --json` prints, and its words on a terminal. */

import type { TestModule } from "vitest/node";
import wrapAnsi from "wrap-ansi";
import { colours } from "../cli/terminal.ts";
import { listSteps, type Step } from "../steps/catalog.ts";
import type { Diagnosis } from "./requirement.ts";

/** See results.schema.json. */
export interface Results {
	steps: StepResult[];
	done: number;
	of: number;
	/** The next command to type. */
	next: string;
}

export interface StepResult {
	number: number;
	name: string;
	state: "passed" | "failed" | "not started" | "missing";
	passed: number;
	of: number;
	requirements: RequirementResult[];
}

export interface RequirementResult extends Partial<Diagnosis> {
	/** "4.directory" */
	id: string;
	title: string;
	/** "unseen": it can't be looked at, because the command does not run. */
	state: "passed" | "failed" | "unseen";
	/** Milliseconds. */
	duration: number;
}

/** A step that was graded, from vitest's own record of it. */
export function resultOf(step: Step, module: TestModule): StepResult {
	const requirements = [...module.children.allTests()].map((test) => {
		const { id = "", diagnosis } = test.meta().requirement ?? {};
		const { state, errors } = test.result();
		const result: RequirementResult = {
			id,
			title: test.name,
			state:
				state === "passed"
					? "passed"
					: state === "failed"
						? "failed"
						: "unseen",
			duration: Math.round(test.diagnostic()?.duration ?? 0),
			...diagnosis,
		};
		// A fault of the grader's own: better a strange word than none.
		if (state === "failed" && !diagnosis)
			result.seen = errors?.map(({ message }) => message).join("\n") ?? "";
		return result;
	});
	const passed = requirements.filter(({ state }) => state === "passed").length;
	const of = requirements.length;
	return {
		number: step.number,
		name: step.name,
		state: of > 0 && passed === of ? "passed" : "failed",
		passed,
		of,
		requirements,
	};
}

/** A step of which there is nothing to grade. */
export function ungraded(
	{ number, name }: Step,
	state: "not started" | "missing",
): StepResult {
	return { number, name, state, passed: 0, of: 0, requirements: [] };
}

/** All steps' results together, and what to type next. */
export function summarize(steps: StepResult[]): Results {
	const done = steps.filter(({ state }) => state === "passed").length;
	return { steps, done, of: steps.length, next: nextCommand(steps) };
}

function nextCommand(steps: StepResult[]): string {
	const step = steps.find(({ state }) => state !== "passed");
	if (!step) {
		const following = (steps.at(-1)?.number ?? 0) + 1;
		const there = listSteps().some(({ number }) => number === following);
		return there ? `npm run notes ${following}` : "npm start";
	}
	if (step.state === "missing") return `npm run reset ${step.number}`;
	if (step.state === "not started") return `npm run notes ${step.number}`;
	return `npm run hint ${step.number}`;
}

/** One step in words: its line, and under it each requirement that does not hold. */
export function stepText(step: StepResult): string {
	const { green, red, dim } = colours(1);
	const mark = {
		passed: green("✔"),
		failed: red("✘"),
		"not started": dim("○"),
		missing: red("?"),
	}[step.state];
	const score =
		step.state === "missing"
			? "container.ts is missing"
			: step.state === "not started"
				? dim("not started")
				: `${String(step.passed).padStart(2)} of ${step.of}`;
	const title = `${step.number} ${step.name}`.padEnd(18);
	return `${mark} ${title} ${score}\n${step.requirements.map(requirementText).join("")}${unseenText(step)}`;
}

/** A step that is still being looked at, or waits for those before it. */
export function pendingText({ number, name }: Step, graded: boolean): string {
	const { dim } = colours(1);
	return dim(
		`… ${`${number} ${name}`.padEnd(18)} ${graded ? "graded" : "running"}\n`,
	);
}

function requirementText(requirement: RequirementResult): string {
	if (requirement.state !== "failed") return "";
	const { red, bold, dim, yellow } = colours(1);
	let text = `    ${red("✘")} ${bold(requirement.title)}\n`;
	for (const part of ["seen", "why", "look"] as const) {
		const value = requirement[part];
		if (!value) continue;
		const words = indented(value, 16).slice(8 + part.length);
		text += `        ${dim(part)}${part === "seen" ? yellow(words) : words}\n`;
	}
	return text;
}

/** Each line moved to the right, and broken where the terminal ends. */
function indented(text: string, columns: number): string {
	const width = process.stdout.columns || 1000;
	return text
		.split("\n")
		.flatMap((line) => {
			const room = Math.max(width - columns, 20);
			const [first = "", ...rest] = wrapAnsi(line, room, { trim: false }).split(
				"\n",
			);
			return [first, ...rest.map((it) => it.trimStart())];
		})
		.map((line) => " ".repeat(columns) + line)
		.join("\n");
}

function unseenText({ requirements }: StepResult): string {
	const unseen = requirements.filter(({ state }) => state === "unseen").length;
	if (unseen === 0) return "";
	return `    ${colours(1).dim(`the other ${unseen} can't be looked at until it does`)}\n`;
}

/** The last line. */
export function summaryText({ done, of, next }: Results): string {
	const { bold, cyan } = colours(1);
	const score = of === 1 ? "" : `${bold(`${done} of ${of} done`)} · `;
	return `${score}next: ${cyan(next)}\n`;
}
