/** `npm run pages`: writes the code and the diagrams that stand in the pages anew, from the files they come from. */

import { writeFileSync } from "node:fs";
import { listChapters } from "../book/chapters.ts";
import { fillFences } from "../book/include.ts";
import { write } from "../cli/terminal.ts";
import { shortPath } from "../steps/catalog.ts";
import { readText } from "../steps/page.ts";

export function main(): number {
	for (const { file, isolation } of listChapters()) {
		const text = readText(file);
		const filled = fillFences(text, isolation);
		if (filled === text) continue;
		writeFileSync(file, filled);
		write(1, `Changed ${shortPath(file)}\n`);
	}
	return 0;
}
