/** Any Markdown fits the terminal and loses no word. */

import fc from "fast-check";
import stringWidth from "string-width";
import { afterEach, describe, expect, test, vi } from "vitest";
import { style } from "./fixtures/style.ts";
import { render } from "./terminal.ts";

afterEach(() => vi.unstubAllEnvs());

describe("any Markdown", () => {
	// Words no longer than the narrowest terminal has room for after the deepest
	// nesting made here; W and numbers, so that every word can be found again.
	const word = fc.oneof(
		fc.constantFrom(
			"a",
			"kernel",
			"名前",
			"コンテナ",
			"🦔",
			"é",
			"👩‍👩‍👧",
			"&lt;",
			"x_y",
		),
		fc.stringMatching(/^[A-Za-z0-9]{1,12}$/),
	);
	const words = fc.array(word, { minLength: 1, maxLength: 30 });
	const inline = words.map((all) =>
		all
			.map((it, n) =>
				n % 5 === 1
					? `**${it}**`
					: n % 7 === 2
						? `\`${it}\``
						: n % 11 === 3
							? `<b>${it}`
							: it,
			)
			.join(" "),
	);
	const { block } = fc.letrec<{ block: string; flat: string }>((tie) => ({
		flat: fc.oneof(
			inline,
			inline.map((it) => `## ${it}`),
			fc
				.array(fc.tuple(words, words, words), { minLength: 1, maxLength: 4 })
				.map((rows) =>
					["| 1 | 2 | 3 |", "|---|--:|:-:|"]
						.concat(
							rows.map((row) => `|${row.map((it) => it.join(" ")).join("|")}|`),
						)
						.join("\n"),
				),
		),
		block: fc.oneof(
			{ maxDepth: 3, withCrossShrink: true },
			tie("flat"),
			tie("flat"),
			fc
				.array(tie("block"), { minLength: 1, maxLength: 3 })
				.map((items) =>
					items.map((it) => `- ${it.replaceAll("\n", "\n  ")}`).join("\n"),
				),
			fc
				.array(tie("block"), { minLength: 1, maxLength: 3 })
				.map((items) =>
					items
						.map((it, n) => `${n + 1}. ${it.replaceAll("\n", "\n   ")}`)
						.join("\n"),
				),
			tie("block").map((it) => `> ${it.replaceAll("\n", "\n> ")}`),
			tie("block").map(
				(it) => `<details><summary>Q</summary>\n\n${it}\n\n</details>`,
			),
		),
	}));
	const page = fc
		.array(block, { minLength: 1, maxLength: 4 })
		.map((blocks) => blocks.join("\n\n"));

	/** The letters and digits of a text, without layout and other characters. */
	const letters = (text: string) =>
		text
			.replace(/&lt;|<\/?(details|summary|b)>/g, "")
			.replace(/[^\p{L}\p{N}\p{M}\p{Extended_Pictographic}\u200d]/gu, "");

	test("no line is wider than the terminal", () => {
		vi.stubEnv("NO_COLOR", "1");
		fc.assert(
			fc.property(
				page,
				fc.integer({ min: 40, max: 120 }),
				(markdown, width) => {
					const text = render(markdown, style(width, { answers: true }));
					const widest = Math.max(
						...text.split("\n").map((l) => stringWidth(l)),
					);
					expect(widest, text).toBeLessThanOrEqual(width);
				},
			),
			{ numRuns: 300 },
		);
	});

	test("colours make no line wider or narrower", () => {
		fc.assert(
			fc.property(
				page,
				fc.integer({ min: 40, max: 120 }),
				(markdown, width) => {
					vi.stubEnv("FORCE_COLOR", "1");
					const lines = render(markdown, style(width, { answers: true })).split(
						"\n",
					);
					for (const line of lines)
						expect(stringWidth(line), line).toBeLessThanOrEqual(width);
				},
			),
			{ numRuns: 100 },
		);
	});

	test("no text is lost", () => {
		vi.stubEnv("NO_COLOR", "1");
		fc.assert(
			fc.property(
				inlinePage(),
				fc.integer({ min: 40, max: 120 }),
				(markdown, width) => {
					const text = render(markdown, style(width, { answers: true }));
					expect(sorted(letters(text))).toBe(sorted(letters(markdown)));
				},
			),
			{ numRuns: 300 },
		);
	});

	test("whatever the characters are, it is rendered", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 200 }), (markdown) => {
				expect(typeof render(markdown, style(40))).toBe("string");
			}),
			{ numRuns: 300 },
		);
	});

	/** Pages whose list numbers are not letters of the text. */
	function inlinePage() {
		return page.map((markdown) => markdown.replace(/^(\W*)\d+\. /gm, "$1- "));
	}
	/** The order differs in a table, where cells are beside each other. */
	function sorted(text: string): string {
		return [...text].sort().join("");
	}
});
