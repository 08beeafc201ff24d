/** `npm start`: shows the steps, how far the learner is, and what to type next. It never fails. */

import { colours, wrapToTerminal, write } from "../cli/terminal.ts";
import { findObstacle } from "../host/requirements.ts";
import { listSteps, type Step, shortPath } from "../steps/catalog.ts";
import { readSummary } from "../steps/page.ts";
import { type State, stateOf } from "../steps/progress.ts";
import { versionWarning } from "../steps/version.ts";

export function main(): number {
	const { bold, cyan, yellow } = colours(1);
	const steps = listSteps().map((step) => ({ step, state: stateOf(step) }));
	const next = steps.find(({ state }) => state !== "done");

	let text = `${bold("Containers from Scratch, in TypeScript")}\n\n`;
	for (const { step, state } of steps)
		text += line(step, state, step === next?.step);
	text += "\n";
	text += yellow(versionWarning() ?? "");
	const obstacle = findObstacle();
	if (obstacle) text += `${yellow(obstacle)}\n`;
	else if (!next) text += "All steps are done: you have built a container.\n";
	else
		text += todo(
			next.step,
			next.state,
			steps.every(({ state }) => state === "not started"),
		);
	text += `All commands: ${cyan("README.md")}\n`;
	write(1, wrapToTerminal(1, text));
	return 0;
}

function line(step: Step, state: State, next: boolean): string {
	const { green, red, yellow, dim, bold } = colours(1);
	const mark = {
		done: green("✔"),
		failing: red("✘"),
		begun: yellow("◐"),
		"not started": dim("○"),
		missing: red("?"),
	}[state];
	const name = `${step.number} ${step.name}`.padEnd(18);
	return `  ${mark} ${next ? bold(name) : name}  ${dim(state === "missing" ? "container.ts is missing" : state)}\n`;
}

/** @param first whether no step is begun yet: then the start page comes first */
function todo(step: Step, state: State, first: boolean): string {
	const { cyan, bold } = colours(1);
	const { number } = step;
	const command = (text: string, what: string) =>
		`  ${cyan(text.padEnd(19))}  ${what}\n`;
	if (state === "missing")
		return `Next:\n${command(`npm run reset ${number}`, "restore the starter of this step")}`;
	const { title, goal } = readSummary(step.page);
	return [
		`Next: ${bold(`step ${number}`)}${title ? ` · ${title}` : ""}\n`,
		goal ? `${goal}\n` : "",
		"\n",
		first ? command("npm run notes start", "read this first") : "",
		command(`npm run notes ${number}`, "what the step is about"),
		command("edit", shortPath(step.file)),
		command(`npm run step ${number}`, "a shell in your container"),
		command(`npm run check ${number}`, "grade your step"),
		command("npm run watch", "in a second terminal: check at each save"),
		command(`npm run hint ${number}`, "a hint if you are stuck"),
		"\n",
	].join("");
}
