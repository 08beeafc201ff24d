/** A learner's way on the desk, in a real Chromium, with nothing but the tab. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { command, startDesk, until, write } from "./fixtures/tab.ts";

const [ONE, TWO] = ["01-exec", "02-uts-namespace"];

test("from the first step to the second, and back to it after a restart", async () => {
	const desk = await startDesk();
	const tab = await desk.open();
	const { page, requests, complaints } = tab;
	const check = page.locator("#check");
	// First the page that says how it goes, and from there to the first step's.
	const heading = page.locator("#page h1");
	expect(await heading.innerText()).toBe("Start here");
	await page.locator("#page").getByRole("link", { name: "step 1" }).click();
	await heading.getByText("becomes the command").waitFor();
	expect(page.url()).not.toContain("key");
	// What will be asked stands there before anything is written.
	await check.getByText("its exit status comes back").waitFor();
	expect(await check.locator("li.unseen").count()).toBeGreaterThan(5);

	// Half the answer: the check says what was seen, and leads to the line.
	const right = desk.solution(ONE);
	await write(page, right.replace("return reexec", "await reexec"));
	await page.waitForSelector("#check[data-state=failed]");
	const failure = check.locator("li.failed").first();
	expect(await failure.innerText()).toMatch(/seen[\s\S]*why[\s\S]*look/);
	await page.locator("#page").click();
	await failure.getByRole("button").click();
	await page.waitForFunction(
		(text) =>
			document.querySelector(".cm-activeLine")?.textContent?.includes(text) &&
			document.activeElement?.matches(".cm-content"),
		"await reexec(command)",
	);

	// A hint, and not at once the solution.
	await check.getByRole("button", { name: /^Hint 1 of/ }).click();
	await check.getByRole("button", { name: /^Hint 2 of/ }).waitFor();
	expect(await check.locator(".hints li").count()).toBe(1);
	await check.getByRole("button", { name: "The way to the solution" }).click();
	await check.getByText("ask again").waitFor();
	expect(await page.locator("dialog").count()).toBe(0);
	await check.getByRole("button", { name: "The way to the solution" }).click();
	await page.locator("dialog .added").first().waitFor();
	expect(await page.locator("dialog .removed").innerText()).toContain(
		"await reexec",
	);
	await page.keyboard.press("Escape");

	// The whole of it: ticked, marked on top, and the way to the next step.
	await write(page, right);
	await page.waitForSelector("#check[data-state=passed]");
	expect(readFileSync(desk.file(ONE), "utf8")).toBe(right);
	await page
		.getByRole("button", { name: /^Step 1 ?: .*\(passed\)$/ })
		.waitFor();
	expect(await check.locator("li.failed").count()).toBe(0);

	// A shell in the container, and its picture.
	await page.getByRole("tab", { name: /^container/ }).click();
	await command(tab, "npm run step 1", /Leave it with: exit/);
	await page.locator(".tools").getByText("Picture").click();
	await page
		.locator("#picture svg.running:visible", { hasText: "Step 1 · " })
		.waitFor();
	expect(await page.locator("#picture p").innerText()).toMatch(
		/namespace|shared|own/i,
	);
	await command(tab, "exit", /exit/);
	await command(tab, "echo back $((6 * 7))", /back 42/);

	await check.getByRole("button", { name: /^Step 2/ }).click();
	await until(
		async () =>
			(await page.title()).startsWith("Step 2") &&
			(await page.locator("#file-status").innerText()) === "Saved",
		"step 2 is open, and its file is in the editor",
	);
	await write(page, desk.solution(TWO));
	await page.waitForSelector("#check[data-state=passed]");
	expect(await page.locator("#page h1").innerText()).toContain("host name");

	// Another day: the same place, in the same tab and in a new one.
	await desk.restart();
	await until(
		async () =>
			/root@|#|\$/.test(await tab.screen()) &&
			(await page.locator("#connection").innerText()) === "",
		"the tab is connected again",
	);
	const next = await desk.open();
	expect(await next.page.title()).toMatch(/^Step 2/);

	const { origin } = new URL(desk.url);
	for (const url of requests) expect(new URL(url).origin).toBe(origin);
	// While the desk was away, nothing of it could be reached.
	const others = complaints.filter(
		(it) => !/WebSocket|ERR_/.test(it) && !it.startsWith(origin),
	);
	expect(others).toEqual([]);
}, 300_000);

test("a command's button types it into its terminal, and runs nothing", async () => {
	const desk = await startDesk();
	const tab = await desk.open();
	const { page, screen } = tab;
	await page.getByRole("button", { name: /^Step 2/ }).click();
	const inside = page.getByRole("button", {
		name: /^Type hostname renamed in the terminal “container”/,
	});
	// The command belongs in the container of the step before. Where none runs, it leads there first.
	await inside.first().click();
	await until(
		async () => /npm run step 1$/.test((await screen()).trim()),
		"the container is asked for",
	);
	await page.getByText("First your container of step 1").waitFor();
	await page.keyboard.press("Control+u");
	await command(tab, "npm run solution 2", /Watch it: the button Picture/);
	await page.getByRole("tab", { name: "container · step 2" }).waitFor();
	await inside.first().click();
	await until(
		async () => /[#$] exit$/.test((await screen()).trim()),
		"the other step's container is left",
	);
	await page.keyboard.press("Enter");
	await page.getByRole("tab", { name: "container", exact: true }).waitFor();
	await command(tab, "npm run solution 1", /Leave it with: exit/);
	await page.getByRole("tab", { name: "container · step 1" }).waitFor();
	await inside.first().click();
	await until(
		async () => /hostname renamed$/.test((await screen()).trim()),
		"it is typed",
	);
	expect(await page.getByRole("tab", { selected: true }).innerText()).toBe(
		"container · step 1",
	);
	await page.getByText("Press Enter to run it.").waitFor();

	// What was typed so and not run gives way to the next one.
	const second = page.getByRole("button", { name: /^Type hostname in the/ });
	await second.first().click();
	await until(
		async () => /[#$] hostname$/.test((await screen()).trim()),
		"the second replaces the first",
	);
	// Enter is the learner's, and the focus is there already.
	await page.keyboard.press("Enter");
	await until(async () => {
		const lines = (await screen()).trim().split("\n");
		return lines.length > 2 && /[#$]$/.test(lines.at(-1)?.trim() ?? "");
	}, "it was run");
}, 240_000);

test("a desk with another key lets the old tab in no more, and the tab says what to do", async () => {
	const desk = await startDesk();
	const { page } = await desk.open();
	await desk.restart("another-key");
	await page
		.getByText("The desk has a new key. Open the address that it printed.")
		.waitFor();
	expect((await page.goto(new URL("/", desk.url).href))?.status()).toBe(403);
	const next = await desk.open();
	expect(await next.page.locator("#connection").innerText()).toBe("");
}, 240_000);

test("TypeScript speaks in the editor: errors, hover, completions", async () => {
	const desk = await startDesk();
	const { page } = await desk.open();
	await write(page, 'import { execvp } from "#runtime";\nexecvp(3);\n');
	await page.locator(".cm-lintRange-error").waitFor();
	await page
		.locator(".cm-line span", { hasText: /^execvp$/ })
		.first()
		.hover();
	await page
		.locator(".cm-tooltip-hover", { hasText: "Becomes the command" })
		.waitFor();
	await page.mouse.move(0, 0);
	await page.keyboard.press("Control+End");
	await page.keyboard.type("exec");
	await page.keyboard.press("Control+Space");
	const list = page.locator(".cm-tooltip-autocomplete");
	await list.getByText("execvp").first().waitFor();
	await page.keyboard.press("Escape");
	await page.locator(".cm-lintRange-error").first().waitFor();
	await write(page, "export {};\n");
	await page.locator(".cm-lintRange-error").first().waitFor({
		state: "detached",
	});
}, 240_000);
