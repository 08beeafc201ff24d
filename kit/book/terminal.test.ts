import { join } from "node:path";
import fc from "fast-check";
import stringWidth from "string-width";
import { afterEach, describe, expect, test, vi } from "vitest";
import { colours } from "../cli/terminal.ts";
import { type Kind, NO_ISOLATION } from "../steps/kinds.ts";
import { SPECIMEN } from "./fixtures/pages.ts";
import type { PageStyle } from "./page-style.ts";
import { render } from "./terminal.ts";

const UTS: Kind[] = ["uts"];
const BODY = SPECIMEN.replace(/^---.*?\n---\n/s, "");

function style(width: number, more: Partial<PageStyle> = {}): PageStyle {
	const isolation = { ...NO_ISOLATION, own: UTS, added: UTS };
	const plain = colours(1);
	return {
		width,
		colours: plain,
		links: false,
		answers: false,
		isolation,
		...more,
	};
}

afterEach(() => vi.unstubAllEnvs());

describe("a page with one of everything", () => {
	for (const width of [40, 80, 120])
		test(`at ${width} columns`, async () => {
			vi.stubEnv("NO_COLOR", "1");
			await expect(render(BODY, style(width))).toMatchFileSnapshot(
				join("fixtures", `specimen-${width}.txt`),
			);
		});

	test("in colour, with links and answers", async () => {
		vi.stubEnv("FORCE_COLOR", "1");
		const text = render(BODY, style(80, { answers: true, links: true }));
		await expect(
			text.replaceAll("\x1b", "␛").replaceAll("\x07", "␇"),
		).toMatchFileSnapshot(join("fixtures", "specimen-80-colour.txt"));
	});

	test("without colour there is no escape in it", () => {
		vi.stubEnv("NO_COLOR", "1");
		// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
		expect(render(BODY, style(80))).not.toMatch(/[\0-\x09\x0b-\x1f]/);
	});
});

describe("what it says about", () => {
	const text = (markdown: string, more: Partial<PageStyle> = {}) =>
		render(markdown, style(60, more)).trimEnd();

	test("a fold: its question, until the answers are asked for", () => {
		const fold = "<details><summary>Why?</summary>\n\nBecause.\n\n</details>";
		expect(text(fold)).toBe("▸ Why? …");
		expect(text(fold, { answers: true })).toBe("▾ Why?\n  Because.");
	});

	test("a fold without an end: HTML, and so text", () => {
		expect(text("<details><summary>Why?</summary>\n\nBecause.")).toBe(
			"<details><summary>Why?</summary>\n\nBecause.",
		);
	});

	test("a fold in a list", () => {
		expect(
			text("- a\n\n  <details><summary>b</summary>\n\n  c\n\n  </details>\n", {
				answers: true,
			}),
		).toBe("• a\n\n  ▾ b\n    c");
	});

	test("links", () => {
		expect(text("[two](02-uts-namespace.md#idea)")).toBe(
			"two (npm run notes 2)",
		);
		expect(text("[i](instructor.md)")).toBe("i (npm run notes instructor)");
		expect(text("[s](00-start.md)")).toBe("s (npm run notes start)");
		expect(text("[m](https://a.example/b)")).toBe("m (https://a.example/b)");
		expect(text("<https://a.example/b>")).toBe("https://a.example/b");
		expect(text("[x](https://a.example/%C3%A9 )", { links: true })).toBe(
			"\x1b]8;;https://a.example/%C3%A9\x07x\x1b]8;;\x07",
		);
	});

	test("control characters: pictures of them, that move no cursor", () => {
		expect(text("a\x1b[2Jb\x07 \x9b1m")).toBe("a␛[2Jb␇ \ufffd1m");
	});

	test("a table of too many columns: a row at a time", () => {
		const cells = [..."abcdefghijkl"];
		const table = `|${cells.join("|")}|\n|${cells.map(() => "-").join("|")}|\n|${cells.map((c) => c + c).join("|")}|`;
		expect(text(table).split("\n")).toContain("l: ll");
	});

	test("an ordered list that does not begin with one", () => {
		expect(text("9. nine\n10. ten")).toBe(" 9. nine\n10. ten");
	});

	test("a diagram: drawn anew, whatever the page shows of it", () => {
		const drawn = text("```diagram\nold\n```");
		expect(drawn).toMatch(/^│ UTS +┃ own +◀ new │$/m);
		expect(drawn).not.toContain("old");
	});
});

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

	/** The letters and digits of a text, all else and the layout taken out. */
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
	/** Order differs where a table's cells stand beside each other. */
	function sorted(text: string): string {
		return [...text].sort().join("");
	}
});
