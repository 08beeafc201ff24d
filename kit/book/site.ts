/** The book as self-contained HTML documents. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listSteps } from "../steps/catalog.ts";
import { NO_ISOLATION } from "../steps/kinds.ts";
import { listParts, partTitle } from "../steps/parts.ts";
import type { State } from "../steps/progress.ts";
import { type Chapter, listChapters } from "./chapters.ts";
import { drawSmall } from "./diagram-svg.ts";
import { escapeHtml } from "./escape.ts";
import { renderInline, renderSections } from "./html.ts";

const TITLE = "Containers from Scratch, in TypeScript";
const GOAL =
	"Ten lines of TypeScript turn “run a command” into a container. Write them one step at a time, and see the wall between the dev container and yours go up.";

/** The first three are the desk's, too. */
const STYLES = [
	...["colours.css", "page.css", "house.css"],
	...["site.css", "slides.css", "print.css"],
];

/** The learner's state of a step. A book written to files has none. */
type Marks = (chapter: Chapter) => State | undefined;

export interface Site {
	/** File names, and the functions that make the documents. */
	documents: Map<string, () => string>;
	/** The Content-Security-Policy: a browser may only show the documents. */
	policy: string;
}

/**
 * @param folder where the pages are, if not in notes/
 * @param live draws the live page's picture; a book written to files has no such page
 */
export function makeSite(
	marks: Marks = () => undefined,
	folder?: string,
	live?: () => string,
): Site {
	const chapters = listChapters(folder);
	const style = read(STYLES);
	const script = read(["site.js", "slides.js", "deck.js", "speaker.js"]);
	const policy = [
		"default-src 'none'",
		`style-src ${hash(style)}`,
		`script-src ${hash(script)}`,
		"img-src data:",
		...(live ? ["connect-src 'self'"] : []),
		"base-uri 'none'",
		"form-action 'none'",
	].join("; ");

	const document = (
		title: string,
		current: string,
		main: string,
	) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
<style>${style}</style>
</head>
<body>
<a class="skip" href="#page">Skip to the page</a>
${navigation(chapters, current, marks, live !== undefined)}
<main id="page" tabindex="-1">
${main}
</main>
<div class="slides" role="region" aria-label="Slides"></div>
<div class="deck" role="region" aria-label="Presentation" hidden>
<button type="button" id="back" aria-label="Back">←</button>
<span id="place" aria-live="polite"></span>
<button type="button" id="forth" aria-label="Forth">→</button>
<button type="button" id="blank">Blank <kbd>b</kbd></button>
<button type="button" class="scheme">Light or dark <kbd>d</kbd></button>
<button type="button" id="speaker">Speaker <kbd>s</kbd></button>
<button type="button" id="leave">Leave <kbd>Esc</kbd></button>
</div>
<div class="lectern" id="lectern" hidden><p id="clock"></p><div id="said"></div></div>
${said(chapters, current)}
<script>${script}</script>
</body>
</html>
`;

	const documents = new Map([
		["index.html", () => document(TITLE, "index", cover(chapters, marks))],
	]);
	for (const [index, chapter] of chapters.entries())
		documents.set(`${chapter.id}.html`, () =>
			document(
				`${chapter.title} · ${TITLE}`,
				chapter.id,
				article(chapter, chapters[index - 1], chapters[index + 1]),
			),
		);
	if (live)
		documents.set("live", () =>
			document(`Live · ${TITLE}`, "live", livePage(live())),
		);
	documents.set("404.html", () => document("Not here", "", NOT_HERE));
	return { documents, policy };
}

function read(names: string[]): string {
	return names
		.map((name) => readFileSync(join(import.meta.dirname, name), "utf8"))
		.join("\n");
}

/** What the instructor's page says on the page's step: for the speaker's window. */
function said(chapters: Chapter[], current: string): string {
	const { step, title } = chapters.find(({ id }) => id === current) ?? {};
	const instructor = chapters.find(({ id }) => id === "instructor");
	const heading = step ? `Step ${step.number} · ` : (title ?? "");
	const [section] = (instructor?.body ?? "")
		.split(/^(?=## )/m)
		.filter((text) => heading !== "" && text.startsWith(`## ${heading}`));
	return section
		? `<aside class="notes" hidden>${renderSections(section, NO_ISOLATION)
				.join("")
				.replace(/ id="[^"]*"/g, "")}</aside>`
		: "";
}

const NOT_HERE = `<article><section class="opening"><h1>There is no such page</h1>
<p class="goal">The steps are on the left; <a href="index.html">the first page</a> says what they are about.</p></section></article>`;

