/** What was learned: a page for all, without a name on it. */

import { escapeHtml } from "../../book/escape.ts";
import { renderInline } from "../../book/html.ts";
import { readSummary } from "../../steps/page.ts";
import type { Learner } from "./roster.ts";
import { type Count, type Row, tally } from "./tally.ts";

/** How many mistakes of a step it tells. */
const MOST = 3;

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2025; --soft: #565c66; --line: #ddd7cb; --paper: #fcfbf8; --bar: #22683a }
@media (prefers-color-scheme: dark) { :root { --ink: #e7e4dd; --soft: #a4abb5; --line: #343941; --paper: #16181c; --bar: #85ce9b } }
body { margin: 2rem auto; padding: 0 1.2rem; max-width: 46rem; font: 1rem/1.6 ui-sans-serif, system-ui, sans-serif; color: var(--ink); background: var(--paper) }
h2 { margin: 2.2rem 0 .2rem; padding-top: .8rem; border-top: 1px solid var(--line); font-size: 1.2rem }
p { margin: .3rem 0 } .soft { color: var(--soft) } progress { width: 100%; height: .6rem; accent-color: var(--bar) }
li { margin: .6rem 0 } code { font-size: .92em }
`;

export function summary(learners: Learner[]): string {
	const rows = tally(learners.map(({ message }) => message));
	const last = Math.max(0, ...learners.map(({ received }) => received));
	const day = last > 0 ? new Date(last).toISOString().slice(0, 10) : "";
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What was learned</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>What was learned</h1>
<p class="soft">Containers from Scratch, in TypeScript${day && ` · ${day}`} · ${people(learners.length)}</p>
<p>For each step: how many are through, and the mistakes that most made on the way. A mistake that many make belongs to the subject, and not to those who made it.</p>
${rows.map(section).join("\n")}
</main>
</body>
</html>
`;
}

export function people(count: number): string {
	return count === 1 ? "1 learner" : `${count} learners`;
}

function section(row: Row): string {
	const { step, through, of, everFailed } = row;
	const { title } = readSummary(step.page);
	return `<section>
<h2>${step.number} · ${escapeHtml(title || step.name)}</h2>
<progress max="${Math.max(of, 1)}" value="${through}" aria-label="Step ${step.number}: ${through} of ${of} are through"></progress>
<p>${through} of ${of} are through.${opinionText(row)}</p>
${everFailed.length > 0 ? `<ul>\n${everFailed.slice(0, MOST).map(item).join("\n")}\n</ul>` : ""}
</section>`;
}

export function opinionText({ clear, lost }: Row): string {
	if (clear + lost === 0) return "";
	return ` ${clear} found it clear, ${lost} felt lost.`;
}

function item({ title, count, mistake }: Count): string {
	const said = mistake ? `<br>${renderInline(mistake.text)}` : "";
	return `<li><strong>${renderInline(title)}</strong>: <span class="soft">${people(count)} did not have that at first.</span>${said}</li>`;
}
