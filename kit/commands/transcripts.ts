/**
 * `npm run transcripts [-- --image]`: types all commands of the pages again, and
 * tells where a page says something else than what appears. `--image`: those as
 * well that are true in the image only. In a container of the image this wants
 * `docker run --init`, as some of them leave orphans and ask later whether any
 * are left.
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
	let lies = 0;
	for (const transcript of transcripts({ image: on.has("image") })) {
		const problem = difference(transcript, await play(transcript));
		if (problem) lies++;
		write(
			1,
			problem
				? `${red("✘")} ${problem}\n`
				: `${green("✔")} ${shortPath(transcript.page)}:${transcript.line}\n`,
		);
	}
	return lies > 0 ? 1 : 0;
}
