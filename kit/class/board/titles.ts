/** The titles of requirements, from the check files. */

import { existsSync } from "node:fs";
import { lasting, RUNS } from "../../grader/demands.ts";
import { checkOf } from "../../grader/list.ts";
import { checkFile } from "../../grader/subject.ts";
import { listSteps } from "../../steps/catalog.ts";

let titles: Map<string, string> | undefined;

/** The title of "4.directory". An ID of another version of the kit is its own title. */
export function titleOf(id: string): string {
	titles ??= readTitles();
	return titles.get(id) ?? id;
}

export function requirementIds(): string[] {
	titles ??= readTitles();
	return [...titles.keys()];
}

function readTitles(): Map<string, string> {
	const all = new Map<string, string>();
	const earlier: { id: string; title: string }[] = [];
	for (const step of listSteps()) {
		if (!existsSync(checkFile(step))) continue;
		const check = checkOf(step);
		const own = check.requirements.filter(({ extra }) => !extra);
		for (const { id, title } of [
			{ id: "runs", title: RUNS },
			...earlier,
			...own,
		])
			all.set(`${step.number}.${id}`, title);
		earlier.push(...lasting(check));
	}
	return all;
}
