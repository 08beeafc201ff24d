/** The starter of a step made from the learner's own step before it, and what a learner is told of where a step begins. */

import { diffLines } from "diff/lib/diff/line.js";
import { CommandError } from "../cli/terminal.ts";
import { listSteps, type Step, shortPath } from "./catalog.ts";
import { readText } from "./files.ts";
import { stateOf } from "./progress.ts";
import { starter } from "./starter.ts";

/** Comment lines that a starter adds to the solution before it. */
interface Todo {
	lines: string[];
	/** The function that they stand in: "run". */
	within: string;
	/** The calls that follow them there, the nearest first, and which of that name in the function each is: ["mount", 1]. */
	before: [string, number][];
	/** They stand above the comment of that call, and not between the two. */
	aboveComment: boolean;
}

/**
 * What the learner wrote in the step before, with the TODO of this one.
 *
 * @throws CommandError where it can't be made
 */
export function starterFromMine(step: Step): string {
	const before = stepBefore(step);
	if (!before)
		throw new CommandError(1, "Before step 1 there is nothing of yours.");
	const state = stateOf(before);
	if (state === "missing" || state === "not started")
		throw new CommandError(
			1,
			`Your own step ${before.number} is ${state}: ${shortPath(before.file)}. Begin step ${step.number} with the solution of step ${before.number}: npm run reset ${step.number}`,
		);
	const mine = readText(before.file).replaceAll("// TODO: ", "// ");
	const made = todosOf(readText(before.solution), starter(step)).reduce(
		(text: string | undefined, todo) => text && insert(todo, text),
		mine,
	);
	if (made === undefined)
		throw new CommandError(
			1,
			`The TODO of step ${step.number} has no place in your step ${before.number}: ${shortPath(before.file)} calls reexec or execvp elsewhere than in the functions run and child. Begin with the solution of step ${before.number}: npm run reset ${step.number}`,
		);
	return made;
}

/** For a step that nothing is written in yet: what its file holds, and where the learner's own code is. */
export function beginningOf(step: Step): string {
	const before = stepBefore(step);
	if (!before || stateOf(step) !== "not started") return "";
	const { number } = before;
	const mine = stateOf(before);
	if (mine === "not started" || mine === "missing")
		return `The file begins with the solution of step ${number}.\n`;
	return `The file begins with the solution of step ${number}. Your own is kept in ${shortPath(before.file)}; to begin with it: npm run reset ${step.number} -- --from-mine\n`;
}

function stepBefore({ number }: Step): Step | undefined {
	return listSteps().find((it) => it.number === number - 1);
}

function todosOf(solution: string, start: string): Todo[] {
	const lines = solution.split("\n");
	const todos: Todo[] = [];
	let at = 0;
	for (const { added, value } of diffLines(solution, start)) {
		if (!added) {
			at += value.split("\n").length - 1;
			continue;
		}
		const start = lines.findLastIndex(
			(line, index) => index < at && functionIn(line) !== undefined,
		);
		const end = lines.indexOf("}", at);
		const calls = lines
			.slice(start + 1, end)
			.map(callIn)
			.map((call, index, all): [string, number] | undefined =>
				call === undefined
					? undefined
					: [call, count(all.slice(0, index), call)],
			);
		const following = calls.slice(at - start - 1);
		const first = following.findIndex(Boolean);
		todos.push({
			lines: value.replace(/\n$/, "").split("\n"),
			within: functionIn(lines[start] ?? "") ?? "",
			before: following.flatMap((call) => (call ? [call] : [])),
			aboveComment: lines.slice(at, at + first).some(isComment),
		});
	}
	return todos;
}

/** The text with the TODO above the first of its calls that is there. */
function insert(todo: Todo, text: string): string | undefined {
	const lines = text.split("\n");
	const start = lines.findIndex((line) => functionIn(line) === todo.within);
	if (start < 0) return undefined;
	const end = lines.indexOf("}", start);
	const body = lines.slice(start + 1, end);
	const found = todo.before
		.map(
			([call, nth]) =>
				body.flatMap((line, index) => (calls(line, call) ? [index] : []))[nth],
		)
		.find((index) => index !== undefined);
	if (found === undefined) return undefined;
	let at = start + 1 + found;
	while (todo.aboveComment && isComment(lines[at - 1] ?? "")) at--;
	return lines.toSpliced(at, 0, ...todo.lines).join("\n");
}

function count(names: (string | undefined)[], name: string): number {
	return names.filter((it) => it === name).length;
}

function functionIn(line: string): string | undefined {
	return /^export (?:async )?function (\w+)/.exec(line)?.[1];
}

/** What a line calls, or the name that it gives to something. */
function callIn(line: string): string | undefined {
	if (isComment(line)) return undefined;
	return (/\b(\w+)\(/.exec(line) ?? /\bconst (\w+) = /.exec(line))?.[1];
}

function calls(line: string, name: string): boolean {
	return (
		!isComment(line) &&
		new RegExp(`\\b${name}\\(|\\bconst ${name} = `).test(line)
	);
}

function isComment(line: string): boolean {
	return /^\s*\/\//.test(line);
}
