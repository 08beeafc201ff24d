/** Facts that belong together, read one after the other: a process may come or go between two readings. */

import { setTimeout } from "node:timers/promises";

/** Reads until the facts agree. Those that never do are as they were read last. */
export async function agree<Facts>(
	look: () => Facts,
	agrees: (facts: Facts) => boolean,
): Promise<Facts> {
	let facts = look();
	for (let tries = 0; tries < 20 && !agrees(facts); tries++) {
		await setTimeout(10);
		facts = look();
	}
	return facts;
}
