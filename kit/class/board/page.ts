/** The board's two pages: the instructor's, sorted by need, and one without names for the projector. */

import { renderSVG } from "uqr";
import { escapeHtml } from "../../book/escape.ts";
import { renderInline } from "../../book/html.ts";
import { withoutUsualPort } from "../member.ts";
import type { View } from "./board.ts";
import type { Standing } from "./need.ts";
import { clock, placeIn } from "./plan.ts";
import { opinionText } from "./summary.ts";
import type { Count, Row } from "./tally.ts";
import { titleOf } from "./titles.ts";

export type PageName = "board" | "room";

/** What is replaced at each change, for the instructor or for the room. */
export function draw(name: PageName, view: View): string {
	return name === "board" ? drawBoard(view) : drawRoom(view);
}

/** The document around it. */
export function document(name: PageName, view: View): string {
	const title = name === "board" ? "The board" : "The class";
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Containers from Scratch</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="board.css">
<script src="board.js" defer></script>
</head>
<body class="${name}" data-page="${name}">
<div id="live">${draw(name, view)}</div>
<p id="lost" role="status"></p>
</body>
</html>
`;
}

function drawBoard(view: View): string {
	const { standings, rows } = view;
	const count = (need: string) =>
		standings.filter((it) => it.need === need).length;
	const inNeed = standings.filter(({ need }) =>
		["hand", "stuck", "quiet"].includes(need),
	);
	const others = standings.filter((it) => !inNeed.includes(it));
	return `<header>
<h1 class="hidden">The board</h1>
${clockBar(view, true)}
<ul class="counts" aria-label="The class">
<li class="hand"><b>${count("hand")}</b> hand up</li>
<li class="stuck"><b>${count("stuck")}</b> stuck</li>
<li class="quiet"><b>${count("quiet")}</b> quiet</li>
<li><b>${count("working")}</b> working</li>
<li><b>${count("done")}</b> through</li>
</ul>
<nav aria-label="Other pages"><a id="room" href="room">Without names <kbd>n</kbd></a> <a href="summary">Summary</a> <a href="class.csv">CSV</a></nav>
</header>
<main>
<section class="steps" aria-label="Step by step" tabindex="0">
<h2 class="hidden">Step by step</h2>
${rows.map((row) => stepRow(row, true)).join("\n")}
</section>
<section class="people" aria-label="Who needs you" tabindex="0">
<h2 class="hidden">Who needs you</h2>
${standings.length === 0 ? empty(view) : ""}
<ol class="needy">
${inNeed.map((it) => card(it, view.now)).join("\n")}
</ol>
<ol class="others">
${others.map((it) => chip(it, view.now)).join("\n")}
</ol>
</section>
</main>`;
}

function drawRoom(view: View): string {
	const { address, word, rows, standings } = view;
	const joining = `<aside class="join">
<h2>Join</h2>
<p><code>npm run join <b>${shownAddress(view)}</b> <b>${escapeHtml(word)}</b> NAME</code></p>
${address ? code(inviting(address, word)) : ""}
</aside>`;
	return `<header>
<h1 class="hidden">The class</h1>
${clockBar(view, false)}
<ul class="counts"><li><b>${standings.length}</b> here</li></ul>
<nav aria-label="Other pages"><a id="board" href="./">The board <kbd>n</kbd></a></nav>
</header>
<main>
<section class="steps" aria-label="Step by step" tabindex="0">
<h2 class="hidden">Step by step</h2>
${rows.map((row) => stepRow(row, false)).join("\n")}
</section>
${joining}
</main>`;
}

/** Where a browser is told what to type, the word included. */
export function inviting(address: string, word: string): string {
	return `http://${address}/?word=${encodeURIComponent(word)}`;
}

/** An address as a QR code. */
export function code(url: string): string {
	const svg = renderSVG(url, { border: 2 });
	return svg.replace(
		"<svg ",
		`<svg class="code" role="img" aria-label="The address as a QR code" `,
	);
}

