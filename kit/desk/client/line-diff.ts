/** Two texts line by line, in the form in which the server sends the way to the solution. */

import { diffLines } from "diff";
import type { DiffLine } from "../protocol.ts";

export function lineDiff(before: string, after: string): DiffLine[] {
	return diffLines(before, after).flatMap(({ value, added, removed }) =>
		value
			.replace(/\n$/, "")
			.split("\n")
			.map((text) => ({ mark: added ? "+" : removed ? "-" : " ", text })),
	);
}
