/**
 * Includes code of the kit's files and the step's diagram in a page. They are
 * stored in the page, so that the page can be read on a code host. `npm run
 * pages` updates them, and a test compares them.
 *
 *     ```ts solutions/04-chroot/container.ts#child     a function of that file
 *     ```diagram                                       what is the container's own after the step
 */

import { readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { CommandError, colours } from "../cli/terminal.ts";
import { HOME } from "../steps/catalog.ts";
import type { Isolation } from "../steps/kinds.ts";
import { drawText } from "./diagram.ts";

/** A page's text with every such fence updated. */
export function fillFences(text: string, isolation: Isolation): string {
	return text.replace(
		/^(```(ts \S+\/\S+|diagram)\n)(?:.*\n)*?(```)$/gm,
		(_, opening: string, words: string, closing: string) => {
			const content =
				words === "diagram"
					? stripVTControlCharacters(drawText(isolation, colours(1)).join("\n"))
					: include(words.slice("ts ".length));
			return `${opening}${content}\n${closing}`;
		},
	);
}

/**
 * A whole file, or after `#` one function, constant, interface or type of it,
 * with the comment above it.
 *
 * @param source "solutions/04-chroot/container.ts#child"
 */
export function include(source: string): string {
	const [path = "", name] = source.split("#");
	const file = join(HOME, path);
	if (!file.startsWith(HOME + sep) || !isFile(file))
		throw new CommandError(
			1,
			`A page includes ${path}, and that file does not exist.`,
		);
	const code = readFileSync(file, "utf8").replaceAll("\r\n", "\n").trimEnd();
	return name === undefined ? code : declaration(code, name, path);
}

function isFile(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** A declaration in formatted code: from its first line to the next line that is not indented. */
function declaration(code: string, name: string, path: string): string {
	const lines = code.split("\n");
	const begins = new RegExp(
		`^(export )?(default )?(async )?(function\\*?|const|let|class|interface|type) ${name}\\b`,
	);
	const at = lines.findIndex((line) => begins.test(line));
	if (at === -1)
		throw new CommandError(
			1,
			`A page includes ${path}#${name}, and ${path} declares no ${name}.`,
		);

	let first = at;
	while (/^(\/\/|\/\*\*| \*)/.test(lines[first - 1] ?? "")) first--;
	// It continues over lines that are indented, empty, or begin with a closing bracket.
	let last = at;
	while (/^(\s|$|[)\]}])/.test(lines[last + 1] ?? "end")) last++;
	return lines
		.slice(first, last + 1)
		.join("\n")
		.trimEnd();
}