/** A wall of brick, as the diagrams have it. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#a8401c" d="M1 2h14v3H1zM1 6h6.5v3H1zM8.5 6H15v3H8.5zM1 10h14v3H1z"/></svg>`;

/** The policy's hash of our own style or script. The browser uses no other. */
function hash(content: string): string {
	return `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
}

function navigation(
	chapters: Chapter[],
	current: string,
	marks: Marks,
	live: boolean,
): string {
	const items = chapters.map((chapter) => {
		const { id, step, title } = chapter;
		const here = id === current ? ' aria-current="page"' : "";
		const sign = step ? String(step.number) : id === "instructor" ? "✎" : "▸";
		return `<li class="${step ? "step" : "other"}"><a href="${id}.html"${here}><span class="sign" aria-hidden="true">${sign}</span><span class="words">${step ? `<span class="hidden">Step ${step.number}: </span>` : ""}${escapeHtml(title)}</span>${mark(marks(chapter))}</a></li>`;
	});
	if (live)
		items.push(
			`<li class="other"><a href="live"${current === "live" ? ' aria-current="page"' : ""}><span class="sign" aria-hidden="true">●</span><span class="words">Live: your container</span></a></li>`,
		);
	return `<nav aria-label="Pages">
<a class="brand" href="index.html"${current === "index" ? ' aria-current="page"' : ""}>Containers from Scratch</a>
<ol>
${items.join("\n")}
</ol>
<p class="keys" hidden><button type="button" id="present">Present <kbd>p</kbd></button> <button type="button" class="scheme">Light or dark <kbd>d</kbd></button></p>
</nav>`;
}

function mark(state: State | undefined): string {
	if (state === "done")
		return '<span class="mark passed"><span aria-hidden="true">✓</span><span class="hidden"> (passed)</span></span>';
	if (state === "begun" || state === "failing")
		return '<span class="mark"><span aria-hidden="true">…</span><span class="hidden"> (begun)</span></span>';
	return "";
}

/** The first page: the goal, and the steps with their houses. */
function cover(chapters: Chapter[], marks: Marks): string {
	const parts = listParts();
	const cards = chapters.map((chapter) => {
		const { id, goal, isolation, minutes, step, title } = chapter;
		const facts = [
			step ? `Step ${step.number}` : "",
			minutes > 0 ? `${minutes} min` : "",
		].filter(Boolean);
		const part = parts.find(({ steps }) => steps[0]?.id === id);
		const heading = part
			? `<li class="part"><h3>${escapeHtml(partTitle(part))}</h3></li>\n`
			: "";
		return `${heading}<li><a href="${id}.html">${step ? drawSmall(isolation) : ""}<span><span class="facts">${facts.join(" · ")}${mark(marks(chapter))}</span><strong>${escapeHtml(title)}</strong> <span class="goal">${renderInline(goal)}</span></span></a></li>`;
	});
	return `<article>
<section class="opening"><h1>${TITLE}</h1>
<p class="goal">${GOAL}</p></section>
<section class="contents"><h2 class="hidden">The steps</h2>
<ol class="cards">
${cards.join("\n")}
</ol></section>
</article>`;
}

/** The running container, as large as the screen. site.js replaces the picture. */
function livePage(picture: string): string {
	return `<h1 class="hidden">Live: your container</h1>
<div class="live">${picture}</div>
<p class="facts"><a href="index.html">← The pages</a> <button type="button" id="numbers">Numbers <kbd>n</kbd></button> <button type="button" class="scheme">Light or dark <kbd>d</kbd></button> <span class="lost" role="status"></span></p>`;
}

/** A page without the book around it, for the desk. Undefined where there is no such page. */
export function pageOf(id: string): string | undefined {
	const chapters = listChapters();
	const index = chapters.findIndex((chapter) => chapter.id === id);
	const chapter = chapters[index];
	return chapter && article(chapter, chapters[index - 1], chapters[index + 1]);
}

function article(
	chapter: Chapter,
	before: Chapter | undefined,
	after: Chapter | undefined,
): string {
	const { title, goal, minutes, calls, step, isolation, body } = chapter;
	const facts = [
		step ? `Step ${step.number} of ${listSteps().length}` : "",
		minutes > 0 ? `${minutes} minutes` : "",
	].filter(Boolean);
	const sections = renderSections(body, isolation);
	return `<article>
<section class="opening">
${facts.length > 0 ? `<p class="facts">${facts.join(" · ")}</p>` : ""}
<h1>${renderInline(title)}</h1>
${goal ? `<p class="goal">${renderInline(goal)}</p>` : ""}
${calls.length > 0 ? `<p class="calls">New: ${calls.map((call) => `<code>${escapeHtml(call)}</code>`).join(" ")}</p>` : ""}
</section>
${sections.map((html) => `<section>\n${html}\n</section>`).join("\n")}
<footer>
${before ? `<a rel="prev" href="${before.id}.html"><span class="hidden">Previous: </span><span aria-hidden="true">← </span>${escapeHtml(before.title)}</a>` : "<span></span>"}
${after ? `<a rel="next" href="${after.id}.html"><span class="hidden">Next: </span>${escapeHtml(after.title)}<span aria-hidden="true"> →</span></a>` : ""}
</footer>
</article>`;
}
