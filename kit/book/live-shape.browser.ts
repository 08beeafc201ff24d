/** The live page by its geometry: whatever a container is called, nothing collides, nothing vanishes. */

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { DOCKER_CAPABILITIES } from "../../runtime/capabilities.ts";
import type { Row } from "../look/compare.ts";
import type { Member, View } from "../look/view.ts";
import { ALL_KINDS, KINDS } from "../steps/kinds.ts";
import { openPage } from "./fixtures/browser.ts";
import { drawLive } from "./live-picture.ts";
import { makeSite } from "./site.ts";

/** A projector, a large one, and half a screen beside a terminal. */
const SCREENS = [
	[1280, 720],
	[1920, 1080],
	[640, 720],
	[960, 1080],
] as const;

const HOST = "a-host-name-of-sixty-four-bytes-as-long-as-the-kernel-allows-one";
const GROUP = `/kubepods.slice/kubepods-besteffort.slice/kubepods-pod${"0123456789".repeat(6)}.slice/workshop-1234567`;
const LINES = [
	"npm run solution 1 hostname",
	"npm run solution 12 a-very-long-program-name-that-somebody-has-typed-here …",
	"npm run step 13",
];

function rowOf(kind: Row["kind"], index: number): Row {
	const text =
		kind === "uts"
			? HOST
			: kind === "cgroup"
				? GROUP
				: "/a/directory/that/is/deep/enough/to/be/cut/off";
	const cell = { text, namespace: index < 11 ? "4026531838" : "" };
	const ownership =
		(["own", "shared", "none", "unknown"] as const)[index % 4] ?? "own";
	return {
		kind,
		label: KINDS[kind],
		outside: cell,
		inside: cell,
		ownership,
		added: index % 8 === 0,
	};
}

const member = (depth: number, index: number): Member => ({
	pid: 4194300 - index,
	inside: depth === 0 ? undefined : index + 1,
	name: depth === 0 ? "node" : `process-name-${String(index % 10).repeat(2)}`,
	depth,
	zombie: false,
});

const view: View = {
	container: { pid: 2, supervisor: 1, start: 1, script: "solution", step: 1 },
	title: "A process that becomes the command",
	others: 12,
	ended: false,
	rows: ALL_KINDS.map(rowOf),
	powers: [],
	mounts: { inside: [], outside: [] },
	processes: [
		member(0, 0),
		...Array.from({ length: 10 }, (_, index) =>
			member(index === 0 ? 1 : 2, index),
		),
	],
};

const VIEWS: [string, View | undefined][] = [
	["sixteen rows and ten processes", view],
	[
		"sixteen rows, one process with Docker's capabilities",
		{
			...view,
			powers: DOCKER_CAPABILITIES.map((name) => name.replace("CAP_", "")),
			processes: view.processes.slice(0, 2),
		},
	],
	[
		"step 1's rows, ended",
		{ ...view, ended: true, rows: view.rows.slice(0, 11) },
	],
	[
		"one process",
		{
			...view,
			rows: view.rows.slice(0, 11),
			processes: view.processes.slice(0, 2),
		},
	],
	["nothing", undefined],
];

