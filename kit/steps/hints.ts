/** How many hints of each step were given: the hint command and the desk go on where the other one was. */

import { join } from "node:path";
import { HOME, type Step } from "./catalog.ts";
import { readState, writeState } from "./progress.ts";

/** `{ "03-hostname": 2 }` */
const GIVEN = join(HOME, "steps", ".hints.json");

export function hintsGiven(step: Step): number {
	return Number(readState(GIVEN)[step.id]) || 0;
}

/** @throws an Error with the kernel's code where steps/ can't be written */
export function keepHintsGiven(step: Step, count: number): void {
	writeState(GIVEN, { ...readState(GIVEN), [step.id]: count });
}
