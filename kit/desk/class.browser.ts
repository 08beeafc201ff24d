/** The class on the desk, in a real Chromium. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startDesk, until, write } from "./fixtures/tab.ts";

const ONE = "01-exec";

test("who has joined reads what is sent, raises a hand, and says how a step was", async () => {
	const desk = await startDesk();
	const { page } = await desk.open();
	const check = page.locator("#check");
	const hand = check.getByRole("button", { name: /your hand/ });
	await page.waitForSelector("#check li.unseen");
	expect(await hand.isVisible()).toBe(false);
	expect(await check.getByText("In a class").isVisible()).toBe(false);

	const file = join(desk.kit, "steps/.class.json");
	// A board that does not answer is not felt.
	const board = { host: "127.0.0.1", port: 1, word: "oak" };
	const member = { id: "0123456789abcdef", name: "<i>Ana</i>", board };
	writeFileSync(file, JSON.stringify(member));
	await check.getByText("In a class, as <i>Ana</i>").click();
	await check.getByText(/as <i>Ana<\/i>\. .*Never your code/).waitFor();
	const kept = () => JSON.parse(readFileSync(file, "utf8"));

	await hand.click();
	await page.waitForSelector('#check [aria-label="Take your hand down"]');
	expect(kept().hand.step).toBe(ONE);
	await page.locator("#page").focus();
	await page.keyboard.press("u");
	await page.waitForSelector('#check [aria-label="Raise your hand"]');
	expect(kept().hand).toBeUndefined();

	await write(page, desk.solution(ONE));
	await page.waitForSelector("#check[data-state=passed]");
	const lost = check.getByRole("button", { name: "not clear" });
	await lost.click();
	await until(() => kept().opinions?.[ONE] === "lost", "it is kept");
	expect(await lost.getAttribute("aria-pressed")).toBe("true");
}, 240_000);
