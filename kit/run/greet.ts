/** The lines above a step's shell. */

import { colours, wrapToTerminal, write } from "../cli/terminal.ts";
import { type Step, shortPath } from "../steps/catalog.ts";
import { beginningOf } from "../steps/from-mine.ts";
import { readPage } from "../steps/page.ts";
import { stateOf } from "../steps/progress.ts";

/** Writes what the step is about, where to work and what to try. */
export function greet(role: "step" | "solution", step: Step): void {
	const { bold, dim, cyan } = colours(2);
	const { title, try: suggestions } = readPage(step.page);
	const file = shortPath(role === "step" ? step.file : step.solution);
	let text = `${bold(`Step ${step.number} · ${title || step.name}`)}  ${dim(file)}\n`;
	if (suggestions.length > 0)
		text += `${dim("Try:")} ${suggestions.map((it) => cyan(it)).join(dim("  ·  "))}\n`;
	if (role === "step" && stateOf(step) === "not started")
		text += `Nothing is written yet: ${cyan(`npm run notes ${step.number}`)}\n${wrapToTerminal(2, beginningOf(step))}`;
	text += dim("Opening a shell in your container. Leave it with: exit\n");
	const enter =
		process.env.WORKSHOP_SANDBOX === "docker"
			? "docker compose exec dev npm run look"
			: "npm run look";
	text += process.env.WORKSHOP_DESK
		? dim("Watch it: the button Picture\n")
		: `${dim("Watch it in a second terminal:")} ${cyan(enter)}\n`;
	write(2, text);
}
