/** The terminal breaks no word of code, on any page and at any usual width. */

import { existsSync } from "node:fs";
import { lexer, type Token, walkTokens } from "marked";
import stringWidth from "string-width";
import { afterAll, describe, expect, test, vi } from "vitest";
import { readHints } from "../steps/page.ts";
import { listChapters } from "./chapters.ts";
import { style } from "./fixtures/style.ts";
import { render } from "./terminal.ts";

vi.stubEnv("NO_COLOR", "1");
afterAll(() => vi.unstubAllEnvs());

const pages = listChapters()
	.filter(({ file }) => existsSync(file))
	.flatMap(({ id, file, body }): [string, string][] => [
		[id, body],
		...readHints(file).map((hint, index): [string, string] => [
			`${id}, hint ${index + 1}`,
			hint,
		]),
	]);

describe.each([60, 80, 100, 120])("at %i columns", (width) => {
	test.each(pages)("%s", (_, body) => {
		const lines = render(body, style(width, { answers: true })).split("\n");
		// A single word may be wider than the terminal.
		for (const line of lines)
			if (line.trim().includes(" "))
				expect(stringWidth(line), line).toBeLessThanOrEqual(width);
		const shown = lines.join("\n");
		const wanted = codeWords(body);
		for (const word of new Set(wanted))
			expect(
				countOf(word, [shown]),
				`${word} in\n${shown}`,
			).toBeGreaterThanOrEqual(countOf(word, wanted));
	});
});

/** The words of a page's code: of its fences except the diagram, and of its inline code. */
function codeWords(body: string): string[] {
	const words: string[] = [];
	const add = (token: Token) => {
		if (token.type !== "code" && token.type !== "codespan") return;
		if (token.type === "code" && token.lang === "diagram") return;
		words.push(...token.text.split(/\s+/).filter(Boolean));
	};
	walkTokens(lexer(body), add);
	return words;
}

function countOf(word: string, texts: string[]): number {
	return texts.reduce((sum, text) => sum + text.split(word).length - 1, 0);
}
