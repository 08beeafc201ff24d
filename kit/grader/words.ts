/** Words of a learner's program, as they are shown: in few lines that fit, without escape sequences. */

import { stripVTControlCharacters } from "node:util";
import { TOKEN } from "./output.ts";

const LINES = 12;
const WIDTH = 240;

/** A text that a container can have written: bounded in lines and width, printable, without the grader's own words. */
export function bounded(text: string): string {
	const lines = printable(text).split("\n");
	const kept =
		lines.length > LINES
			? [
					...lines.slice(0, LINES - 1),
					`… and ${lines.length - LINES + 1} more lines`,
				]
			: lines;
	return kept.map(cut).join("\n");
}

/** The last that a program wrote: the kit's words about an error, if that came last, or the last lines. */
export function lastWords(output: string): string {
	const lines = printable(output)
		.split("\n")
		.filter((line) => !line.includes(TOKEN));
	const error = lines.findLastIndex((line) => line.startsWith("✘ "));
	const block =
		error < 0 ? lines.join("\n").trim().split("\n") : lines.slice(error);
	const kept = error < 0 ? block.slice(-LINES) : block.slice(0, LINES);
	const cutBefore = kept.length < block.length && error < 0 ? "…\n" : "";
	return cutBefore + kept.map(cut).join("\n").trim();
}

/** A command, as one names it in a sentence: the grader's own scripts by what they are. */
export function shown(command: string[]): string {
	const words = command.map((word) =>
		/^[\w./=+:@%,-]+$/.test(word) ? word : JSON.stringify(word),
	);
	if (command.some((word) => word.includes(TOKEN)))
		return `${command[0]}, the grader's command`;
	const text = words.join(" ");
	return [...text].length <= 60
		? text
		: `${words[0]} … (${words.length} words)`;
}

/** Without control characters, and without those that turn the direction of a line. */
function printable(text: string): string {
	return stripVTControlCharacters(text)
		.replaceAll("\r\n", "\n")
		.replace(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}

function cut(line: string): string {
	const characters = [...line];
	return characters.length > WIDTH
		? `${characters.slice(0, WIDTH - 1).join("")}…`
		: line;
}
