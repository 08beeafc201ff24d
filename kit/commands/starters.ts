/**
 * `npm run starters`: updates steps/ after a change of a solution. `-- --check`
 * writes nothing and names the files that differ.
 */

import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { CommandError, write } from "../cli/terminal.ts";
import { HOME, listSteps } from "../steps/catalog.ts";
import { readText } from "../steps/files.ts";
import { parseWords } from "../steps/request.ts";
import { starterFiles } from "../steps/starters.ts";
import { reset } from "./reset.ts";

const USAGE = "npm run starters   or   npm run starters -- --check";

export function main(args: string[]): number {
	const { on, words } = parseWords(args, ["check"], USAGE);
	if (words.length > 0)
		throw new CommandError(2, `The command takes no words.\nUsage: ${USAGE}`);
	const different = [...starterFiles()]
		.map(([name, text]) => ({ name, path: join(HOME, "steps", name), text }))
		.filter(({ path, text }) => !existsSync(path) || readText(path) !== text);
	if (on.has("check")) {
		if (different.length > 0)
			throw new CommandError(
				1,
				`These files differ from the solutions' starters: ${different.map(({ name }) => `steps/${name}`).join(", ")}.\nUpdate them: npm run starters\n`,
			);
		refuseOtherFiles();
		return 0;
	}
	for (const { path, text } of different) {
		const step = listSteps().find(({ file }) => file === path);
		// The old file may be a learner's work: keep it beside the new one.
		if (step) write(1, reset(step));
		else writeFileSync(path, text);
	}
	return 0;
}

/** Refuses other files in steps/, which is the learner's folder. Files that git ignores are the learner's work. */
function refuseOtherFiles(): void {
	const more = readdirSync(join(HOME, "steps"), {
		recursive: true,
		withFileTypes: true,
	})
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.map((path) => relative(join(HOME, "steps"), path))
		.filter((name) => !starterFiles().has(name))
		.filter((name) => !/^\..*\.json$|\/container\..*\.ts$/.test(name));
	if (more.length > 0)
		throw new CommandError(
			1,
			`steps/ holds more than starters: ${more.join(", ")}. It is the learner's folder.\n`,
		);
}
