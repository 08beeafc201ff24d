/** Two versions of a file, one beneath the other, in a window of its own. */

import type { DiffLine } from "../protocol.ts";
import { make } from "./dom.ts";
import { openWindow } from "./window.ts";

const NAMES = { "-": "yours: ", "+": "the other: ", " ": "" };

export function showDiff(
	title: string,
	{ lines, text }: { lines: DiffLine[]; text: string },
): void {
	const rows = lines.map(({ mark, text }) =>
		make(
			"span",
			{ className: mark === "+" ? "added" : mark === "-" ? "removed" : "" },
			make("span", { className: "hidden" }, NAMES[mark]),
			make("span", { "aria-hidden": "true", className: "mark" }, mark),
			`${text}\n`,
		),
	);
	openWindow(
		title,
		make("p", {}, text),
		make(
			"pre",
			{ className: "diff", tabIndex: 0, role: "group", "aria-label": title },
			make("code", {}, ...rows),
		),
	);
}
