/** `npm run validate [N]`: says in sentences what the files of a step still lack. Exit status 0 if nothing, else 1. */

import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { outdatedFiles } from "../book/generated.ts";
import { CommandError, colours, write } from "../cli/terminal.ts";
import type { Check, Submissions } from "../grader/index.ts";
import { HOME, listSteps, type Step, shortPath } from "../steps/catalog.ts";
import { readText } from "../steps/files.ts";
import { hintsFile, readHints, readPage } from "../steps/page.ts";
import { parseWords, requireStep } from "../steps/request.ts";
import { starter } from "../steps/starter.ts";

const require = createRequire(import.meta.url);

const USAGE = "npm run validate   or   npm run validate N";

export function main(args: string[]): number {
	const { words } = parseWords(args, [], USAGE);
	if (words.length > 1)
		throw new CommandError(
			2,
			`Name one step, or none for all steps.\nUsage: ${USAGE}`,
		);
	const [word] = words;
	const steps = word === undefined ? listSteps() : [requireStep(word, USAGE)];
	const lacks = steps.map((step) => ({
		name: `${step.number} ${step.name}`,
		sentences: lacksOf(step),
	}));
	if (word === undefined)
		lacks.push({ name: "the steps together", sentences: lacksOfAll(steps) });
	const { green, red } = colours(1);
	for (const { name, sentences } of lacks)
		write(
			1,
			sentences.length === 0
				? `${green("✔")} ${name}\n`
				: `${red("✘")} ${name}\n${sentences.map((it) => `  ${it}\n`).join("")}`,
		);
	return lacks.every(({ sentences }) => sentences.length === 0) ? 0 : 1;
}

/** The files of a step, and what each is. */
function filesOf(step: Step): [string, string][] {
	return [
		[step.solution, "the reference"],
		[step.file, "the starter, which npm run starters writes"],
		[step.page, "the page"],
		[hintsFile(step.page), "the hints"],
		[checkFile(step), "what the step must establish"],
		[submissionsFile(step), "the wrong and right submissions"],
	];
}

const checkFile = ({ id }: Step) => join(HOME, "checks", `${id}.check.ts`);
const submissionsFile = ({ id }: Step) =>
	join(HOME, "checks", `${id}.submissions.ts`);

function lacksOf(step: Step): string[] {
	const files = filesOf(step);
	const missing = files.filter(([file]) => !existsSync(file));
	if (missing.length > 0)
		return missing.map(
			([file, what]) => `${shortPath(file)} is missing: ${what}.`,
		);
	return [
		...lacksOfSolution(step),
		...lacksOfPage(step),
		...lacksOfCheck(step),
		...files.flatMap(([file]) => unwritten(file)),
	];
}

function lacksOfSolution(step: Step): string[] {
	const before = listSteps().find(({ number }) => number === step.number - 1);
	const text = starter(step);
	const [solution, start] = [shortPath(step.solution), shortPath(step.file)];
	return sentences([
		[
			!/\/\/ TODO: /.test(text),
			`${solution} has no comment that says what its new lines achieve, so the starter has no TODO.`,
		],
		[
			readText(step.solution) === text.replaceAll("// TODO: ", "// "),
			`${solution} adds no code to ${before ? shortPath(before.solution) : "the empty functions"}.`,
		],
		[
			readText(step.file) !== text,
			`${start} is not the starter of this solution. Write it with: npm run starters`,
		],
	]);
}

