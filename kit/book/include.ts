/**
 * Code that a page shows is taken from its file when the page is read, so that
 * it can't go stale: an empty fence named ```ts solutions/04-chroot/container.ts#child
 */

import { existsSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { CommandError } from "../cli/terminal.ts";
import { HOME } from "../steps/catalog.ts";

/**
 * The code that a fence's words ask for: a whole file, or after `#` one
 * function, constant, interface or type of it, with the comment above it.
 *
 * @param words what follows the backticks: "ts runtime/reexec.ts#reexec"
 * @returns undefined where they name no file
 */
export function include(words: string): string | undefined {
	const [, , path = "", name] = /^(\S+) ([\w.-]+\/[\w./-]+)(?:#(\w+))?$/.exec(
		words.trim(),
	) ?? [""];
	if (!path) return;
	const file = join(HOME, path);
	if (!file.startsWith(HOME + sep) || !existsSync(file))
		throw new CommandError(
			1,
			`A page includes ${path}, and there is no such file.`,
		);
	const code = readFileSync(file, "utf8").trimEnd();
	return name === undefined ? code : declaration(code, name, path);
}

/** A declaration as the formatter lays it out: from its first column to the next line that is not indented. */
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
	// It goes on over lines that are indented, empty, or that only close brackets.
	let last = at;
	while (/^(\s|$|[)\]}])/.test(lines[last + 1] ?? "end")) last++;
	return lines
		.slice(first, last + 1)
		.join("\n")
		.trimEnd();
}
