/**
 * `npm run transcripts [-- --image]`: runs all commands of the pages again and
 * reports where a page shows another output. `--image` includes those that are
 * true in the image only. In a container of the image it needs `docker run
 * --init`, because some commands leave orphans and later count them.
 */

import { difference } from "../book/agreement.ts";
import { play } from "../book/play.ts";
import { transcripts } from "../book/transcripts.ts";
import { colours, write } from "../cli/terminal.ts";
import { shortPath } from "../steps/catalog.ts";
import { parseWords } from "../steps/request.ts";

const USAGE = "npm run transcripts   or   npm run transcripts -- --image";

export async function main(args: string[]): Promise<number> {
	const { on } = parseWords(args, ["image"], USAGE);
	const { green, red } = colours(1);
	let problems = 0;
	for (const transcript of transcripts({ image: on.has("image") })) {
		const problem = difference(transcript, await play(transcript));
		if (problem) problems++;
		write(
			1,
			problem
				? `${red("✘")} ${problem}\n`
				: `${green("✔")} ${shortPath(transcript.page)}:${transcript.line}\n`,
		);
	}
	return problems > 0 ? 1 : 0;
}
