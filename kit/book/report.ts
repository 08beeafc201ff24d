/** The report that `npm run finish` writes: what the learner has done, in Markdown. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { colours } from "../cli/terminal.ts";
import { HOME, listSteps, type Step } from "../steps/catalog.ts";
import { readText } from "../steps/files.ts";
import { accumulate, type Isolation, NO_ISOLATION } from "../steps/kinds.ts";
import { readPage } from "../steps/page.ts";
import { passedSince } from "../steps/progress.ts";
import { drawText } from "./diagram.ts";

/** @param last the step whose container is finished */
export function report(last: Step): string {
	const steps = listSteps().slice(0, last.number);
	const pages = steps.map(({ page }) => readPage(page));
	const isolation = accumulate(pages).at(-1) ?? NO_ISOLATION;
	const { version } = JSON.parse(
		readFileSync(join(HOME, "package.json"), "utf8"),
	);
	const rows = steps.map(
		(step, index) =>
			`| ${step.number} · ${step.name} | ${pages[index]?.proved} | ${dayOf(passedSince(step))} |`,
	);
	return `# A container from scratch, in TypeScript

Written with the workshop "Containers from Scratch, in TypeScript", version ${version}. Start it, as root on a Linux machine with Node.js:

\`\`\`sh
sudo node container.mjs run
\`\`\`

## The steps

The check of each step looks at the container from outside, at what the kernel shows of it.

| step | proved | passed |
| --- | --- | --- |
${rows.join("\n")}

## What is its own

\`\`\`
${picture(isolation)}
\`\`\`

## The code

\`\`\`ts
${readText(last.file).trimEnd()}
\`\`\`
`;
}

function picture(isolation: Isolation): string {
	const after = { ...isolation, added: [], first: false };
	return stripVTControlCharacters(drawText(after, colours(1)).join("\n"));
}

function dayOf(date: Date | undefined): string {
	return date?.toISOString().slice(0, 10) ?? "";
}
