/** `npm run new-step NAME`: makes the files of the next step, with a line TO WRITE in every gap. */

import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { CommandError, write } from "../cli/terminal.ts";
import { HOME, listSteps, type Step } from "../steps/catalog.ts";
import { writeAsOwner } from "../steps/files.ts";
import { parseWords } from "../steps/request.ts";
import { starter } from "../steps/starter.ts";

const USAGE = "npm run new-step NAME, a name such as ipc-namespace";
const WRONG_USAGE = 2;

const TEMPLATES = join(import.meta.dirname, "../steps/templates");

export function main(args: string[]): number {
	const { words } = parseWords(args, [], USAGE);
	const [name = ""] = words;
	if (words.length !== 1)
		throw new CommandError(WRONG_USAGE, `Give one name.\nUsage: ${USAGE}`);
	refuseBadName(name);
	const step = nextStep(name);
	const files = layOut(step);
	write(
		1,
		`Made the files of step ${step.number}:\n${files.map((file) => `  ${file}\n`).join("")}Next: npm run validate ${step.number}\n`,
	);
	return 0;
}

function refuseBadName(name: string): void {
	if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
		throw new CommandError(
			WRONG_USAGE,
			`${JSON.stringify(name)} is not a name for a step: a name has lower-case letters, digits and single hyphens, and starts with a letter.\nUsage: ${USAGE}`,
		);
	// `npm run notes start` names a page, so a step can't have that name.
	const taken = ["solutions", "notes"]
		.flatMap((room) => readdirSync(join(HOME, room)))
		.map((file) => file.replace(/^\d\d-/, "").replace(/\.md$/, ""));
	if (taken.includes(name))
		throw new CommandError(
			WRONG_USAGE,
			`The name ${name} is taken. Choose another one.\nUsage: ${USAGE}`,
		);
}

function nextStep(name: string): Step {
	const number = (listSteps().at(-1)?.number ?? 0) + 1;
	const id = `${String(number).padStart(2, "0")}-${name}`;
	return {
		number,
		name,
		id,
		file: join(HOME, "steps", id, "container.ts"),
		solution: join(HOME, "solutions", id, "container.ts"),
		page: join(HOME, "notes", `${id}.md`),
	};
}

/**
 * Writes a step's files. If one can't be written, none is left.
 *
 * @returns their paths, below the kit's folder
 */
function layOut(step: Step): string[] {
	const { id } = step;
	const files: [string, () => string][] = [
		[`solutions/${id}/container.ts`, () => solution(step)],
		// Derived from the solution, which is written before it.
		[`steps/${id}/container.ts`, () => starter(step)],
		[`notes/${id}.md`, () => template("page.md", step)],
		[`notes/${id}.hints.md`, () => template("hints.md", step)],
		[`checks/${id}.check.ts`, () => template("check.ts", step)],
		[`checks/${id}.submissions.ts`, () => template("submissions.ts", step)],
	];
	const made: string[] = [];
	try {
		for (const [file, text] of files) {
			const path = join(HOME, file);
			const folder = dirname(path);
			if (!existsSync(folder)) {
				mkdirSync(folder);
				made.push(folder);
			}
			writeAsOwner(path, text());
			made.push(path);
		}
	} catch (error) {
		for (const path of made) rmSync(path, { recursive: true, force: true });
		throw new CommandError(1, `No file was made: ${(error as Error).message}`);
	}
	return files.map(([file]) => file);
}

/** The solution of the step before, with a comment in the place of the new lines. */
function solution({ number }: Step): string {
	const before = listSteps().find((step) => step.number === number - 1);
	if (!before) throw new Error("there is no step to go on from");
	return readFileSync(before.solution, "utf8").replace(
		/^export async function run\(.*\n/m,
		"$&\t// TO WRITE: what the lines of this step achieve, and below, the lines.\n\n",
	);
}

function template(name: string, { id, number }: Step): string {
	return readFileSync(join(TEMPLATES, `${name}.txt`), "utf8")
		.replaceAll("{{id}}", id)
		.replaceAll("{{number}}", String(number));
}
