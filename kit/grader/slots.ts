/** A few containers run at a time: fewer where the machine is busy. One that the machine failed runs again, alone. */

import { availableParallelism, loadavg } from "node:os";

/** A run's time was up, but the machine had given it none. */
export class Starved extends Error {}

/** It was starved again. */
export class TooBusy extends Error {}

interface Waiting {
	alone: boolean;
	start(): void;
}

const waiting: Waiting[] = [];
let running = 0;
let oneAlone = false;

/**
 * Does some work when there is a place for it. It is repeated once, without any
 * other beside it, if it was starved or its result is to be doubted.
 */
export async function withSlot<Result>(
	work: () => Promise<Result>,
	isDoubtful: (result: Result) => boolean = () => false,
): Promise<Result> {
	try {
		const result = await inPlace(work, false);
		if (!isDoubtful(result)) return result;
	} catch (error) {
		if (!(error instanceof Starved)) throw error;
	}
	try {
		return await inPlace(work, true);
	} catch (error) {
		throw error instanceof Starved ? new TooBusy() : error;
	}
}

async function inPlace<Result>(
	work: () => Promise<Result>,
	alone: boolean,
): Promise<Result> {
	await new Promise<void>((start) => {
		waiting.push({ alone, start });
		startNext();
	});
	try {
		return await work();
	} finally {
		running--;
		oneAlone = false;
		startNext();
	}
}

function startNext(): void {
	for (let [next] = waiting; next; [next] = waiting) {
		if (oneAlone || running >= (next.alone ? 1 : places())) return;
		waiting.shift();
		running++;
		oneAlone = next.alone;
		next.start();
	}
}

/** One at a time where others have the machine: the grader's own containers are not enough for such a load. */
function places(): number {
	const processors = availableParallelism();
	const [load = 0] = loadavg();
	return load > 4 * processors ? 1 : processors + 1;
}
