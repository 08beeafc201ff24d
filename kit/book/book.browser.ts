/** The book in a real Chromium: `npm run test:browser`. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import {
	afterAll,
	beforeAll,
	describe,
	expect,
	onTestFinished,
	test,
} from "vitest";
import { HOME } from "../steps/catalog.ts";
import { scriptWords } from "../testing/kit.ts";
import { openChromium } from "./chromium.ts";
import { copyKit, writePages } from "./fixtures/pages.ts";
import { bookServer } from "./serve.ts";
import { makeSite } from "./site.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Two books written to files: one with a page of everything, and the workshop's own. */
const KIT = copyKit();
const SPECIMENS = join(KIT, "book");
const OWN = join(KIT, "own");
for (const [home, out] of [
	[KIT, SPECIMENS],
	[HOME, OWN],
] as const)
	spawnSync(process.execPath, ["kit/launch.cjs", "book", "--out", out], {
		cwd: home,
		stdio: "inherit",
	});
const DOCUMENTS = [SPECIMENS, OWN].flatMap((folder) =>
	readdirSync(folder).map((name) => join(folder, name)),
);

let browser: Browser;
beforeAll(async () => {
	browser = await openChromium();
});
afterAll(async () => {
	await browser?.close();
	rmSync(KIT, { recursive: true });
});

/** A page, and what the browser complained of or asked for while it was open. */
async function open(url: string, options: BrowserContextOptions = {}) {
	const context = await browser.newContext({
		viewport: { width: 1280, height: 800 },
		...options,
	});
	const page = await context.newPage();
	const complaints: string[] = [];
	const requests: string[] = [];
	page.on("console", (message) => complaints.push(message.text()));
	page.on("pageerror", (error) => complaints.push(error.message));
	page.on("requestfailed", (request) => complaints.push(request.url()));
	page.on("dialog", (dialog) => complaints.push(dialog.message()));
	page.on("request", (request) => {
		if (!request.url().startsWith("data:")) requests.push(request.url());
	});
	await page.goto(url);
	return { page, complaints, requests, close: () => context.close() };
}

const fileUrl = (name: string, folder = SPECIMENS) =>
	pathToFileURL(join(folder, name)).href;