/** @param keys whether it has its buttons */
function clockBar({ plan, plans, minutes }: View, keys: boolean): string {
	const button = (id: string, words: string, key: string) =>
		keys
			? ` <button type="button" id="${id}">${words} <kbd>${key}</kbd></button>`
			: "";
	const other = plans > 1 ? button("plan", "Other plan", "p") : "";
	const title = plan ? escapeHtml(plan.title) : "";
	if (!plan || minutes === undefined)
		return `<p class="clock"><b>0:00</b> <span>${title}</span>${button("start", "Start the clock", "t")}${other}</p>`;
	const { now, next } = placeIn(plan, minutes);
	const left = now ? Math.ceil(now.from + now.minutes - minutes) : 0;
	const words = [
		now
			? `<strong>${renderInline(now.what)}</strong> ${left} min left`
			: "the plan is over",
		next ? `then ${renderInline(next.what)}` : "",
	].filter(Boolean);
	return `<p class="clock" title="${title}"><b>${clock(minutes)}</b> <span>${words.join(" · ")}</span>${button("start", "Anew", "t")}</p>`;
}

function stepRow(row: Row, named: boolean): string {
	const { step, through, of, here, failing } = row;
	const [most] = failing;
	const words = `${through} of ${of} are through`;
	return `<article>
<h3>${step.number} ${escapeHtml(step.name)}</h3>
<progress max="${Math.max(of, 1)}" value="${through}" aria-label="Step ${step.number}: ${words}"></progress>
<p class="through">${words}${here > 0 ? ` · ${here} here` : ""}</p>
${most ? mostText(most, named) : ""}${named ? opinions(row) : ""}
</article>`;
}

/** @param named whether it has the instructor's sentence, which may tell the answer */
function mostText({ count, title, mistake }: Count, named: boolean): string {
	const said = named && mistake ? `<br>${renderInline(mistake.text)}` : "";
	return `<p class="most"><strong>${count} ${count === 1 ? "fails" : "fail"}:</strong> <em>${renderInline(title)}</em>${said}</p>`;
}

function opinions(row: Row): string {
	const text = opinionText(row).trim();
	return text ? `<p class="opinions">${text}</p>` : "";
}

/** A learner need not type the usual port. */
function shownAddress({ address = "ADDRESS" }: View): string {
	return escapeHtml(withoutUsualPort(address));
}

function empty(view: View): string {
	return `<p class="empty">Nobody is here yet. Each learner types:<br><code>npm run join ${shownAddress(view)} ${escapeHtml(view.word)} NAME</code></p>`;
}

/** Somebody in need. */
function card(
	{ need, why, since, learner, report }: Standing,
	now: number,
): string {
	const { id, name, step } = learner.message;
	const signs = { hand: "▲", stuck: "■", quiet: "…" } as Record<string, string>;
	const minutes = Math.floor((now - since) / 60_000);
	const failing = report?.failing ?? [];
	const [first, ...more] = failing;
	const hints = report?.hints ?? 0;
	const facts = [
		`step ${step}`,
		report && report.of > 0 ? `${report.passed} of ${report.of}` : "",
		hints > 0 ? `${hints} ${hints === 1 ? "hint" : "hints"}` : "",
	].filter(Boolean);
	return `<li class="${need}">
<p class="who"><span class="sign" aria-hidden="true">${signs[need]}</span> <strong>${escapeHtml(name)}</strong> <span class="facts">${facts.join(" · ")}</span></p>
<p class="why">${why.replace("%", `${minutes} min`)}</p>
${first ? `<p class="fails">${renderInline(titleOf(first))}${more.length > 0 ? ` <span>and ${more.length} more</span>` : ""}</p>` : ""}
${need === "hand" ? `<button type="button" class="seen" id="seen-${id}" data-id="${id}" aria-label="${escapeHtml(name)}: seen to">Seen to</button>` : ""}
</li>`;
}

/** Somebody who gets on. */
function chip({ need, learner, report }: Standing, now: number): string {
	const { name, step } = learner.message;
	const minutes = Math.floor((now - learner.received) / 60_000);
	const score =
		report && report.of > 0 ? ` · ${report.passed} of ${report.of}` : "";
	const ago = minutes > 1 ? ` · ${minutes} min ago` : "";
	const where = need === "done" ? "through" : `step ${step}${score}${ago}`;
	return `<li class="${need}"><strong>${escapeHtml(name)}</strong> <span class="facts">${where}</span></li>`;
}
