/** How this terminal shows a page. */

import { createRequire } from "node:module";
import { isatty } from "node:tty";
import { colours } from "../cli/terminal.ts";
import { type Isolation, NO_ISOLATION } from "../steps/kinds.ts";

const require = createRequire(import.meta.url);

export type Colours = ReturnType<typeof colours>;

/** The form in which a page is rendered as text. */
export interface PageStyle {
	/** Columns. Only a word that is wider makes a wider line. */
	width: number;
	colours: Colours;
	/** Whether the terminal shows OSC 8 sequences as links. */
	links: boolean;
	/** Whether folded answers are open. */
	answers: boolean;
	/** What a ```diagram shows. */
	isolation: Isolation;
}

/** The terminal's colours, width and links. Without a terminal: plain text, 80 columns wide. */
export function terminalStyle({
	answers = false,
	isolation = NO_ISOLATION,
}): PageStyle {
	const terminal = isatty(1);
	const columns = (terminal && process.stdout.columns) || 80;
	return {
		width: Math.min(Math.max(columns, 40), 120),
		colours: colours(1),
		links: terminal && colours(1).$.enabled && canLink(),
		answers,
		isolation,
	};
}

function canLink(): boolean {
	const { default: supports } =
		require("supports-hyperlinks") as typeof import("supports-hyperlinks");
	return supports.stdout;
}
