/** The book in a real Chromium: `npm run test:browser`. */

import { once } from "node:events";
import { existsSync, readdirSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { HOME } from "../steps/catalog.ts";
import { DOCUMENTS, fileUrl, OWN } from "./fixtures/books.ts";
import { axe, onScreen, openPage } from "./fixtures/browser.ts";
import { writePages } from "./fixtures/pages.ts";
import { bookServer } from "./serve.ts";
import { makeSite } from "./site.ts";

test("every page opens, alone, in both schemes, and axe finds nothing serious", async () => {
	expect(DOCUMENTS.length).toBeGreaterThan(10);
	for (const file of DOCUMENTS)
		for (const colorScheme of ["light", "dark"] as const) {
			const url = pathToFileURL(file).href;
			const { page, complaints, requests, close } = await openPage(url, {
				colorScheme,
				// The test injects axe, which the book's own policy forbids.
				bypassCSP: true,
			});
			await page.evaluate(() => {
				for (const fold of document.querySelectorAll("details"))
					fold.open = true;
			});
			expect(complaints, url).toEqual([]);
			expect(requests).toEqual([url]);
			expect(await axe(page), `${url} ${colorScheme}`).toEqual([]);
			await close();
		}
}, 300_000);

test("axe finds nothing in a presentation or on a telephone either", async () => {
	for (const colorScheme of ["light", "dark"] as const)
		for (const width of [320, 1280]) {
			const { page, close } = await openPage(fileUrl("03-hostname.html"), {
				colorScheme,
				viewport: { width, height: 700 },
				bypassCSP: true,
			});
			expect(await axe(page)).toEqual([]);
			await page.keyboard.press("p");
			for (const _ of [1, 2, 3]) await page.keyboard.press("ArrowRight");
			// The page's h1 is on another screen than the one that is shown.
			expect((await axe(page)).filter((it) => !/heading-one/.test(it))).toEqual(
				[],
			);
			await close();
		}
}, 300_000);

test("with its policy in force, a page complains of nothing and its script runs", async () => {
	for (const file of DOCUMENTS) {
		const { page, complaints, requests, close } = await openPage(
			pathToFileURL(file).href,
		);
		expect(complaints).toEqual([]);
		expect(requests).toHaveLength(1);
		expect(await page.locator("#present").isVisible()).toBe(true);
		expect(
			await page.evaluate(() => getComputedStyle(document.body).display),
		).toBe("grid");
		await close();
	}
});

test("a script that got into a page all the same does not run", async () => {
	const { page, complaints, close } = await openPage(
		fileUrl("03-hostname.html"),
	);
	await page.evaluate(() => {
		const script = document.createElement("script");
		script.textContent = "document.title = 'run'";
		document.body.append(script);
		document.body.insertAdjacentHTML(
			"beforeend",
			'<img src="https://evil.example/x.png" onerror="document.title = \'run\'">',
		);
	});
	await page.waitForTimeout(300);
	expect(await page.title()).not.toBe("run");
	expect(complaints.join()).toContain("Content Security Policy");
	await close();
});

test("the two schemes differ, and follow the system's", async () => {
	const { page, close } = await openPage(fileUrl("03-hostname.html"));
	const paper = async (colorScheme: "light" | "dark") => {
		await page.emulateMedia({ colorScheme });
		return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	};
	expect(await paper("light")).toBe("rgb(252, 251, 248)");
	expect(await paper("dark")).toBe("rgb(22, 24, 28)");
	await close();
});

test("nothing has to be scrolled sideways, from 320 px to a projector", async () => {
	for (const file of DOCUMENTS) {
		const { page, close } = await openPage(pathToFileURL(file).href);
		for (const width of [320, 375, 768, 1024, 1280, 1920]) {
			await page.setViewportSize({ width, height: 800 });
			const wide = await page.evaluate(
				() => document.documentElement.scrollWidth,
			);
			expect(wide, `${file} at ${width}`).toBeLessThanOrEqual(width);
		}
		await close();
	}
}, 300_000);

test("letters are no smaller than 9 px in the diagram on a telephone", async () => {
	const { page, close } = await openPage(fileUrl("03-hostname.html"), {
		viewport: { width: 320, height: 700 },
	});
	const scale = await page.evaluate(() => {
		const house = document.querySelector("svg.house") as SVGSVGElement;
		return house.getBoundingClientRect().width / house.viewBox.baseVal.width;
	});
	expect(scale * 15).toBeGreaterThan(9);
	await close();
});

test("paper: everything is on it, unfolded, dark on white", async () => {
	const { page, close } = await openPage(fileUrl("03-hostname.html"), {
		colorScheme: "dark",
	});
	await page.emulateMedia({ media: "print" });
	await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
	expect(await page.locator("nav").isVisible()).toBe(false);
	expect(await page.getByText("Inner answer.").isVisible()).toBe(true);
	const colours = await page.evaluate(() => {
		const { color, backgroundColor } = getComputedStyle(document.body);
		return [color, backgroundColor];
	});
	expect(colours).toEqual(["rgb(0, 0, 0)", "rgb(255, 255, 255)"]);
	await close();
});

test("without scripts, everything can be read", async () => {
	const { page, close } = await openPage(fileUrl("03-hostname.html"), {
		javaScriptEnabled: false,
	});
	expect((await onScreen(page)).length).toBeGreaterThan(5);
	expect(await page.locator("#present").isVisible()).toBe(false);
	await close();
});

test("served, it is the same, with the learner's progress", async () => {
	const pages = writePages();
	const site = () =>
		makeSite(({ step }) => step && (step.number < 3 ? "done" : "begun"), pages);
	const server = bookServer(site).listen(0, "127.0.0.1");
	await once(server, "listening");
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	const { page, complaints, requests, close } = await openPage(url);
	expect(complaints).toEqual([]);
	expect(requests).toEqual([url]);
	expect(await page.locator("nav .passed").count()).toBe(2);
	await page.goto(`${url}02-uts-namespace.html`);
	await page.keyboard.press("p");
	expect(await onScreen(page)).toEqual(["The page of uts-namespace"]);
	expect(complaints).toEqual([]);
	await close();
	server.close();
	server.closeAllConnections();
	rmSync(pages, { recursive: true });
});

test("the workshop's own pages are all in its book", () => {
	const pages = readdirSync(join(HOME, "notes")).filter((name) =>
		/^(\d\d-[^.]*|instructor)\.md$/.test(name),
	);
	for (const name of pages)
		expect(existsSync(join(OWN, name.replace(".md", ".html")))).toBe(true);
});
