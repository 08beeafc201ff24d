/** The presentation in a real Chromium: every slide of every page can be read from the back of a room. */

import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { DOCUMENTS, fileUrl, OWN } from "./fixtures/books.ts";
import { onScreen, openPage } from "./fixtures/browser.ts";

const SCREENS = [
	{ width: 1280, height: 720 },
	{ width: 1920, height: 1080 },
];

/** What is wrong with the slide that is shown: out of the screen, under the buttons, on top of each other, or too small. */
function faults(): string[] {
	const found: string[] = [];
	const slide = document.querySelector(".slide:not([hidden])") as HTMLElement;
	const deck = document.querySelector(".deck") as HTMLElement;
	const limit = deck.getBoundingClientRect().top;
	// 1280 pixels are as wide as the screen, whatever its resolution.
	const scale = innerWidth / 1280;
	const walker = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
	const range = document.createRange();
	for (let node = walker.nextNode(); node; node = walker.nextNode()) {
		const text = node.nodeValue?.trim() ?? "";
		const parent = node.parentElement as Element;
		if (text === "" || parent.closest(".hidden")) continue;
		range.selectNodeContents(node);
		for (const { left, top, right, bottom } of range.getClientRects())
			if (left < 0 || top < 0 || right > innerWidth || bottom > limit)
				found.push(`outside: ${text.slice(0, 40)}`);
		const svg = parent.closest("svg") as SVGSVGElement | null;
		const drawn = svg ? (svg.getScreenCTM()?.a ?? 1) : 1;
		const size = Number.parseFloat(getComputedStyle(parent).fontSize) * drawn;
		const least = (svg ? 20 : 28) * scale;
		if (size < least) found.push(`${size.toFixed(1)} px: ${text.slice(0, 40)}`);
	}
	for (const badge of slide.querySelectorAll("rect.new + text.on-new")) {
		const around = badge.previousElementSibling?.getBoundingClientRect();
		if (around && badge.getBoundingClientRect().right > around.right - 4)
			found.push(`wider than its badge: ${badge.textContent}`);
	}
	const body = slide.firstElementChild as HTMLElement;
	for (const box of [slide, body, ...slide.querySelectorAll("pre, .wide")])
		if (
			box.scrollWidth > box.clientWidth + 1 ||
			box.scrollHeight > box.clientHeight + 1
		)
			found.push(`cut off: ${box.textContent?.trim().slice(0, 40)}`);
	const blocks = [...body.children].map((it) => it.getBoundingClientRect());
	for (const [index, one] of blocks.entries())
		for (const other of blocks.slice(index + 1))
			if (
				one.bottom > other.top + 1 &&
				other.bottom > one.top + 1 &&
				one.right > other.left + 1 &&
				other.right > one.left + 1
			)
				found.push(`block ${index} lies on another`);
	return [...new Set(found)];
}

/** Letters of the page that no slide shows. Headings and the heads of tables may be repeated. */
const LEFT_OUT = `(() => {
	const letters = (nodes) => nodes.map((it) => it.textContent).join("").replace(/\\s/g, "");
	return sections.flatMap((section, index) => {
		const wanted = letters(blocksOf(section).filter((it) => !it.matches("h2")));
		const seen = [];
		for (const { slide, index: at } of slides) {
			if (at !== index) continue;
			const copy = slide.firstElementChild.cloneNode(true);
			for (const it of copy.querySelectorAll(":scope > h2, [data-again]")) it.remove();
			seen.push(copy);
		}
		return letters(seen) === wanted ? [] : [section.querySelector("h1, h2")?.textContent + ": " + letters(seen).length + " of " + wanted.length];
	});
})()`;

async function walk(page: Page, name: string): Promise<number> {
	const count = await page.locator(".slide").count();
	for (let slide = 1; slide <= count; slide++) {
		expect(await page.locator("#place").textContent()).toBe(
			`${slide} / ${count}`,
		);
		expect(await page.evaluate(faults), `${name}, slide ${slide}`).toEqual([]);
		if (slide < count) await page.keyboard.press("ArrowRight");
	}
	return count;
}

describe.each(SCREENS)("at $width × $height", (viewport) => {
	test("each slide of each page fits, in large type, and nothing is left out", async () => {
		const { page, complaints, close } = await openPage(fileUrl("index.html"), {
			viewport,
		});
		let slides = 0;
		for (const file of DOCUMENTS) {
			await page.goto("about:blank");
			await page.goto(`${pathToFileURL(file).href}#present`);
			expect(await page.evaluate(LEFT_OUT), file).toEqual([]);
			slides += await walk(page, basename(file));
		}
		console.log(`${slides} slides`);
		expect(complaints).toEqual([]);
		await close();
	}, 300_000);
});

test("the buttons fade, and come back with the pointer", async () => {
	const { page, close } = await openPage(
		`${fileUrl("03-hostname.html")}#present`,
	);
	await page.waitForSelector(".deck.faded");
	await page.mouse.move(300, 300);
	await page.waitForSelector(".deck:not(.faded)");
	await close();
});

test("b makes the screen black, d changes light and dark, and the next page keeps it", async () => {
	const { page, close } = await openPage(fileUrl("03-hostname.html"));
	await page.keyboard.press("p");
	const paper = () =>
		page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const light = await paper();
	await page.keyboard.press("d");
	const dark = await paper();
	expect(dark).not.toBe(light);
	const black = () =>
		page.evaluate(
			() => getComputedStyle(document.documentElement, "::after").content,
		);
	await page.keyboard.press("b");
	expect(await black()).toBe('""');
	await page.keyboard.press("b");
	expect(await black()).toBe("none");
	await page.keyboard.press("End");
	await page.keyboard.press("ArrowRight");
	await page.waitForURL(/04-chroot\.html#present$/);
	expect(await paper()).toBe(dark);
	await close();
});

test("the speaker's window shows the clock, the notes and the next slide, and turns", async () => {
	const { page, close } = await openPage(fileUrl("02-uts-namespace.html", OWN));
	await page.keyboard.press("p");
	const [speaker] = await Promise.all([
		page.waitForEvent("popup"),
		page.keyboard.press("s"),
	]);
	await speaker.waitForSelector(".slide.now");
	const clock = () => speaker.locator("#clock").textContent();
	const count = await page.locator(".slide").count();
	expect(await clock()).toMatch(/\d\d:\d\d.* · \d+ min/);
	expect(await speaker.locator(".slide:visible").count()).toBe(2);
	expect(await speaker.locator("#said").textContent()).toContain("Say.");
	// It shows the same slides, whatever its own size.
	await speaker.setViewportSize({ width: 700, height: 500 });
	for (const at of [0, 1])
		expect(await speaker.locator(".slide").nth(at).textContent()).toBe(
			await page.locator(".slide").nth(at).textContent(),
		);
	// The speaker turns, and the room sees it.
	await speaker.keyboard.press("ArrowRight");
	await expect.poll(() => onScreen(page)).toEqual(["The question"]);
	await expect.poll(clock).toContain(`2 / ${count}`);
	// Another page: the speaker's window follows.
	await page.keyboard.press("End");
	await page.keyboard.press("ArrowRight");
	await page.waitForURL(/03-hostname\.html#present$/);
	await speaker.waitForURL(/03-hostname\.html#speaker$/);
	await speaker.waitForSelector(".slide.now h1");
	await close();
});