/** What axe-core finds, from moderate on. */
async function axe(page: Page): Promise<string[]> {
	await page.addScriptTag({ path: AXE });
	// biome-ignore lint/suspicious/noExplicitAny: axe is a global of the page
	const { violations } = await page.evaluate(() => (window as any).axe.run());
	return violations
		.filter(({ impact }: { impact: string }) => impact !== "minor")
		.map(
			({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
				`${id}: ${nodes.map(({ html }) => html).join(" ")}`,
		);
}

/** The heading of the section that a presentation shows, and nothing else is to be seen. */
async function onScreen(page: Page): Promise<string[]> {
	return page.locator("h1:visible, h2:visible").allTextContents();
}

test("every page opens, alone, in both schemes, and axe finds nothing serious", async () => {
	expect(DOCUMENTS.length).toBeGreaterThan(10);
	for (const file of DOCUMENTS)
		for (const colorScheme of ["light", "dark"] as const) {
			const url = pathToFileURL(file).href;
			const { page, complaints, requests, close } = await open(url, {
				colorScheme,
				// axe is put in from outside, which the book's own policy forbids.
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
			const { page, close } = await open(fileUrl("03-hostname.html"), {
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
		const { page, complaints, requests, close } = await open(
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
	const { page, complaints, close } = await open(fileUrl("03-hostname.html"));
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
	const { page, close } = await open(fileUrl("03-hostname.html"));
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
		const { page, close } = await open(pathToFileURL(file).href);
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
	const { page, close } = await open(fileUrl("03-hostname.html"), {
		viewport: { width: 320, height: 700 },
	});
	const scale = await page.evaluate(() => {
		const house = document.querySelector("svg.house") as SVGSVGElement;
		return house.getBoundingClientRect().width / house.viewBox.baseVal.width;
	});
	expect(scale * 14).toBeGreaterThan(9);
	await close();
});

describe("finding one's way", () => {
	test("through all pages by their links, and back", async () => {
		const { page, complaints, close } = await open(fileUrl("index.html"));
		await page.locator(".cards a").first().click();
		const seen = [await page.locator("h1").textContent()];
		while ((await page.locator("a[rel=next]").count()) > 0) {
			await page.locator("a[rel=next]").click();
			seen.push(await page.locator("h1").textContent());
			expect(await page.locator("nav [aria-current=page]").count()).toBe(1);
		}
		expect(seen).toHaveLength(8);
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
		const { page, close } = await open(fileUrl("03-hostname.html"));
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
		const { page, close } = await open(fileUrl("00-start.html"));
		await page.locator("article a", { hasText: "step 1" }).click();
		await page.waitForURL(/01-exec\.html#the-idea$/);
		expect(await page.locator("#the-idea").isVisible()).toBe(true);
		await close();
	});
});

describe("presentation", () => {
	test("p shows one section, the arrows turn, Escape leaves where it was", async () => {
		const { page, complaints, close } = await open(fileUrl("03-hostname.html"));
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

	test("a section taller than the screen is scrolled before the next one comes", async () => {
		const { page, close } = await open(fileUrl("03-hostname.html"), {
			viewport: { width: 1280, height: 500 },
		});
		await page.keyboard.press("p");
		for (const _ of [1, 2, 3]) await page.keyboard.press("ArrowRight");
		expect(await onScreen(page)).toEqual(["The idea"]);
		await page.keyboard.press("ArrowDown");
		expect(await onScreen(page)).toEqual(["The idea"]);
		await page.waitForFunction(() => scrollY > 100);
		await page.keyboard.press("ArrowRight");
		expect(await page.evaluate(() => scrollY)).toBe(0);
		await close();
	});

	test("goes on to the next page, and back", async () => {
		const { page, close } = await open(fileUrl("03-hostname.html"));
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
		const { page, close } = await open(fileUrl("03-hostname.html"));
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

test("paper: everything is on it, unfolded, dark on white", async () => {
	const { page, close } = await open(fileUrl("03-hostname.html"), {
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
	const { page, close } = await open(fileUrl("03-hostname.html"), {
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
	const { page, complaints, requests, close } = await open(url);
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

describe("the live page", () => {
	/** `npm run book`, as an instructor starts it. */
	async function serve(port = "0") {
		const [node = "", ...words] = scriptWords("book");
		const server = spawn(node, [...words, "--port", port], {
			cwd: HOME,
			stdio: ["ignore", "pipe", "inherit"],
		});
		const end = async () => {
			server.kill("SIGKILL");
			if (server.exitCode === null && server.signalCode === null)
				await once(server, "exit");
		};
		onTestFinished(end);
		const [line] = await once(server.stdout, "data");
		const [, url = ""] = /(http:.*\/)\n/.exec(String(line)) ?? [];
		return { url, end };
	}

	/** A container of the reference, which runs until it is told to end. */
	function start(step: number) {
		const [node = "", ...words] = scriptWords("solution");
		const container = spawn(
			node,
			[...words, String(step), "sh", "-c", "sleep 60 & read -r line; kill $!"],
			{ cwd: HOME, stdio: ["pipe", "ignore", "inherit"] },
		);
		onTestFinished(() => void container.kill("SIGKILL"));
		return {
			async end() {
				container.stdin.end("\n");
				await once(container, "exit");
			},
		};
	}

	const PROJECTOR = { viewport: { width: 1280, height: 720 } };

	test("open while nothing runs, it says what to type; then each step has its walls and its doors", async () => {
		const { url } = await serve();
		const { page, complaints, requests, close } = await open(
			`${url}live`,
			PROJECTOR,
		);
		expect(await page.locator("svg.house").textContent()).toMatch(
			/No container is running\..*npm run step \d/,
		);
		const OWN: Record<number, string[]> = {
			1: [],
			2: ["uts"],
			3: ["uts"],
			4: ["uts", "root", "directory"],
			5: ["uts", "pid", "root", "directory"],
			6: ["uts", "mnt", "pid", "proc", "root", "directory"],
		};
		for (const [step, own] of Object.entries(OWN)) {
			const begin = Date.now();
			const { end } = start(Number(step));
			await page.waitForFunction(
				([step, own]) => {
					const house = document.querySelector("svg.running");
					const walls = house?.querySelectorAll('[data-state="own"]') ?? [];
					const names = [...walls].map((row) => row.getAttribute("data-kind"));
					return (
						house?.textContent?.includes(`Step ${step} · `) &&
						/sleep/.test(house.textContent) &&
						names.join() === own
					);
				},
				[step, own.join()],
			);
			console.log(
				`step ${step} is on the screen after ${Date.now() - begin} ms`,
			);
			// A wall for each that is its own, a door for each that is shared, and never both.
			for (const row of await page.locator(".row").all()) {
				const [state, bricks, doors] = await row.evaluate((it) => [
					it.getAttribute("data-state"),
					it.querySelectorAll(".brick").length,
					it.querySelectorAll(".way").length,
				]);
				expect([state, Number(bricks) > 0, doors]).toEqual([
					state,
					state === "own",
					state === "shared" ? 1 : 0,
				]);
			}
			const tokens = await page.locator(".process text").allTextContents();
			expect(tokens).toHaveLength(3);
			if (Number(step) >= 5) expect(tokens[1]).toMatch(/^sh 1 \(\d+\)$/);
			// All of it is on the screen, in letters of a size for the last row.
			const size = await page.evaluate(() => {
				const house = document.querySelector("svg.house") as SVGSVGElement;
				const { bottom, right, width } = house.getBoundingClientRect();
				return { bottom, right, scale: width / house.viewBox.baseVal.width };
			});
			expect(size.bottom).toBeLessThanOrEqual(720);
			expect(size.right).toBeLessThanOrEqual(1280);
			expect(size.scale * 17).toBeGreaterThan(15);
			await end();
			await page.waitForSelector("svg.ended");
			expect(await page.locator(".over").textContent()).toBe("ended");
		}
		expect(complaints).toEqual([]);
		expect(new Set(requests)).toEqual(
			new Set([`${url}live`, `${url}live/events`]),
		);
		await close();
	}, 120_000);

	test("it survives a restart of the server", async () => {
		const first = await serve();
		const { page, close } = await open(`${first.url}live`, PROJECTOR);
		await page.waitForSelector("svg.house");
		await first.end();
		await page.waitForFunction(() =>
			document.querySelector(".lost")?.textContent?.includes("Waiting"),
		);
		const { end } = start(2);
		await serve(new URL(first.url).port);
		await page.waitForSelector("svg.running");
		expect(await page.locator(".lost").textContent()).toBe("");
		await end();
		await close();
	});

	test("forty visitors at once all see it", async () => {
		const { url } = await serve();
		const tabs = [];
		for (let visitor = 0; visitor < 40; visitor++)
			tabs.push(await open(`${url}live`, PROJECTOR));
		const { end } = start(3);
		await Promise.all(
			tabs.map(({ page }) => page.waitForSelector("svg.running")),
		);
		await end();
		await Promise.all(
			tabs.map(({ page }) => page.waitForSelector("svg.ended")),
		);
		for (const { close } of tabs) await close();
	}, 120_000);

	test("axe finds nothing, in either scheme, while a container runs and while none does", async () => {
		const { url } = await serve();
		for (const colorScheme of ["light", "dark"] as const) {
			const { page, close } = await open(`${url}live`, {
				...PROJECTOR,
				colorScheme,
				bypassCSP: true,
			});
			expect(await axe(page)).toEqual([]);
			const { end } = start(6);
			await page.waitForSelector("svg.running");
			expect(await axe(page)).toEqual([]);
			await end();
			await page.waitForSelector("svg.ended");
			await close();
		}
	});

	test("without scripts it is the picture of the moment it was asked for", async () => {
		const { url } = await serve();
		const { page, close } = await open(`${url}live`, {
			...PROJECTOR,
			javaScriptEnabled: false,
		});
		expect(await page.locator("svg.house").isVisible()).toBe(true);
		await page.locator("a", { hasText: "The pages" }).click();
		await page.locator("nav a", { hasText: "Live" }).click();
		expect(new URL(page.url()).pathname).toBe("/live");
		await close();
	});
});

test("the workshop's own pages are all in its book", () => {
	const pages = readdirSync(join(HOME, "notes")).filter((name) =>
		/^(\d\d-[^.]*|instructor)\.md$/.test(name),
	);
	for (const name of pages)
		expect(existsSync(join(OWN, name.replace(".md", ".html")))).toBe(true);
});
