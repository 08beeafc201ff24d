/** Going through the book in a real Chromium, and presenting it. */

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listChapters } from "./chapters.ts";
import { COPY, fileUrl } from "./fixtures/books.ts";
import { onScreen, openPage } from "./fixtures/browser.ts";

describe("finding one's way", () => {
	test("through all pages by their links, and back", async () => {
		const { page, complaints, close } = await openPage(fileUrl("index.html"));
		await page.locator(".cards a").first().click();
		const seen = [await page.locator("h1").textContent()];
		while ((await page.locator("a[rel=next]").count()) > 0) {
			await page.locator("a[rel=next]").click();
			seen.push(await page.locator("h1").textContent());
			expect(await page.locator("nav [aria-current=page]").count()).toBe(1);
		}
		expect(seen).toHaveLength(listChapters(join(COPY, "notes")).length);
		await page.locator("a[rel=prev]").click();
		expect(await page.locator("h1").textContent()).toBe(seen.at(-2));
		await page.locator("nav a", { hasText: "The page of chroot" }).click();
		expect(await page.locator("h1").textContent()).toBe("The page of chroot");
		await page.locator("nav .brand").click();
		expect(page.url()).toBe(fileUrl("index.html"));
		expect(complaints).toEqual([]);
		await close();
	});

	test("by keyboard alone: the page first, then the steps in order", async () => {
		const { page, close } = await openPage(fileUrl("03-hostname.html"));
		await page.keyboard.press("Tab");
		const focused = () =>
			page.evaluate(() => document.activeElement?.textContent?.trim());
		expect(await focused()).toBe("Skip to the page");
		for (let press = 0; press < 4; press++) await page.keyboard.press("Tab");
		expect(await focused()).toContain("The page of uts-namespace");
		const outline = await page.evaluate(
			() => getComputedStyle(document.activeElement as Element).outlineStyle,
		);
		expect(outline).toBe("solid");
		await page.keyboard.press("Enter");
		await page.waitForURL(fileUrl("02-uts-namespace.html"));
		await page.keyboard.press("Tab");
		await page.keyboard.press("Enter");
		expect(await page.evaluate(() => document.activeElement?.id)).toBe("page");
		const fold = page.locator("details").first();
		await fold.locator("summary").focus();
		await page.keyboard.press("Enter");
		expect(await fold.getAttribute("open")).toBe("");
		await close();
	});

	test("to a heading of another page", async () => {
		const { page, close } = await openPage(fileUrl("00-start.html"));
		await page.locator("article a", { hasText: "step 1" }).click();
		await page.waitForURL(/01-exec\.html#the-idea$/);
		expect(await page.locator("#the-idea").isVisible()).toBe(true);
		await close();
	});
});

describe("presentation", () => {
	test("p shows one section, the arrows turn, Escape leaves where it was", async () => {
		const { page, complaints, close } = await openPage(
			fileUrl("03-hostname.html"),
		);
		const reading = await page.evaluate(() =>
			Number.parseFloat(getComputedStyle(document.body).fontSize),
		);
		await page.keyboard.press("p");
		expect(await onScreen(page)).toEqual(["The page of hostname"]);
		expect(await page.locator("nav").isVisible()).toBe(false);
		const presenting = await page.evaluate(() =>
			Number.parseFloat(getComputedStyle(document.body).fontSize),
		);
		expect(presenting).toBeGreaterThan(reading * 1.3);
		await page.keyboard.press("ArrowRight");
		expect(await onScreen(page)).toEqual(["The question"]);
		await page.keyboard.press("PageDown");
		expect(await onScreen(page)).toEqual(["See the problem"]);
		await page.keyboard.press("ArrowLeft");
		expect(await onScreen(page)).toEqual(["The question"]);
		expect(await page.locator("#place").textContent()).toMatch(/^2 \/ \d+$/);
		await page.keyboard.press("Control+p");
		await page.keyboard.press("Escape");
		expect((await onScreen(page)).length).toBeGreaterThan(5);
		expect(await page.evaluate(() => scrollY)).toBeGreaterThan(50);
		expect(complaints).toEqual([]);
		await close();
	});

	test("a section taller than the screen goes on on the next slide, and is found again after a change of size", async () => {
		const { page, close } = await openPage(fileUrl("03-hostname.html"), {
			viewport: { width: 1280, height: 500 },
		});
		await page.keyboard.press("p");
		while ((await onScreen(page)).join() !== "The system call")
			await page.keyboard.press("ArrowDown");
		const first = await page.locator(".slide:visible").textContent();
		await page.keyboard.press("ArrowDown");
		expect(await onScreen(page)).toEqual(["The system call"]);
		expect(await page.locator(".slide:visible").textContent()).not.toBe(first);
		await page.setViewportSize({ width: 800, height: 600 });
		expect(await onScreen(page)).toEqual(["The system call"]);
		await close();
	});

	test("goes on to the next page, and back", async () => {
		const { page, close } = await openPage(fileUrl("03-hostname.html"));
		await page.keyboard.press("p");
		await page.keyboard.press("End");
		await page.keyboard.press("ArrowRight");
		await page.waitForURL(/04-chroot\.html#present$/);
		expect(await onScreen(page)).toEqual(["The page of chroot"]);
		await page.keyboard.press("ArrowLeft");
		await page.waitForURL(/03-hostname\.html#present-end$/);
		expect(await onScreen(page)).toEqual(["Go further"]);
		await page.keyboard.press("Escape");
		expect(page.url()).toBe(fileUrl("03-hostname.html"));
		await close();
	});

	test("by its buttons", async () => {
		const { page, close } = await openPage(fileUrl("03-hostname.html"));
		await page.locator("#present").click();
		await page.locator("#forth").click();
		expect(await onScreen(page)).toEqual(["The question"]);
		await page.locator("#back").click();
		expect(await onScreen(page)).toEqual(["The page of hostname"]);
		await page.locator("#leave").click();
		expect(await page.locator("nav").isVisible()).toBe(true);
		await close();
	});
});
