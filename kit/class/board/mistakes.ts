/**
 * What the instructor's page says of a mistake. Its lists of mistakes name the
 * requirements that fail by each: `<!-- fails: directory climb -->`.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FAILS } from "../../book/markdown.ts";
import { HOME } from "../../steps/catalog.ts";

export interface Mistake {
	/** The step whose section it stands in. */
	step: number;
	/** The requirements that fail by it: "directory". */
	fails: string[];
	/** Markdown. */
	text: string;
}

const PAGE = join(HOME, "notes/instructor.md");

let all: Mistake[] | undefined;

export function listMistakes(): Mistake[] {
	all ??= existsSync(PAGE) ? readMistakes(readFileSync(PAGE, "utf8")) : [];
	return all;
}

/** The sentence on a requirement that fails: of the step's own section, or of the nearest one before it. */
export function mistakeOf(step: number, id: string): Mistake | undefined {
	const word = id.replace(/^\d+\./, "");
	return listMistakes()
		.filter((it) => it.step <= step && it.fails.includes(word))
		.sort((a, b) => b.step - a.step)[0];
}

export function readMistakes(markdown: string): Mistake[] {
	const mistakes: Mistake[] = [];
	let step = 0;
	for (const line of markdown.split("\n")) {
		if (line.startsWith("## "))
			step = Number(/^## Step (\d+)/.exec(line)?.[1] ?? 0);
		const marks = [...line.matchAll(FAILS)];
		if (step === 0 || marks.length === 0) continue;
		const fails = marks.flatMap(([, words = ""]) => words.trim().split(/ +/));
		const text = line
			.replace(FAILS, "")
			.replace(/<!--.*?-->/g, "")
			.replace(/^[-*] +/, "");
		mistakes.push({ step, fails, text: text.trim() });
	}
	return mistakes;
}
