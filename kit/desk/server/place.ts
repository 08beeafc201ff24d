/** Where the learner was, kept in steps/: it outlives the container, and git ignores it. */

import { join } from "node:path";
import { HOME } from "../../steps/catalog.ts";
import { readState, writeState } from "../../steps/progress.ts";
import type { Place } from "../protocol.ts";
import { stepOf } from "./files.ts";

const PLACE = join(HOME, "steps", ".desk.json");

/** The most that is kept, as JSON. */
export const MOST_PLACE = 4096;

export function readPlace(): Place | undefined {
	const { place } = readState(PLACE);
	return stepOf(place?.step) && place;
}

/** Where it can't be kept, the next visit begins at the first open step. */
export function keepPlace(place: Place): void {
	try {
		writeState(PLACE, { place });
	} catch {}
}