/** What is wrong with the picture. */
function faults(processes: number): string[] {
	const found: string[] = [];
	const house = [
		...document.querySelectorAll<SVGSVGElement>("svg.house"),
	].filter((it) => it.checkVisibility())[0];
	if (!house) return ["no house"];
	const box = (it: Element) => it.getBoundingClientRect();
	const inside = (inner: DOMRect, outer: DOMRect) =>
		inner.left >= outer.left - 1 &&
		inner.top >= outer.top - 1 &&
		inner.right <= outer.right + 1 &&
		inner.bottom <= outer.bottom + 1;
	const page = new DOMRect(0, 0, innerWidth, innerHeight);
	const shown = [house, ...document.querySelectorAll(".lines, .live + .facts")];
	for (const it of shown)
		if (!inside(box(it), page))
			found.push(`off the screen: ${it.textContent?.slice(0, 40)}`);
	if (document.documentElement.scrollHeight > innerHeight + 1)
		found.push("the page scrolls");
	const lines = document.querySelector(".lines");
	if (lines && box(lines).bottom > box(house).top + 1)
		found.push("the lines lie on the house");

	const texts = [...house.querySelectorAll("text")];
	const name = (it: Element) => it.textContent?.slice(0, 30);
	for (const [index, one] of texts.entries()) {
		if (!inside(box(one), box(house)))
			found.push(`out of the house: ${name(one)}`);
		for (const other of texts.slice(index + 1)) {
			const [a, b] = [box(one), box(other)];
			// A text's box has some air above and below its letters.
			const air = a.height * 0.2;
			if (
				a.left < b.right - 1 &&
				b.left < a.right - 1 &&
				a.top < b.bottom - air &&
				b.top < a.bottom - air
			)
				found.push(`"${name(one)}" collides with "${name(other)}"`);
		}
	}
	const ground = house.querySelector(".ground") as Element;
	const [room, right] = [
		house.querySelector(".room") as Element,
		house.querySelector(".inside") as Element,
	];
	for (const it of house.querySelectorAll(".process")) {
		if (box(it).bottom > box(ground).top + 1)
			found.push(`under the ground: ${name(it)}`);
		if (
			!inside(
				box(it),
				box(it.closest(".process:first-of-type") === it ? room : room),
			)
		)
			found.push(`out of the room: ${name(it)}`);
		const rect = it.querySelector("rect") as Element;
		if (!inside(box(it.querySelector("text") as Element), box(rect)))
			found.push(`out of its token: ${name(it)}`);
	}
	for (const it of house.querySelectorAll(
		".row .what, .row .number, .row .label, .row > text, .row .new",
	)) {
		if (!inside(box(it), box(room))) found.push(`out of the room: ${name(it)}`);
	}
	for (const brick of house.querySelectorAll(".row .brick, .row .door"))
		for (const text of brick.parentElement?.querySelectorAll("text") ?? [])
			if (
				box(text).left < box(brick).right &&
				box(brick).left < box(text).right
			)
				found.push(`"${name(text)}" lies on the wall`);
	if (house.querySelectorAll(".process").length !== processes)
		found.push(
			`${house.querySelectorAll(".process").length} processes of ${processes}`,
		);
	if (processes > 0 && right.getBoundingClientRect().width < 1)
		found.push("no room");
	for (const it of texts) {
		const size =
			Number.parseFloat(getComputedStyle(it).fontSize) *
			(house.getScreenCTM()?.a ?? 1);
		if (size < 11) found.push(`${size.toFixed(1)} px: ${name(it)}`);
	}
	return [...new Set(found)];
}

async function draw(page: Page, shown: View | undefined): Promise<void> {
	const { documents } = makeSite(undefined, undefined, () =>
		drawLive(shown, LINES),
	);
	await page.setContent(documents.get("live")?.() ?? "");
}

describe.each(SCREENS)("at %i × %i", (width, height) => {
	test.each(VIEWS)("%s", async (_, shown) => {
		const { page, close } = await openPage("about:blank", {
			viewport: { width, height },
		});
		await draw(page, shown);
		const expected = shown?.processes.length ?? 0;
		for (const numbers of ["with", "without"]) {
			expect(
				await page.evaluate(faults, expected),
				`${numbers} numbers`,
			).toEqual([]);
			if (process.env.LIVE_SHOTS)
				await page.screenshot({
					path: `${process.env.LIVE_SHOTS}-${width}-${VIEWS.findIndex(([name]) => name === _)}-${numbers}.png`,
				});
			const count = await page
				.locator("svg.house:visible .row .number")
				.count();
			if (numbers === "without" || width === 640) expect(count).toBe(0);
			else if (shown) expect(count).toBeGreaterThan(0);
			await page.keyboard.press("n");
		}
		await close();
	});
});
