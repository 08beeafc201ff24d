/** The desk's terminals, in a real Chromium. */

import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { command, startDesk, until } from "./fixtures/tab.ts";

test("a reload keeps a running shell, and what it showed", async () => {
	const desk = await startDesk();
	const tab = await desk.open();
	const { page, screen } = tab;
	await command(tab, "word=kept; echo my $word | tr a-z A-Z", /MY KEPT/);
	await command(tab, "sleep 1000 & echo job $!", /job \d+/);
	const [, job] = /job (\d+)/.exec(await screen()) ?? [];
	await page.reload();
	await until(async () => /MY KEPT/.test(await screen()), "it shows the same");
	await command(tab, 'echo "$word-$(jobs -r | wc -l)"', /kept-1/);

	// Closed, it takes what runs in it along.
	expect(existsSync(`/proc/${job}`)).toBe(true);
	await page
		.getByRole("button", { name: "Close dev container, and end" })
		.click();
	await until(() => !existsSync(`/proc/${job}`), "the job has ended");
	expect(await page.getByRole("tab").allInnerTexts()).toEqual(["container"]);
}, 240_000);

test("ten megabytes are shown to their end, while the desk answers", async () => {
	const desk = await startDesk();
	const tab = await desk.open();
	const { page, screen } = tab;
	await page.locator(".shell:not([hidden]) .screen").click();
	await page.keyboard.type(
		"yes 'a line of sixty letters or so, to be shown and forgotten' | head -c 10M; echo; echo the $((40 + 2))nd line\n",
	);
	// Meanwhile another terminal, and the page, can be used.
	await page.getByRole("button", { name: "New terminal" }).click();
	await page.getByRole("tab", { name: "terminal 3", selected: true }).waitFor();
	await command(tab, "echo still $((6 * 7))", /still 42/);
	await page.getByRole("tab", { name: "dev container" }).click();
	await until(async () => /the 42nd line/.test(await screen()), "the end");
	await command(tab, "echo and $((1 + 1)) more", /and 2 more/);
}, 240_000);

test("the shell has the size of its pane, whatever becomes of the window", async () => {
	const desk = await startDesk();
	const tab = await desk.open();
	const { page, screen } = tab;
	let asked = 0;
	const size = async () => {
		asked++;
		const answer = new RegExp(`size ${asked} (\\d+) (\\d+)`);
		await command(tab, `clear; echo size ${asked} $(stty size)`, answer);
		const [, rows, columns] = answer.exec(await screen()) ?? [];
		return { rows: Number(rows), columns: Number(columns) };
	};
	const usual = await size();
	expect(usual.columns).toBeGreaterThan(70);
	await page.setViewportSize({ width: 1600, height: 1000 });
	const large = await size();
	expect(large.columns).toBeGreaterThan(usual.columns);
	expect(large.rows).toBeGreaterThan(usual.rows);
	await page.locator(".tools").getByText("Projector").click();
	const projected = await size();
	expect(projected.columns).toBeLessThan(large.columns);
	expect(await page.locator("#page").isVisible()).toBe(false);
	const letters = await page.evaluate(() =>
		[".cm-editor", ".xterm-rows"].map(
			(it) => getComputedStyle(document.querySelector(it) as Element).fontSize,
		),
	);
	expect(letters).toEqual(["27px", "27px"]);
	await page.locator(".tools").getByText("Projector").click();
	const bar = page.getByRole("separator", { name: "Height of the terminals" });
	await bar.focus();
	for (let n = 0; n < 5; n++) await page.keyboard.press("ArrowUp");
	expect((await size()).rows).toBeGreaterThan(large.rows);
}, 240_000);

test("text is copied and pasted", async () => {
	const desk = await startDesk();
	const tab = await desk.open({
		permissions: ["clipboard-read", "clipboard-write"],
	});
	const { page, screen } = tab;
	await command(tab, "clear; echo co''pied", /copied/);
	const row = page.locator(".shell:not([hidden]) .xterm-rows > div", {
		hasText: /^copied/,
	});
	const box = await row.boundingBox();
	await page.mouse.dblclick((box?.x ?? 0) + 20, (box?.y ?? 0) + 8);
	await page.keyboard.press("Control+c");
	const clipboard = () =>
		page.evaluate(async () => (await navigator.clipboard.readText()).trim());
	await until(async () => (await clipboard()) === "copied", "it is copied");
	await page.keyboard.type("echo pasted-");
	await page.keyboard.press("Control+Shift+V");
	await page.keyboard.press("Enter");
	await until(async () => /pasted-copied/.test(await screen()), "it is pasted");
}, 240_000);

test("an address that a terminal shows is a link, and opens beside the desk", async () => {
	const desk = await startDesk();
	const tab = await desk.open();
	const { page } = tab;
	const book = new URL("/index.html", desk.url).href;
	await command(tab, `clear; echo ${book}`, /\n?http/);
	const row = page
		.locator(".shell:not([hidden]) .xterm-rows > div", { hasText: /^http/ })
		.first();
	const box = await row.boundingBox();
	const [x, y] = [(box?.x ?? 0) + 60, (box?.y ?? 0) + 8];
	await page.mouse.move(x, y);
	const opened = page.waitForEvent("popup");
	await page.mouse.click(x, y);
	await (await opened).waitForURL(book);
	expect(new URL(page.url()).pathname).toBe("/");
}, 240_000);

test("there are eight terminals at the most, and a closed one makes room", async () => {
	const desk = await startDesk();
	const { page } = await desk.open();
	const add = page.getByRole("button", { name: "New terminal" });
	for (let n = 3; n <= 8; n++) {
		await add.click();
		await page.getByRole("tab", { name: `terminal ${n}` }).waitFor();
	}
	expect(await add.isDisabled()).toBe(true);
	await page.getByRole("tab", { name: "terminal 5" }).click();
	await page.getByRole("button", { name: "Close terminal 5, and" }).click();
	await until(async () => !(await add.isDisabled()), "there is room");
}, 240_000);

test("a terminal that another tab took can be taken back", async () => {
	const desk = await startDesk();
	const one = await desk.open();
	await command(one, "echo fi''rst", /first/);
	const two = await desk.open();
	await until(
		async () => /first/.test(await two.screen()),
		"it is shown there",
	);
	const over = one.page.locator(".shell:not([hidden]) .over");
	await over.getByRole("button", { name: "Show it here" }).click();
	await command(one, "echo se''cond", /second/);
	await two.page.locator(".shell:not([hidden]) .over button").waitFor();
}, 240_000);
