/** The live page in a real Chromium. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import { HOME } from "../steps/catalog.ts";
import { scriptWords } from "../testing/kit.ts";
import { axe, openPage } from "./fixtures/browser.ts";

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

	/** A container of the reference, which runs until the test ends it. */
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
		const { page, complaints, requests, close } = await openPage(
			`${url}live`,
			PROJECTOR,
		);
		expect(await page.locator("svg.house:visible").textContent()).toMatch(
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
					const house = document.querySelector("svg.wide.running");
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
			// A wall for each own kind, a door for each shared kind, and never both.
			for (const row of await page.locator("svg.house:visible .row").all()) {
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
			const tokens = await page
				.locator("svg.house:visible .process text")
				.allTextContents();
			expect(tokens).toHaveLength(3);
			if (Number(step) >= 5) expect(tokens[1]).toMatch(/^sh 1 \(\d+\)$/);
			// All of it is on the screen, in letters that the last row can read.
			const size = await page.evaluate(() => {
				const house = document.querySelector(
					"svg.wide.numbered",
				) as SVGSVGElement;
				const { bottom, right, width } = house.getBoundingClientRect();
				return { bottom, right, scale: width / house.viewBox.baseVal.width };
			});
			expect(size.bottom).toBeLessThanOrEqual(720);
			expect(size.right).toBeLessThanOrEqual(1280);
			expect(size.scale * 17).toBeGreaterThan(15);
			await end();
			await page.waitForSelector("svg.wide.numbered.ended");
			expect(await page.locator("svg.house:visible .over").textContent()).toBe(
				"ended",
			);
		}
		expect(complaints).toEqual([]);
		expect(new Set(requests)).toEqual(
			new Set([`${url}live`, `${url}live/events`]),
		);
		await close();
	}, 120_000);

	test("it survives a restart of the server", async () => {
		const first = await serve();
		const { page, close } = await openPage(`${first.url}live`, PROJECTOR);
		await page.waitForSelector("svg.house:visible");
		await first.end();
		await page.waitForFunction(() =>
			document.querySelector(".lost")?.textContent?.includes("is lost"),
		);
		const { end } = start(2);
		await serve(new URL(first.url).port);
		await page.waitForSelector("svg.wide.numbered.running");
		expect(await page.locator(".lost").textContent()).toBe("");
		await end();
		await close();
	});

	test("forty visitors at once all see it", async () => {
		const { url } = await serve();
		const tabs = [];
		for (let visitor = 0; visitor < 40; visitor++)
			tabs.push(await openPage(`${url}live`, PROJECTOR));
		const { end } = start(3);
		await Promise.all(
			tabs.map(({ page }) => page.waitForSelector("svg.wide.numbered.running")),
		);
		await end();
		await Promise.all(
			tabs.map(({ page }) => page.waitForSelector("svg.wide.numbered.ended")),
		);
		for (const { close } of tabs) await close();
	}, 120_000);

	test("axe finds nothing, in either scheme, while a container runs and while none does", async () => {
		const { url } = await serve();
		for (const colorScheme of ["light", "dark"] as const) {
			const { page, close } = await openPage(`${url}live`, {
				...PROJECTOR,
				colorScheme,
				bypassCSP: true,
			});
			expect(await axe(page)).toEqual([]);
			const { end } = start(6);
			await page.waitForSelector("svg.wide.numbered.running");
			expect(await axe(page)).toEqual([]);
			await end();
			await page.waitForSelector("svg.wide.numbered.ended");
			await close();
		}
	});

	test("without scripts it is the picture of the moment it was asked for", async () => {
		const { url } = await serve();
		const { page, close } = await openPage(`${url}live`, {
			...PROJECTOR,
			javaScriptEnabled: false,
		});
		expect(await page.locator("svg.house:visible").isVisible()).toBe(true);
		await page.locator("a", { hasText: "The pages" }).click();
		await page.locator("nav a", { hasText: "Live" }).click();
		expect(new URL(page.url()).pathname).toBe("/live");
		await close();
	});
});
