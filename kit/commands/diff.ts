/** `npm run diff N`: a learner's container.ts beside the reference. */

import { existsSync } from "node:fs";
import { diffLines } from "diff";
import { CommandError, colours, write } from "../cli/terminal.ts";
import { shortPath } from "../steps/catalog.ts";
import { readText } from "../steps/files.ts";
import { parseWords, requireStep } from "../steps/request.ts";

const USAGE = "npm run diff N";

export function main(args: string[]): number {
	const { words } = parseWords(args, [], USAGE);
	if (words.length > 1)
		throw new CommandError(2, `One step at a time.\nUsage: ${USAGE}`);
	const { number, file, solution } = requireStep(words[0], USAGE);
	if (!existsSync(file))
		throw new CommandError(
			1,
			`${shortPath(file)} is missing: npm run reset ${number}`,
		);
	const yours = readText(file);
	const reference = readText(solution);
	if (yours === reference) {
		write(1, `${shortPath(file)} is identical to the reference.\n`);
		return 0;
	}

	const { red, green, dim } = colours(1);
	let text = `${red(`- ${shortPath(file)}`)}\n${green(`+ ${shortPath(solution)}`)}\n\n`;
	for (const { added, removed, value } of diffLines(yours, reference)) {
		const [mark, colour] = added
			? ["+", green]
			: removed
				? ["-", red]
				: [" ", dim];
		for (const line of value.replace(/\n$/, "").split("\n"))
			text += `${colour(`${mark} ${line}`)}\n`;
	}
	write(1, text);
	return 0;
}
