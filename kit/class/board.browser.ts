/** The board in a real Chromium, with thirty made-up learners. */

import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { axe, openPage } from "../book/fixtures/browser.ts";
import { aClass, at, learner, NAMES } from "./fixtures/learners.ts";
import { askBoard, openClass } from "./fixtures/open.ts";

const PROJECTOR = { viewport: { width: 1280, height: 720 } };

async function openThirty() {
	const board = await openClass(["--port", "0"]);
	for (const message of aClass(Date.now())) await board.send(message);
	return board;
}

/** What is wider or higher than its place, and what cannot be seen without scrolling. */
function overflow(page: Page): Promise<string[]> {
	return page.evaluate(() => {
		const found: string[] = [];
		const all = [...document.body.querySelectorAll("*")].filter(
			(it) => !it.closest(".hidden, svg") && it.getClientRects().length > 0,
		);
		for (const it of all) {
			const { right, bottom, left } = it.getBoundingClientRect();
			const name = `${it.tagName}.${it.className} ${it.textContent?.slice(0, 40)}`;
			if (left < 0 || right > innerWidth || it.scrollWidth > it.clientWidth + 1)
				if (getComputedStyle(it).display !== "inline")
					found.push(`too wide: ${name}`);
			if (bottom > innerHeight && it.closest(".people, header, aside"))
				found.push(`below the screen: ${name}`);
		}
		return found;
	});
}

/** The smallest letters on the screen, in pixels. */
function smallest(page: Page): Promise<number> {
	return page.evaluate(() =>
		Math.min(
			...[
				...document.querySelectorAll("p, li, h3, button, code, kbd, span"),
			].map((it) => Number.parseFloat(getComputedStyle(it).fontSize)),
		),
	);
}

test("thirty learners are on one screen of 1280×720, those in need first", async () => {
	const { url } = await openThirty();
	for (const colorScheme of ["light", "dark"] as const) {
		const { page, complaints, requests, close } = await openPage(url, {
			...PROJECTOR,
			colorScheme,
			bypassCSP: true,
		});
		await page.waitForFunction(
			() => document.querySelectorAll(".people li").length === 30,
		);
		const names = await page.locator(".people strong").allTextContents();
		expect([...names].sort()).toEqual([...NAMES].sort());
		// Two hands, the one that waits longer first; then whoever is stuck, likewise.
		expect(names.slice(0, 8)).toEqual(
			"Bo Ana Haruka Goran Farah Elif Dmitri Chidi".split(" "),
		);
		expect(await page.locator(".needy li").count()).toBe(8);
		expect(await page.locator(".steps").textContent()).toContain(
			"11 of 30 are through",
		);
		expect(await page.locator(".most").nth(2).textContent()).toMatch(
			/^6 fail: the command starts in \/ of the new root.*No chdir/,
		);
		expect(await overflow(page)).toEqual([]);
		expect(await smallest(page)).toBeGreaterThanOrEqual(13);
		expect(await axe(page)).toEqual([]);
		expect(complaints).toEqual([]);
		const { origin } = new URL(url);
		for (const request of requests) expect(request).toContain(`${origin}/`);
		await close();
	}
});

test("it shows a message at once, has keys, and a reload loses nothing", async () => {
	const { url, send } = await openThirty();
	const { page, close } = await openPage(url, PROJECTOR);
	const now = Date.now();
	await send(learner(13, 6, now, { hand: at(now - 9 * 60_000) }));
	await page.waitForFunction(
		() => document.querySelector(".needy strong")?.textContent === "Nadia",
	);
	// From hand to hand by the arrows; Enter says that it was seen to, and focus is not lost by what comes in.
	await page.keyboard.press("ArrowDown");
	const focused = () =>
		page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
	expect(await focused()).toBe("Nadia: seen to");
	await send(learner(14, 6, Date.now()));
	await page.waitForFunction(
		() =>
			[...document.querySelectorAll(".others li")].find((it) =>
				it.textContent?.startsWith("Olu"),
			)?.textContent === "Olu step 6",
	);
	expect(await focused()).toBe("Nadia: seen to");
	await page.keyboard.press("Enter");
	await page.waitForFunction(
		() => document.querySelector(".needy strong")?.textContent === "Bo",
	);
	await page.keyboard.press("t");
	await page.waitForFunction(() =>
		/Start: .* left/.test(document.querySelector(".clock")?.textContent ?? ""),
	);
	const before = await page.locator("#live").innerHTML();
	await page.reload();
	await page.waitForFunction(() => document.querySelector(".needy strong"));
	expect(await page.locator("#live").innerHTML()).toBe(before);
	await page.keyboard.press("n");
	await page.waitForURL(/\/room$/);
	await page.keyboard.press("n");
	await page.waitForURL((it) => it.pathname === "/");
	await close();
});

test("the page for the room has no name, fits, and says how to join", async () => {
	const { url, boardPort, key, word } = await openThirty();
	const { page, close } = await openPage(url, {
		...PROJECTOR,
		bypassCSP: true,
	});
	await page.goto(new URL("/room", url).href);
	await page.waitForSelector("svg.code");
	const text = (await page.locator("body").textContent()) ?? "";
	expect(text).toContain(word);
	expect(text).toContain("30 here");
	for (const name of NAMES)
		expect(text).not.toMatch(new RegExp(`\\b${name}\\b`));
	expect(await overflow(page)).toEqual([]);
	expect(await smallest(page)).toBeGreaterThanOrEqual(19);
	expect(await axe(page)).toEqual([]);
	expect((await askBoard(boardPort, "/events/room")).status).toBe(403);
	expect(key).not.toBe("");
	await close();
});

test("a name is text, whatever it is", async () => {
	const { url, send } = await openClass(["--port", "0"]);
	const name = "<img src=x onerror=alert(1)>\"'&amp;";
	const now = Date.now();
	await send({ ...learner(0, 2, now, { hand: at(now) }), name });
	const { page, complaints, close } = await openPage(url, PROJECTOR);
	expect(await page.locator(".needy strong").textContent()).toBe(name);
	expect(await page.locator("img").count()).toBe(0);
	expect(complaints).toEqual([]);
	await close();
});

test("the board ends and comes back under the open page", async () => {
	const folder = mkdtempSync(join(tmpdir(), "class-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const port = String(await freePort());
	const words = ["--port", port, "--save", join(folder, "class.json")];
	const first = await openClass(words);
	await first.send(learner(0, 2, Date.now()));
	const { page, close } = await openPage(first.url, PROJECTOR);
	await page.waitForFunction(() => document.querySelector(".others strong"));
	await first.end("SIGTERM");
	await page.waitForFunction(
		() => document.querySelector("#lost")?.textContent !== "",
	);
	expect(await page.locator(".others strong").textContent()).toBe("Ana");
	const second = await openClass(words);
	await second.send(learner(1, 2, Date.now()));
	await page.waitForFunction(
		() => document.querySelectorAll(".others strong").length === 2,
	);
	expect(await page.locator("#lost").textContent()).toBe("");
	await close();
});

/** A port that is free, and the next one, too. */
async function freePort(): Promise<number> {
	const [one, two] = [createServer(), createServer()];
	try {
		const { port } = await listen(one, 0);
		await listen(two, port + 1);
		return port;
	} catch {
		return freePort();
	} finally {
		one.close();
		two.close();
	}
}

function listen(server: Server, port: number): Promise<AddressInfo> {
	return new Promise((done, fail) => {
		server.once("error", fail);
		server.listen(port, "127.0.0.1", () =>
			done(server.address() as AddressInfo),
		);
	});
}
