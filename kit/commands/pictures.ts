/** `npm run pictures`: makes the pictures of the desk, the terminal and the book for the README and the instructor's page. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { openChromium } from "../book/chromium.ts";
import { escapeHtml } from "../book/escape.ts";
import { openLive } from "../book/live.ts";
import { makeSite } from "../book/site.ts";
import { write } from "../cli/terminal.ts";
import { deskPicture } from "../desk/portrait.ts";
import { HOME } from "../steps/catalog.ts";

const OUT = join(HOME, "notes", "pictures");
/** The command in the picture of the terminal, and the part of its output that is shown. */
const COMMAND = "npm run notes 4";
const FROM = "The idea";
const LINES = 34;
/** The programs in the container of the other two pictures. */
const PROGRAMS =
	"sleep 1000 & tail -f /dev/null & echo ready; read -r line; kill $!";
/** The page of the book in its picture. */
const PAGE = "04-chroot.html";

export async function main(): Promise<number> {
	mkdirSync(OUT, { recursive: true });
	const browser = await openChromium();
	try {
		await notesPicture(browser, join(OUT, "terminal.png"));
		await bookPicture(browser, join(OUT, "book.png"));
		await containerPictures(browser);
		await deskPicture(browser, join(OUT, "desk.png"));
	} finally {
		await browser.close();
	}
	write(
		1,
		`Wrote ${OUT}/terminal.png, book.png, look.png, live.png and desk.png\n`,
	);
	return 0;
}

async function notesPicture(browser: Browser, path: string): Promise<void> {
	const lines = screenOf(COMMAND).split("\n");
	const first = Math.max(
		0,
		lines.findIndex((line) => line.includes(FROM)),
	);
	const shown = lines.slice(first, first + LINES).join("\n");
	await terminalPicture(
		browser,
		path,
		COMMAND,
		`${first > 0 ? "⋮\n" : ""}${shown}`,
	);
}

/** What a command of the kit prints, in colour. */
function screenOf(command: string): string {
	const [program = "", ...args] = command
		.replace("run", "run --silent")
		.split(" ");
	const { stdout } = spawnSync(program, args, {
		cwd: HOME,
		env: { ...process.env, FORCE_COLOR: "1" },
		encoding: "utf8",
	});
	return stdout;
}

/** A container of the reference with two programs, in `npm run look` and on the live page. */
async function containerPictures(browser: Browser): Promise<void> {
	const container = spawn(
		"npm",
		["run", "--silent", "solution", "6", "--", "sh", "-c", PROGRAMS],
		{ cwd: HOME, stdio: ["pipe", "pipe", "inherit"] },
	);
	try {
		await once(container.stdout, "data");
		await terminalPicture(
			browser,
			join(OUT, "look.png"),
			"npm run look",
			screenOf("npm run look -- --once"),
		);
		const page = await browser.newPage({
			viewport: { width: 1280, height: 720 },
			colorScheme: "light",
		});
		const { documents } = makeSite(undefined, undefined, openLive().picture);
		await page.setContent(documents.get("live")?.() ?? "");
		await page
			.locator("svg.house:visible")
			.screenshot({ path: join(OUT, "live.png") });
		await page.close();
	} finally {
		container.stdin.end();
		await once(container, "exit");
	}
}

async function terminalPicture(
	browser: Browser,
	path: string,
	command: string,
	screen: string,
): Promise<void> {
	const page = await browser.newPage({
		viewport: { width: 900, height: 200 },
		deviceScaleFactor: 2,
	});
	await page.setContent(
		`<!doctype html><meta charset="utf-8"><style>${TERMINAL}</style><div id="screen"><pre><i>$</i> <b>${command}</b>\n${ansiToHtml(screen.trimEnd())}</pre></div>`,
	);
	await page.locator("#screen").screenshot({ path, omitBackground: true });
	await page.close();
}

async function bookPicture(browser: Browser, path: string): Promise<void> {
	const { documents } = makeSite();
	const html = (documents.get(PAGE) ?? documents.get("index.html"))?.() ?? "";
	const page = await browser.newPage({
		viewport: { width: 1280, height: 900 },
		deviceScaleFactor: 1.5,
		colorScheme: "light",
	});
	await page.setContent(html);
	const diagram = page.locator(".diagram").first();
	if ((await diagram.count()) > 0)
		await diagram.evaluate((figure) =>
			figure.closest("section")?.scrollIntoView(),
		);
	await page.screenshot({ path });
	await page.close();
}

const TERMINAL = `
#screen { width: max-content; padding: 22px 26px; border-radius: 10px; background: #1e2228; }
body { margin: 0; background: transparent; }
pre { margin: 0; color: #e8e6e1; font: 15px/1.45 "DejaVu Sans Mono", monospace; }
i { font-style: normal; color: #98a2ad; }
.s1 { font-weight: bold } .s2 { color: #98a2ad } .s3 { font-style: italic } .s4 { text-decoration: underline }
.s9 { text-decoration: line-through } .s31 { color: #f0867e } .s32 { color: #9fd39d } .s33 { color: #ecba7b }
.s34 { color: #8fc7f6 } .s35 { color: #e6a0d3 } .s36 { color: #82d5d1 } .s90 { color: #98a2ad }`;

/** The codes that end a style, and the styles that each ends. 39 ends every colour. */
const ENDS = new Map([
	[22, [1, 2]],
	[23, [3]],
	[24, [4]],
	[29, [9]],
	[39, [31, 32, 33, 34, 35, 36, 90]],
]);

/** Turns kleur's output into spans. A style lasts from the escape with its own number to the one with its end number. */
function ansiToHtml(text: string): string {
	const [plain = "", ...styled] = text.split("\x1b[");
	let on: number[] = [];
	let html = escapeHtml(plain);
	for (const part of styled) {
		const end = part.indexOf("m");
		const style = Number(part.slice(0, end));
		const ended = ENDS.get(style);
		on = ended ? on.filter((it) => !ended.includes(it)) : [...on, style];
		const classes = on.map((it) => `s${it}`).join(" ");
		html += `<span class="${classes}">${escapeHtml(part.slice(end + 1))}</span>`;
	}
	return html;
}
