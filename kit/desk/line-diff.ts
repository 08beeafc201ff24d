/** Two texts, line by line: for the way to the solution, and for a file that was changed in two places. */

import { diffLines } from "diff";
import type { DiffLine } from "./protocol.ts";

export function lineDiff(before: string, after: string): DiffLine[] {
	return diffLines(before, after).flatMap(({ value, added, removed }) =>
		value
			.replace(/\n$/, "")
			.split("\n")
			.map((text) => ({ mark: added ? "+" : removed ? "-" : " ", text })),
	);
}
