/** `npm run pages`: updates what the pages and the README take from other files: code, diagrams, tables of steps. */

import { writeFileSync } from "node:fs";
import { outdatedFiles } from "../book/generated.ts";
import { write } from "../cli/terminal.ts";
import { shortPath } from "../steps/catalog.ts";

export function main(): number {
	for (const { file, text } of outdatedFiles()) {
		writeFileSync(file, text);
		write(1, `Changed ${shortPath(file)}\n`);
	}
	return 0;
}
