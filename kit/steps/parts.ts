/** The parts of the workshop. A part begins with the step whose page names one: `part: What a container is`. */

import { listSteps, type Step } from "./catalog.ts";
import { readPart } from "./page.ts";

export interface Part {
	/** 1 */
	number: number;
	/** "What a container is". Empty where no page names the first part. */
	title: string;
	steps: Step[];
}

/** All parts in order. */
export function listParts(): Part[] {
	const parts: Part[] = [];
	for (const step of listSteps()) {
		const title = readPart(step.page);
		const begins = title !== "" || parts.length === 0;
		if (begins) parts.push({ number: parts.length + 1, title, steps: [] });
		parts.at(-1)?.steps.push(step);
	}
	return parts;
}

/** The part that a step is in. */
export function partOf(step: number): Part | undefined {
	return listParts().find(({ steps }) =>
		steps.some(({ number }) => number === step),
	);
}

/** "Part 2 · A container to trust" */
export function partTitle({ number, title }: Part): string {
	return title ? `Part ${number} · ${title}` : `Part ${number}`;
}

/** "7 to 13": a part's steps. */
export function stepRange({ steps }: Part): string {
	const [first, last] = [steps[0]?.number, steps.at(-1)?.number];
	return first === last ? String(first) : `${first} to ${last}`;
}
