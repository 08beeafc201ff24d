/** What a container asks of the dev container, step by step. */

import { listSteps, type Step } from "./catalog.ts";
import { type Need, readNeeds } from "./page.ts";

/** All that a step's container needs: what its own page says, and those before it. */
export function needsOf(step: Step): Need[] {
	return listSteps()
		.filter(({ number }) => number <= step.number)
		.flatMap(({ page }) => readNeeds(page));
}

/** The first step that needs something. Undefined where none does. */
export function firstToNeed(need: Need): Step | undefined {
	return listSteps().find(({ page }) => readNeeds(page).includes(need));
}
