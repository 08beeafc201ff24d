/** The pages and the README as they are to be: with the code, diagrams and tables that are made from other files. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { HOME } from "../steps/catalog.ts";
import { readText } from "../steps/files.ts";
import { listChapters } from "./chapters.ts";
import { fillFences } from "./include.ts";
import { fillTable } from "./step-table.ts";

/** The files that are not as they are to be, and what they are to hold. */
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