function lacksOfPage(step: Step): string[] {
	const name = shortPath(step.page);
	let page: ReturnType<typeof readPage>;
	try {
		page = readPage(step.page);
	} catch (error) {
		return [(error as Error).message];
	}
	const hints = readHints(step.page).filter((hint) => hint.trim() !== "");
	return sentences([
		[page.title === "", `${name} has no title in its front matter.`],
		[page.goal === "", `${name} has no goal in its front matter.`],
		[!(page.minutes > 0), `${name} does not say how many minutes it takes.`],
		[page.calls.length === 0, `${name} names no call in its front matter.`],
		[
			page.proved === "",
			`${name} does not say what a passed check has proved.`,
		],
		[page.try.length < 2, `${name} has fewer than two commands to try.`],
		[!/^## /m.test(page.body), `${name} has no section.`],
		[
			hints.length < 3,
			`${shortPath(hintsFile(step.page))} has ${hints.length} of at least three hints.`,
		],
	]);
}

function lacksOfCheck(step: Step): string[] {
	const [check, submissions] = [checkFile(step), submissionsFile(step)];
	let checks: Check[];
	let graded: Partial<Submissions>;
	try {
		checks = listSteps()
			.filter((it) => it.number <= step.number && existsSync(checkFile(it)))
			.map((it) => require(checkFile(it)).default);
		graded = require(submissions).default ?? {};
	} catch (error) {
		const [problem] = (error as Error).message.split("\n");
		return [`The check can't be loaded: ${problem}`];
	}
	const { wrong = [], right = [] } = graded;
	const extras = checks.at(-1)?.requirements.filter(({ extra }) => extra) ?? [];
	const [, tasks = ""] = readText(step.page).split("\n## Go further\n");
	const name = shortPath(submissions);
	const own = (checks.at(-1)?.requirements ?? []).map(({ id }) => id);
	const demanded = ["runs", ...own, ...checks.slice(0, -1).flatMap(lastingIds)];
	return sentences([
		[own.length === 0, `${shortPath(check)} has no requirement of the step.`],
		[
			extras.length !== tasks.split("**★ ").length - 1,
			`${shortPath(step.page)} has not a task **★ …** in "Go further" for each extra of ${shortPath(check)}.`,
		],
		...extras.map(({ id }): [boolean, string] => [
			!right.some(({ starred }) => starred === id),
			`${name} has no right submission that does the extra ${id}.`,
		]),
		[wrong.length === 0, `${name} has no wrong submission.`],
		[right.length === 0, `${name} has no right submission.`],
		...wrong.map(({ what, fails }): [boolean, string] => [
			!demanded.includes(fails),
			`${name} says that "${what}" fails ${fails}, which is not a requirement of this step.`,
		]),
		[
			wrong.length > 0 && !wrong.some(({ fails }) => own.includes(fails)),
			`${name} has no wrong submission that fails one of the step's own requirements.`,
		],
	]);
}

/** The requirements that later steps must meet, too. */
function lastingIds({ requirements, together }: Check): string[] {
	if (together) return [together.id];
	return requirements.flatMap(({ id, lasts }) => (lasts ? [id] : []));
}

/** The lines of `npm run new-step` that still have to be written. */
function unwritten(file: string): string[] {
	return readText(file)
		.split("\n")
		.flatMap((line, index) =>
			line.includes("TO WRITE")
				? [
						`${shortPath(file)}:${index + 1} still has to be written: ${line.trim()}`,
					]
				: [],
		);
}

/** Problems of all steps together: a gap in the numbers, or files made from all steps. */
function lacksOfAll(steps: Step[]): string[] {
	const known = steps.map(({ id }) => id);
	const nameless = ["steps", "notes", "checks"].flatMap((room) =>
		readdirSync(join(HOME, room))
			.filter((file) => /^\d\d-/.test(file) && !/^00-/.test(file))
			.filter((file) => !known.includes(file.replace(/\..*/, "")))
			.map((file) => `${room}/${file}`),
	);
	return sentences([
		...steps.map(({ number, id }, index): [boolean, string] => [
			number !== index + 1,
			`solutions/${id} should be step ${index + 1}: the numbers begin with 1 and have no gap.`,
		]),
		...nameless.map((file): [boolean, string] => [
			true,
			`${file} belongs to no step: no solution has that name.`,
		]),
		...outdated().map((file): [boolean, string] => [
			true,
			`${file} has a table, a diagram or code that is not up to date. Update it with: npm run pages`,
		]),
	]);
}

/** A page that can't be read is reported with its step. */
function outdated(): string[] {
	try {
		return outdatedFiles().map(({ file }) => shortPath(file));
	} catch {
		return [];
	}
}

function sentences(lacks: [boolean, string][]): string[] {
	return lacks.flatMap(([lacking, sentence]) => (lacking ? [sentence] : []));
}
