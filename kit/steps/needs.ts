/** What a container asks of the dev container and of the kit, step by step. */

import { existsSync, readFileSync } from "../../runtime/fs.ts";
import { listSteps, type Step } from "./catalog.ts";

/** Of the dev container: a seccomp profile that allows pivot_root, a tree of cgroups, CAP_NET_ADMIN. Of the kit: an image. */
export const NEEDS = ["pivot_root", "cgroup", "NET_ADMIN", "image"] as const;

export type Need = (typeof NEEDS)[number];

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

/** The needs in a page's front matter. A container's start asks for them, so that no YAML is loaded. */
function readNeeds(page: string): Need[] {
	const text = existsSync(page) ? readFileSync(page, "utf8") : "";
	const [, list = ""] = /^needs: \[(.*)\]\r?$/m.exec(text) ?? [];
	return NEEDS.filter((need) => list.split(", ").includes(need));
}
