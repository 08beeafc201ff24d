/**
 * The transcripts in the pages.
 *
 * How a fence in a page reads:
 *
 *     ```console                typed into a shell in the container of that page's own solution
 *     ```console before         … of the previous step's solution
 *     ```console dev            typed in the dev container, in the kit's folder, all steps solved
 *     ```console dev starter    … and all steps as they are before one has begun
 *     ```console image          any of these with `image`: true in the dev container's image only
 *                               (a Debian root file system, apt-get, a network, strace)
 *
 * include.ts describes two more kinds of fences, for code and diagrams.
 *
 * A line that begins with `$ ` is typed; the lines after it are its whole
 * output. `…` stands for varying output: within a line for any text, alone on a
 * line for any number of lines. One fence is one shell, so a variable or a
 * background job lasts until the end of the fence.
 *
 * `npm run transcripts` runs them all.
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { lexer } from "marked";
import { HOME, listSteps, type Step, shortPath } from "../steps/catalog.ts";
import { readText } from "../steps/files.ts";
import { readPage } from "../steps/page.ts";

/** One fence of a page. */
export interface Transcript {
	/** The page's path. */
	page: string;
	/** The line of the page where the fence opens. */
	line: number;
	/** The step of the container in which it is typed; none for the dev container. */
	step: Step | undefined;
	/** Whether all steps are starters. */
	starter: boolean;
	/** Whether it is true in the image only. */
	image: boolean;
	exchanges: Exchange[];
}

export interface Exchange {
	/** The line of the page where it is typed. */
	line: number;
	command: string;
	/** The lines of its output. */
	output: string[];
}

const PROMPT = "$ ";

/** All transcripts of all pages. With `image`, also those that are true in the image only. */
export function transcripts({ image = false } = {}): Transcript[] {
	return listPages()
		.flatMap(transcriptsOf)
		.filter((it) => image || !it.image);
}

/** The paths of the pages, in order. */
export function listPages(): string[] {
	const folder = join(HOME, "notes");
	return readdirSync(folder)
		.filter((name) => /(?<!\.hints)\.md$/.test(name))
		.sort()
		.map((name) => join(folder, name));
}

/** The transcripts of one page. Only the page's top level is searched, no lists or quotes. */
function transcriptsOf(page: string): Transcript[] {
	const { body } = readPage(page);
	const text = readText(page);
	let line = lines(text).length - lines(body).length + 1;
	const found: Transcript[] = [];
	for (const token of lexer(body)) {
		if (token.type === "code" && /^console\b/.test(token.lang ?? ""))
			found.push({
				page,
				line,
				...place(page, line, token.lang),
				exchanges: exchanges(token.text, line + 1),
			});
		line += lines(token.raw).length - 1;
	}
	return found;
}

/** Where a fence's commands are typed, from the words after its backticks. */
function place(page: string, line: number, info: string) {
	const words = new Set(info.split(/\s+/));
	const [image, beginning, dev, before] = [
		words.delete("image"),
		words.delete("starter"),
		words.delete("dev"),
		words.delete("before"),
	];
	words.delete("console");
	const steps = listSteps();
	const own = steps.findIndex((step) => step.page === page);
	const step = dev ? undefined : steps[own - (before ? 1 : 0)];
	if (words.size > 0 || (dev && before) || (!dev && (own < 0 || !step)))
		throw new Error(
			`${shortPath(page)}:${line}: unknown kind of transcript: \`\`\`${info}`,
		);
	return { image, starter: beginning, step };
}

function exchanges(text: string, firstLine: number): Exchange[] {
	const found: Exchange[] = [];
	for (const [index, line] of lines(text).entries()) {
		if (line.startsWith(PROMPT))
			found.push({
				line: firstLine + index,
				command: line.slice(PROMPT.length),
				output: [],
			});
		else found.at(-1)?.output.push(line);
	}
	return found;
}

function lines(text: string): string[] {
	return text.split("\n");
}
