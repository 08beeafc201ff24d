/** Compares the output on a page with the real output. */

import { shortPath } from "../steps/catalog.ts";
import type { Transcript } from "./transcripts.ts";

const ANYTHING = "…";

/** The first difference, with its line on the page. Undefined if the page is right. */
export function difference(
	{ page, exchanges }: Pick<Transcript, "page" | "exchanges">,
	appeared: string[],
): string | undefined {
	for (const [index, { line, command, output }] of exchanges.entries()) {
		const expected = trimEnd(output);
		const actual = trimEnd(lines(appeared[index] ?? ""));
		const agreed = agreement(expected, actual);
		if (agreed === undefined) continue;
		const where = `${shortPath(page)}:${line + 1 + Math.min(agreed, expected.length)}`;
		return [
			`${where}: after \`${command}\` the page shows`,
			...quote([expected[agreed] ?? "(no more)"]),
			"but the output is",
			...quote(actual.length > 0 ? actual : ["(nothing)"]),
		].join("\n");
	}
	return undefined;
}

/** How many of the expected lines the output starts with. Undefined if all of it agrees. */
export function agreement(
	expected: string[],
	actual: string[],
): number | undefined {
	const text = actual.map((line) => `${line.trimEnd()}\n`).join("");
	if (new RegExp(`^${pattern(expected)}$`).test(text)) return undefined;
	let count = expected.length;
	while (!new RegExp(`^${pattern(expected.slice(0, count))}`).test(text))
		count--;
	return count;
}

function pattern(expected: string[]): string {
	return expected
		.map((line) => {
			if (line.trim() === ANYTHING) return "(?:.*\\n)*?";
			const literals = line.trimEnd().split(ANYTHING).map(escapeRegExp);
			return `${literals.join(".*?")}\\n`;
		})
		.join("");
}

function escapeRegExp(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

function quote(text: string[]): string[] {
	return text.map((line) => `    ${line}`);
}

function trimEnd(text: string[]): string[] {
	const last = text.findLastIndex((line) => line.trim() !== "");
	return text.slice(0, last + 1);
}

function lines(text: string): string[] {
	return text.split("\n");
}
