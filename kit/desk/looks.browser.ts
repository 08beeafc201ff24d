/** How the desk looks, and that everybody can use it: in a real Chromium. */

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe } from "../book/fixtures/browser.ts";
import { startDesk, until, write } from "./fixtures/tab.ts";

/** The picture and the check change by themselves: then axe looks for what is no longer there. */
async function findings(page: Page): Promise<string[]> {
	for (let tries = 1; ; tries++)
		try {
			return await axe(page);
		} catch (error) {
			if (tries === 5) throw error;
		}
}

const SIZES = [
	{ width: 1280, height: 720 },
	{ width: 1920, height: 1080 },
	{ width: 1024, height: 768 },
];

test("axe finds nothing, light and dark, in three sizes, with all that can be open", async () => {
	const desk = await startDesk();
	for (const colorScheme of ["light", "dark"] as const)
		for (const viewport of SIZES) {
			const { page, close } = await desk.open({
				colorScheme,
				viewport,
				// The test injects axe, which the desk's own policy forbids.
				bypassCSP: true,
			});
			await write(
				page,
				desk.solution("01-exec").replace("return reexec", "await reexec"),
			);
			await page.waitForSelector("#check[data-state=failed]");
			await page.locator(".tools").getByText("Picture").click();
			await page.waitForSelector("#picture svg:visible");
			expect(await findings(page)).toEqual([]);
			await page.locator("#check").getByRole("button").first().focus();
			await page.keyboard.press("?");
			await page.locator("dialog").waitFor();
			expect(await findings(page)).toEqual([]);
			await page.keyboard.press("Escape");

			// Nothing is cut off, and the panes are large enough to work in.
			const [wide, high] = await page.evaluate(() => [
				document.documentElement.scrollWidth,
				document.documentElement.scrollHeight,
			]);
			expect([wide, high]).toEqual([viewport.width, viewport.height]);
			for (const [pane, width, height] of [
				["#page", 300, 200],
				["#editor", 550, 280],
				["#terminals", 220, 220],
			] as const) {
				const box = await page.locator(pane).boundingBox();
				expect(box?.width, pane).toBeGreaterThan(width);
				expect(box?.height, pane).toBeGreaterThan(height);
			}
			await close();
		}
}, 300_000);

test("on a smaller screen it is the page", async () => {
	const desk = await startDesk();
	const { page } = await desk.open();
	for (const width of [800, 375]) {
		await page.setViewportSize({ width, height: 800 });
		const visible = (id: string) => page.locator(id).isVisible();
		expect(await visible("#page")).toBe(true);
		expect(await visible("#editor")).toBe(false);
		expect(await visible("#terminals")).toBe(false);
		const wide = await page.evaluate(
			() => document.documentElement.scrollWidth,
		);
		expect(wide).toBeLessThanOrEqual(width);
	}
}, 240_000);

test("light and dark follow the system, until the switch says otherwise, and the switch is remembered", async () => {
	const desk = await startDesk();
	const { page } = await desk.open({ colorScheme: "light" });
	const paper = () =>
		page.evaluate(
			() =>
				getComputedStyle(document.querySelector("#page") as Element)
					.backgroundColor,
		);
	const [light, dark] = ["rgb(252, 251, 248)", "rgb(22, 24, 28)"];
	expect(await paper()).toBe(light);
	await page.emulateMedia({ colorScheme: "dark" });
	expect(await paper()).toBe(dark);
	await page.getByRole("button", { name: "Light or dark" }).click();
	expect(await paper()).toBe(light);
	await page.reload();
	await page.waitForSelector(".cm-content");
	expect(await paper()).toBe(light);
}, 240_000);

test("all of it by the keyboard", async () => {
	const desk = await startDesk();
	const { page, screen } = await desk.open();
	const focused = () =>
		page.evaluate(
			() => document.activeElement?.closest("section")?.id ?? "none",
		);
	const order = [];
	for (let n = 0; n < 5; n++) {
		await page.keyboard.press("F6");
		order.push(await focused());
	}
	expect(order).toEqual(["page", "check", "editor", "terminals", "page"]);

	// To the terminal, and out of it again.
	await page.keyboard.press("Shift+F6");
	await page.keyboard.type("echo by $((1 + 1)) keys\n");
	await until(async () => /by 2 keys/.test(await screen()), "it ran");
	await page.keyboard.press("F1");
	await page.locator("dialog", { hasText: "Ctrl-Shift-V" }).waitFor();
	await page.keyboard.press("Escape");
	expect(await focused()).toBe("terminals");

	// In the editor Tab indents; Escape and Tab leave it.
	await page.keyboard.press("Shift+F6");
	await page.keyboard.press("Control+Home");
	await page.keyboard.press("Tab");
	expect(await page.locator(".cm-line").first().textContent()).toMatch(/^\t/);
	await page.keyboard.press("Escape");
	await page.keyboard.press("Tab");
	expect(await focused()).not.toBe("editor");

	// The letters act on the page and the check, and nowhere else.
	await page.keyboard.press("F6");
	while ((await focused()) !== "check") await page.keyboard.press("F6");
	await page.keyboard.press("h");
	await page.locator("#check .hints li").waitFor();
	await page.keyboard.press("]");
	await until(
		async () => (await page.title()).startsWith("Step 2"),
		"step 2 is open",
	);
	await page.keyboard.press("p");
	expect(await page.locator("#page").isVisible()).toBe(false);
	await page.keyboard.press("p");
	await page.keyboard.press("l");
	await page.waitForSelector("#picture svg:visible");

	// Each button and tab can be reached with Tab alone, and is seen to have the focus.
	await page.evaluate(() => (document.activeElement as HTMLElement).blur());
	await page.getByRole("button", { name: /^Step 1 ?:/ }).focus();
	for (let n = 0; n < 16; n++) await page.keyboard.press("Tab");
	const ring = await page.evaluate(() => {
		const { outlineStyle } = getComputedStyle(
			document.activeElement as Element,
		);
		return outlineStyle;
	});
	expect(ring).toBe("solid");
}, 240_000);
