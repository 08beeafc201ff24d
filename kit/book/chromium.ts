/** Finds and starts the browser for the book's tests and pictures: Chromium, which is not one of the kit's packages. */

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Browser } from "playwright-core";
import { CommandError } from "../cli/terminal.ts";

/** Run before the browser tests: prints one line if there is no browser. */
export function main(): number {
	findChromium();
	return 0;
}

function findChromium(): string {
	for (const folder of (process.env.PATH ?? "").split(delimiter))
		for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
			const file = join(folder, name);
			try {
				accessSync(file, constants.X_OK);
				return file;
			} catch {}
		}
	throw new CommandError(
		1,
		"There is no Chromium here. Install it: apt-get install -y --no-install-recommends chromium fonts-dejavu",
	);
}

/** Starts it without a window and without any network traffic of its own. */
export async function openChromium(): Promise<Browser> {
	const { chromium } = await import("playwright-core");
	return chromium.launch({
		executablePath: findChromium(),
		args: [
			// Chromium's sandbox does not run as root, and the workshop does.
			"--no-sandbox",
			"--disable-gpu",
			"--disable-quic",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
		],
	});
}
