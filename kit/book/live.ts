/**
 * The book's live page: the container that runs, as a house with two rooms, and
 * the stream of pictures that keeps it up to date in every browser that has it open.
 */

import type { ServerResponse } from "node:http";
import { type Cell, ownAndShared, type Row } from "../look/compare.ts";
import { wordFor } from "../look/draw.ts";
import { follow, LOOK_MS } from "../look/follow.ts";
import type { Member, View } from "../look/view.ts";
import { currentStep } from "../steps/progress.ts";
import { escapeHtml } from "./escape.ts";
import { drawBricks as bricks, drawOpening as opening } from "./house.ts";

export interface Live {
	/** The picture as it is now, as HTML. */
	picture(): string;
	/** Answers a request with the stream of pictures: server-sent events, for as long as the browser listens. */
	stream(response: ServerResponse): void;
}

/** A browser that lost the book asks for it again so soon. */
const RETRY_MS = 500;

/** Looks for all browsers together, and only while there is one. */
export function openLive(look: () => View | undefined = follow()): Live {
	/** Each with the picture that it was sent last. */
	const browsers = new Map<ServerResponse, string>();
	let looking: NodeJS.Timeout | undefined;
	let picture = "";

	const bringUpToDate = (browser: ServerResponse) => {
		// One that can't keep up is brought up to date once it has taken what it was sent.
		if (browser.writableNeedDrain || browsers.get(browser) === picture) return;
		browsers.set(browser, picture);
		browser.write(`data: ${JSON.stringify(picture)}\n\n`);
	};
	const lookAgain = () => {
		picture = draw(look());
		for (const browser of browsers.keys()) bringUpToDate(browser);
	};

	return {
		picture: () => draw(look()),
		stream(response) {
			response.writeHead(200, {
				"Content-Type": "text/event-stream",
				"Cache-Control": "no-store",
				"X-Content-Type-Options": "nosniff",
			});
			response.write(`retry: ${RETRY_MS}\n\n`);
			response.on("drain", () => bringUpToDate(response));
			browsers.set(response, "");
			lookAgain();
			looking ??= setInterval(lookAgain, LOOK_MS);
			response.on("close", () => {
				browsers.delete(response);
				if (browsers.size > 0) return;
				clearInterval(looking);
				looking = undefined;
			});
		},
	};
}

/** The house, and under it the same in words. */
function draw(view: View | undefined): string {
	const words = view
		? ownAndShared(view.rows).join(" ")
		: "No container is running.";
	return `${view ? drawHouse(view) : drawEmpty()}<p class="hidden" role="status">${escapeHtml(words)}</p>`;
}

const [WIDTH, MIDDLE] = [1200, 600];
/** Where the first row begins, how high each is, and where the processes stand. */
const [TOP, ROW, WALL] = [124, 36, 30];
const ROOM = { left: 20, right: WIDTH - 20, top: 78, ground: 640 };
/** Where each side's texts and numbers begin, and the word for what they are. */
const COLUMN = {
	label: 44,
	outside: 164,
	outer: 430,
	inside: 652,
	inner: 900,
	word: 1030,
};

function house(
	classes: string,
	label: string,
	title: string,
	body: string,
): string {
	const { left, right, top, ground } = ROOM;
	return [
		`<svg class="house ${classes}" viewBox="0 0 ${WIDTH} ${ground + 46}" role="img" aria-label="${escapeHtml(label)}">`,
		`<path class="roof" d="M6 ${top} L${MIDDLE} 6 L${WIDTH - 6} ${top}Z"/>`,
		`<path class="room" d="M${left} ${top}H${right}V${ground}H${left}Z"/>`,
		`<path class="inside" d="M${MIDDLE} ${top}H${right}V${ground}H${MIDDLE}Z"/>`,
		`<text class="title" x="${MIDDLE}" y="${top - 14}" text-anchor="middle">${escapeHtml(title)}</text>`,
		`<text class="name" x="${COLUMN.label}" y="${top + 32}">dev container</text>`,
		`<text class="name" x="${COLUMN.inside}" y="${top + 32}">container</text>`,
		body,
		`<rect class="ground" x="6" y="${ground}" width="${WIDTH - 12}" height="44"/>`,
		`<text class="on-ground" x="${MIDDLE}" y="${ground + 30}" text-anchor="middle">one Linux kernel, shared by both</text>`,
		"</svg>",
	].join("");
}

