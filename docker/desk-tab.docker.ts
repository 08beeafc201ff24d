/** The desk of the dev container in a real Chromium, as a learner opens it. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openPage } from "../kit/book/fixtures/browser.ts";
import { command, until, write } from "../kit/desk/fixtures/tab.ts";
import { listSteps } from "../kit/steps/catalog.ts";
import { startContainer } from "./desk-container.ts";

test("from the first step to the second, with nothing but the tab", async () => {
	const { desk, steps } = await startContainer();
	const origin = `http://localhost:${desk.port}`;
	const tab = await openPage(`${origin}/?key=${desk.key}`);
	onTestFinished(tab.close);
	const { page, requests, complaints } = tab;
	await page.waitForSelector(".cm-content");
	const heading = page.locator("#page h1");
	expect(await heading.innerText()).toBe("Start here");
	await page.locator("#page").getByRole("link", { name: "step 1" }).click();
	await heading.getByText("becomes the command").waitFor();

	const [one, two] = listSteps();
	const solve = async ({ id, solution }: { id: string; solution: string }) => {
		const text = readFileSync(solution, "utf8");
		await page.locator("#file-name").getByText(id).waitFor();
		await write(page, text);
		await page.waitForSelector("#check[data-state=passed]");
		expect(readFileSync(join(steps, id, "container.ts"), "utf8")).toBe(text);
	};
	if (!one || !two) throw new Error("there are no two steps");
	await solve(one);
	const rows = page.locator(".shell:not([hidden]) .xterm-rows");
	const screen = async () => rows.innerText();
	await until(async () => /\$|#/.test(await screen()), "a prompt");
	await command(
		{ ...tab, screen },
		"npm run --silent step 1 echo 'I run'",
		/\nI run/,
	);
	await page.getByRole("button", { name: /^Step 2: / }).click();
	await heading.getByText("A place for a host name").waitFor();
	await solve(two);
	expect(complaints).toEqual([]);
	for (const request of requests)
		expect(request.replace(/^ws/, "http")).toContain(origin);
});
