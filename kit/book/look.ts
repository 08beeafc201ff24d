/** How a page is to look in this terminal. */

import { createRequire } from "node:module";
import { isatty } from "node:tty";
import { colours } from "../cli/terminal.ts";
import type { Chapter } from "./chapters.ts";
import type { Look } from "./terminal.ts";

const require = createRequire(import.meta.url);

/** Colours, width and links as the terminal has them. Where there is none: plain, and 80 columns. */
export function lookOf({
	answers,
	chapter,
}: {
	answers: boolean;
	chapter: Chapter | undefined;
}): Look {
	const terminal = isatty(1);
	const columns = (terminal && process.stdout.columns) || 80;
	return {
		width: Math.min(Math.max(columns, 40), 120),
		colours: colours(1),
		links: terminal && colours(1).$.enabled && canLink(),
		answers,
		house: chapter?.house ?? { own: [], added: [] },
	};
}

function canLink(): boolean {
	const { default: supports } =
		require("supports-hyperlinks") as typeof import("supports-hyperlinks");
	return supports.stdout;
}