function drawEmpty(): string {
	const command = `npm run step ${currentStep().number}`;
	const text = (y: number, words: string, kind: string) =>
		`<text class="${kind}" x="900" y="${y}" text-anchor="middle">${words}</text>`;
	return house(
		"empty",
		"A house with two rooms. Nobody is in the second one.",
		"",
		text(330, "No container is running.", "shared") +
			text(376, command, "command"),
	);
}

function drawHouse({
	container,
	title,
	others,
	ended,
	rows,
	processes,
}: View): string {
	const { role, step, pid } = container;
	const what = role
		? `Step ${step}${title && ` · ${title}`}`
		: `Process ${pid}`;
	const [run, ...members] = processes;
	const more = others > 0 ? `${others} more` : "";
	const corner = (kind: string, word: string) =>
		`<text class="${kind}" x="${ROOM.right - 24}" y="${ROOM.top + 32}" text-anchor="end">${word}</text>`;
	return house(
		ended ? "ended" : "running",
		ownAndShared(rows).join(" "),
		what,
		[
			...rows.map(drawRow),
			corner(ended ? "over" : "label", ended ? "ended" : more),
			drawProcesses(run ? [run] : [], COLUMN.label, MIDDLE - WALL),
			drawProcesses(members, COLUMN.inside, ROOM.right - 10),
		].join(""),
	);
}

function drawRow(row: Row, index: number): string {
	const y = TOP + index * ROW;
	const line = y + ROW / 2 + 8;
	const { label, outside, inside, state, added } = row;
	const text = (x: number, kind: string, words: string) =>
		words === ""
			? ""
			: `<text class="${kind}" x="${x}" y="${line}">${escapeHtml(words)}</text>`;
	return [
		`<g class="row" data-kind="${row.kind}" data-state="${state}">`,
		text(COLUMN.label, "label", label),
		text(COLUMN.outside, "what", short(outside)),
		text(COLUMN.outer, "number", outside.namespace),
		state === "own" ? bricks(MIDDLE - WALL / 2, y, WALL, ROW, added) : "",
		state === "shared" ? door(y) : "",
		text(COLUMN.inside, "what", short(inside)),
		text(COLUMN.inner, "number", inside.namespace),
		added
			? `<rect class="new" x="${COLUMN.word - 12}" y="${y + 3}" width="150" height="${ROW - 6}" rx="13"/><text class="on-new" x="${COLUMN.word}" y="${line}">own · new</text>`
			: text(COLUMN.word, state, wordFor(state)),
		"</g>",
	].join("");
}

/** A door that stands open, and the way that leads through it. */
function door(y: number): string {
	const [wide, high] = [20, ROW - 6];
	return `${opening(MIDDLE, y + ROW / 2)}<rect class="door" x="${MIDDLE - wide / 2}" y="${y + 3}" width="${wide}" height="${high}" rx="2"/><circle class="end" cx="${MIDDLE + wide / 2 - 5}" cy="${y + ROW / 2 + 5}" r="1.5"/>`;
}

/** A text that fits its column, which is narrower beside a number; what tells paths apart is their end. */
function short({ text, namespace }: Cell): string {
	const most = namespace === "" ? 26 : 17;
	if (text.length <= most) return text;
	return text.startsWith("/")
		? `…${text.slice(1 - most)}`
		: `${text.slice(0, most - 1)}…`;
}

/** A token for each process, with its name and PIDs: inside first, in brackets outside. As many as there is room for. */
function drawProcesses(members: Member[], left: number, right: number): string {
	const [HEIGHT, GAP, LETTER] = [38, 10, 11.5];
	let [x, y] = [left, TOP + 11 * ROW + 16];
	let svg = "";
	for (const [index, { name, pid, inside, depth }] of members.entries()) {
		const words = `${name} ${inside ?? pid}`;
		const outer = depth === 0 ? "your run" : inside === pid ? "" : `(${pid})`;
		const width = (words.length + outer.length + 2) * LETTER;
		if (x + width > right) [x, y] = [left, y + HEIGHT + GAP];
		const last = y + HEIGHT * 2 > ROOM.ground && x + width + 100 > right;
		if (last && index < members.length - 1)
			return `${svg}<text class="number" x="${x}" y="${y + 27}">and ${members.length - index} more</text>`;
		svg += `<g class="process${depth === 1 ? " first" : ""}"><rect x="${x}" y="${y}" width="${width}" height="${HEIGHT}" rx="${HEIGHT / 2}"/><text x="${x + LETTER}" y="${y + 26}">${escapeHtml(words)} <tspan class="number">${outer}</tspan></text></g>`;
		x += width + GAP;
	}
	return svg;
}
