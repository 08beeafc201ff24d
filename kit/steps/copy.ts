/** Copies of the kit, for tests and the bench to change. */

import { cpSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { HOME } from "./catalog.ts";
import { writeStarters } from "./starters.ts";

/** Copies the kit into a folder, with starters in steps/. The packages are linked to this kit's. */
export function copyInto(folder: string): void {
	for (const name of [
		"package.json",
		"runtime",
		"solutions",
		"notes",
		"checks",
		"kit",
	])
		cpSync(join(HOME, name), join(folder, name), { recursive: true });
	writeStarters(join(folder, "steps"));
	symlinkSync(join(HOME, "node_modules"), join(folder, "node_modules"));
}
