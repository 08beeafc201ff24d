/** A few containers run at a time. */

import { availableParallelism } from "node:os";

const waiting: (() => void)[] = [];
let free = availableParallelism() + 1;

/** Does some work when a slot is free. */
export async function withSlot<Result>(
	work: () => Promise<Result>,
): Promise<Result> {
	if (free > 0) free--;
	else await new Promise<void>((resolve) => waiting.push(resolve));
	try {
		return await work();
	} finally {
		const next = waiting.shift();
		if (next) next();
		else free++;
	}
}
