/** `npm start`: shows the steps, how far the learner is, and what to type next. It never fails. */

import { createRequire } from "node:module";
import { joinedWords, membership } from "../class/member.ts";
import { colours, wrapToTerminal, write } from "../cli/terminal.ts";
import { findObstacle } from "../host/requirements.ts";
import { listSteps, type Step, shortPath } from "../steps/catalog.ts";
import { beginningOf } from "../steps/from-mine.ts";
import { readSummary } from "../steps/page.ts";
import { listParts, type Part, partTitle, stepRange } from "../steps/parts.ts";
import { type State, stateOf } from "../steps/progress.ts";
import { versionWarning } from "../steps/version.ts";

const require = createRequire(import.meta.url);

export function main(): number {
	const { bold, cyan, yellow } = colours(1);
	const parts = listParts();
	const states = new Map(listSteps().map((step) => [step.id, stateOf(step)]));
	const stateIn = ({ id }: Step) => states.get(id) ?? "missing";
	const next = listSteps().find((step) => stateIn(step) !== "done");

	let text = `${bold("Containers from Scratch, in TypeScript")}\n\n`;
	for (const part of parts) {
		if (parts.length > 1) text += `${partTitle(part)}\n`;
		for (const step of part.steps)
			text += line(step, stateIn(step), step.id === next?.id);
		text += "\n";
	}
	text += yellow(versionWarning() ?? "");
	text += inClass();
	const obstacle = findObstacle();
	if (obstacle) text += `${yellow(obstacle)}\n`;
	else if (!next)
		text += `All steps are done. ${made(listSteps().at(-1))}${keeping()}`;
	else {
		const beginning = parts
			.slice(1)
			.find(({ steps: [first] }) => first?.id === next.id);
		if (beginning && stateIn(next) === "not started")
			text += passage(beginning);
		const first = [...states.values()].every((it) => it === "not started");
		text += todo(next, stateIn(next), first);
	}
	text += `All commands: ${cyan("README.md")}\n`;
	write(1, wrapToTerminal(1, text));
	return 0;
}

/** What the learner has made, in the words of the page about it, and the picture after a step. */
function made(step: Step | undefined): string {
	const { listChapters, NEXT } =
		require("../book/chapters.ts") as typeof import("../book/chapters.ts");
	const { drawText } =
		require("../book/diagram.ts") as typeof import("../book/diagram.ts");
	const chapters = listChapters();
	const page = chapters.find(({ id }) => id === NEXT);
	const body = page?.body.replace(/<!-- (room|home) -->\n?/g, "") ?? "";
	const [, words = ""] = /^## .*\n\n(.*)\n/m.exec(body) ?? [];
	const isolation = chapters.find(({ id }) => id === step?.id)?.isolation;
	const picture = isolation
		? drawText({ ...isolation, added: [] }, colours(1)).join("\n")
		: "";
	return `${words.replaceAll("`", "")}\n\n${picture}\n\n`;
}

/** For whoever has joined a class: as whom, and what is sent. */
function inClass(): string {
	const words = joinedWords(membership());
	if (!words) return "";
	const [joined, sent] = words;
	const { bold, cyan, dim } = colours(1);
	return `${bold(joined)} ${dim(sent)} To leave: ${cyan("npm run leave")}\n\n`;
}

/** How to keep it. */
function keeping(): string {
	const { cyan } = colours(1);
	return [
		`  ${cyan("npm run finish".padEnd(19))}  your container in a folder, to take along\n`,
		`  ${cyan("npm run notes next".padEnd(19))}  what is still shared, and what Part two adds\n\n`,
	].join("");
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

/** For whoever has finished a part and not begun the next one. */
function passage(part: Part): string {
	const first = part.steps[0]?.number ?? 0;
	const last = listSteps().find(({ number }) => number === first - 1);
	const titles = part.steps
		.map(({ page }) => readSummary(page).title)
		.filter(Boolean);
	return [
		`${made(last)}${keeping()}`,
		`You would not run a stranger's program in it yet. Part ${part.number}, steps ${stepRange(part)}, adds what it lacks:\n`,
		...titles.map((title) => `  · ${title}\n`),
		"\n",
	].join("");
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
		state === "not started" ? beginningOf(step) : "",
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
