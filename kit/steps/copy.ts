/** Copies of the kit, for tests and the bench to do with as they like. */

import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HOME, listSteps } from "./catalog.ts";
import { starter } from "./starter.ts";

/** Copies the kit into a folder. The learner has begun nothing in the copy, and the packages are this kit's own. */
export function copyInto(folder: string): void {
	for (const name of [
		"package.json",
		"runtime",
		"steps",
		"solutions",
		"notes",
		"checks",
		"kit",
	])
		cpSync(join(HOME, name), join(folder, name), {
			recursive: true,
			filter: (path) => !/\.(hints|progress)\.json$/.test(path),
		});
	for (const step of listSteps())
		writeFileSync(
			join(folder, "steps", step.id, "container.ts"),
			starter(step),
		);
	symlinkSync(join(HOME, "node_modules"), join(folder, "node_modules"));
}
