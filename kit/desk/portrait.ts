/** The desk in its picture for the README: step 6 passes, and its container runs. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Browser, Page } from "playwright-core";
import { listSteps } from "../steps/catalog.ts";
import { copyInto } from "../steps/copy.ts";

/** The open step. Those before it pass, too. */
const STEP = 6;
/** What is typed into the container's terminal, and what each line shows. */
const TYPED: [string, RegExp][] = [
	[`npm run --silent step ${STEP}`, /root@container/],
	["sleep 1000 &", /\[1\]/],
];
/** What is shown then, on a screen that was cleared. */
const SHOWN: [string, RegExp][] = [
	["hostname; echo $$", /\n1\s/],
	["cat /proc/[1-9]*/comm", /sleep\s/],
];

export async function deskPicture(
	browser: Browser,
	path: string,
): Promise<void> {
	// A copy, so that the learner's steps stay as they are.
	const kit = mkdtempSync(join(tmpdir(), "workshop-"));
	copyInto(kit);
	for (const { id, number, solution } of listSteps())
		if (number <= STEP)
			copyFileSync(solution, join(kit, "steps", id, "container.ts"));
	const launch = join(kit, "kit/launch.cjs");
	const check = spawn(process.execPath, [launch, "check"], { cwd: kit });
	check.stdout.resume();
	await once(check, "exit");
	const desk = spawn(process.execPath, [launch, "desk", "--port", "0"], {
		cwd: kit,
		// No settings of this machine's shells.
		env: { ...process.env, HOME: kit },
		stdio: ["ignore", "pipe", "inherit"],
	});
	const page = await browser.newPage({
		viewport: { width: 1600, height: 940 },
		deviceScaleFactor: 1.5,
		colorScheme: "light",
	});
	try {
		await page.goto(await addressOf(desk.stdout));
		await arrange(page);
		await page.screenshot({ path });
	} finally {
		await page.close();
		desk.kill("SIGINT");
		if (desk.exitCode === null) await once(desk, "exit");
		rmSync(kit, { recursive: true, maxRetries: 5 });
	}
}

async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
	for await (const line of createInterface(output)) {
		const [url] = /http:\S+/.exec(line) ?? [];
		if (url) return url;
	}
	throw new Error("the desk printed no address");
}

async function arrange(page: Page): Promise<void> {
	await page
		.getByRole("button", { name: new RegExp(`^Step ${STEP} `) })
		.click();
	await page.waitForSelector("#check[data-state=passed]");
	await page.locator(".tools").getByText("Picture").click();
	await page.getByRole("tab", { name: "container", exact: true }).click();
	const rows = page.locator(".shell:not([hidden]) .xterm-rows");
	const type = async ([line, shows]: [string, RegExp]) => {
		await page.keyboard.type(`${line}\n`);
		for (let tries = 0; !shows.test(await rows.innerText()); tries++) {
			if (tries > 300) throw new Error(`${line} did not show ${shows}`);
			await page.waitForTimeout(100);
		}
	};
	for (const line of TYPED) await type(line);
	await page.keyboard.press("Control+l");
	for (const line of SHOWN) await type(line);
	await page.waitForSelector("#picture svg.running:visible");
	await page.locator(".cm-scroller").evaluate((text) => {
		const run = [...text.querySelectorAll(".cm-line")].find((line) =>
			line.textContent.startsWith("/** Runs in the dev"),
		);
		run?.scrollIntoView();
	});
	// Errors are asked for after a pause, and the cursor is not at its blink.
	await page.waitForTimeout(2000);
}
