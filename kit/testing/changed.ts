/** For tests: copies of the kit in which a learner has changed something. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listSteps } from "../steps/catalog.ts";
import { copyKit } from "./kit.ts";

/** A copy of the kit in which a step's container.ts is the solution with a change. */
export function kitWithChange(
	step: number,
	edit: (text: string) => string,
): string {
	const kit = copyKit();
	const { id = "", solution = "" } =
		listSteps().find(({ number }) => number === step) ?? {};
	const text = edit(readFileSync(solution, "utf8"));
	writeFileSync(join(kit, "steps", id, "container.ts"), text);
	return kit;
}
