import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { SPECIMEN } from "./fixtures/pages.ts";
import { style } from "./fixtures/style.ts";
import type { PageStyle } from "./page-style.ts";
import { render } from "./terminal.ts";

const BODY = SPECIMEN.replace(/^---.*?\n---\n/s, "");

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
