/** The file on the disk and the text in the editor, in a real Chromium. */

import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { read, saveOutside, startDesk, until, write } from "./fixtures/tab.ts";

const STEP = "01-exec";
const LINES = ["// one", "// two", "// three", "// four", ""];
const saved = (path: string, text: string) =>
	until(
		() => existsSync(path) && readFileSync(path, "utf8") === text,
		`the file is ${text}`,
	);

test("it is saved on a pause, and by Ctrl-S; an edit from outside leaves the cursor where it is", async () => {
	const desk = await startDesk();
	const { page } = await desk.open();
	const file = desk.file(STEP);
	await write(page, LINES.join("\n"));
	await saved(file, LINES.join("\n"));
	await page.keyboard.insertText("// five");
	await page.keyboard.press("Control+s");
	await saved(file, `${LINES.join("\n")}// five`);

	// The cursor stands in the third line. Outside, lines change above and below.
	await page.keyboard.press("Control+Home");
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("End");
	const theirs = ["// zero", "// one", "// 2", "// three", "// 4", "// 5", ""];
	saveOutside(file, theirs.join("\n"));
	await until(
		async () => (await read(page)) === theirs.join("\n"),
		"the edit from outside is shown",
	);
	await page.keyboard.type("!");
	await until(
		async () => (await read(page)).includes("// three!"),
		"the cursor is where it was",
	);
	await saved(file, theirs.join("\n").replace("three", "three!"));
}, 240_000);

test("where both have changed, it asks, and does what is answered", async () => {
	const desk = await startDesk();
	const { page, close } = await desk.open();
	const file = desk.file(STEP);
	const question = page.locator("#question [role=alert]");
	const both = async (mine: string, theirs: string) => {
		await write(page, "// base\n");
		await saved(file, "// base\n");
		// The second keystroke comes before the first pause is over.
		await page.keyboard.insertText(mine);
		saveOutside(file, theirs);
		await question.waitFor();
	};
	await both("// mine", "// theirs\n");
	expect(await question.innerText()).toContain("changed outside");
	expect(readFileSync(file, "utf8")).toBe("// theirs\n");
	await question.getByRole("button", { name: "Compare" }).click();
	const dialog = page.locator("dialog");
	expect(await dialog.locator(".removed").allInnerTexts()).toEqual(
		expect.arrayContaining([expect.stringContaining("// mine")]),
	);
	expect(await dialog.locator(".added").innerText()).toContain("// theirs");
	await page.keyboard.press("Escape");
	await question.getByRole("button", { name: "Keep what is here" }).click();
	await saved(file, "// base\n// mine");
	await question.waitFor({ state: "detached" });

	await both("// mine again", "// theirs again\n");
	await question.getByRole("button", { name: "Take the file" }).click();
	await until(
		async () => (await read(page)) === "// theirs again\n",
		"the file is taken",
	);
	expect(readFileSync(file, "utf8")).toBe("// theirs again\n");
	await close();
}, 240_000);

test("a file that is gone is not written again unasked", async () => {
	const desk = await startDesk();
	const { page } = await desk.open();
	const file = desk.file(STEP);
	await write(page, "// kept\n");
	await saved(file, "// kept\n");
	rmSync(dirname(file), { recursive: true });
	const question = page.locator("#question [role=alert]");
	await question.waitFor();
	expect(await question.innerText()).toContain("gone from the disk");
	expect(await read(page)).toBe("// kept\n");
	await question.getByRole("button", { name: "Write it again" }).click();
	await saved(file, "// kept\n");
	await question.waitFor({ state: "detached" });
}, 240_000);

test("two tabs on one file follow each other", async () => {
	const desk = await startDesk();
	const one = await desk.open();
	const two = await desk.open();
	await write(one.page, "// from the first\n");
	await until(
		async () => (await read(two.page)) === "// from the first\n",
		"the second tab follows",
	);
	await write(two.page, "// from the second\n");
	await until(
		async () => (await read(one.page)) === "// from the second\n",
		"the first tab follows",
	);
	expect(await one.page.locator("#question").innerText()).toBe("");
	expect(await two.page.locator("#question").innerText()).toBe("");

	// Each tab has its own step.
	await two.page.getByRole("button", { name: /^Step 2/ }).click();
	await until(
		async () => (await read(two.page)).includes("reexec"),
		"step 2 is open",
	);
	expect(await read(one.page)).toBe("// from the second\n");
}, 240_000);

test("what was typed while the server was away is saved when it is back", async () => {
	const desk = await startDesk();
	const { page } = await desk.open();
	await write(page, "// before\n");
	await saved(desk.file(STEP), "// before\n");
	const away = desk.restart();
	await page.locator("#connection", { hasText: "lost" }).waitFor();
	await page.locator(".cm-content").focus();
	await page.keyboard.press("Control+End");
	await page.keyboard.insertText("// meanwhile\n");
	await away;
	await saved(desk.file(STEP), "// before\n// meanwhile\n");
	expect(await page.locator("#question").innerText()).toBe("");
}, 240_000);
