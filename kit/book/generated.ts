/** Compares the pages and the README with what other files say: code, diagrams, tables. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { HOME } from "../steps/catalog.ts";
import { readText } from "../steps/files.ts";
import { listChapters } from "./chapters.ts";
import { fillFences } from "./include.ts";
import { fillTable } from "./step-table.ts";

/** The files that are out of date, and their new text. */
export function outdatedFiles(): { file: string; text: string }[] {
	const pages = listChapters().map(({ file, isolation }) => ({
		file,
		fill: (text: string) =>
			fillTable(fillFences(text, isolation), ({ id }) => `${id}.md`),
	}));
	const readme = {
		file: join(HOME, "README.md"),
		fill: (text: string) => fillTable(text, ({ id }) => `notes/${id}.md`),
	};
	return [...pages, readme].flatMap(({ file, fill }) => {
		if (!existsSync(file)) return [];
		const text = readText(file);
		const filled = fill(text);
		return filled === text ? [] : [{ file, text: filled }];
	});
}
