import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ALL_KINDS } from "./kinds.ts";
import { hintsFile, readHints, readPage, readSummary } from "./page.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "page-"));
const PAGE = join(FOLDER, "07-x.md");
afterAll(() => rmSync(FOLDER, { recursive: true }));

const FRONT =
	"title: A page\ngoal: To read it\nisolates: [net, ipc]\nsets: { uts: x }\n";
const HINTS =
	"# Hints\n\nNo hint.\n\n1. One,\n   in two lines.\n\n   ```ts\n   code();\n   ```\n2. Two: 1. is no number of a hint here.\n10. Three.\n";

test.each([
	["LF", (text: string) => text],
	["CRLF", (text: string) => text.replaceAll("\n", "\r\n")],
])("a page and its hints with %s", (_, lineEnds) => {
	writeFileSync(PAGE, lineEnds(`---\n${FRONT}---\n\n## The idea\n`));
	writeFileSync(hintsFile(PAGE), lineEnds(HINTS));
	expect(readPage(PAGE)).toMatchObject({
		title: "A page",
		goal: "To read it",
		isolates: ["net", "ipc"],
		sets: { uts: "x" },
		calls: [],
		body: "\n## The idea\n",
	});
	expect(readSummary(PAGE)).toMatchObject({
		title: "A page",
		goal: "To read it",
	});
	expect(readHints(PAGE)).toEqual([
		"One,\nin two lines.\n\n```ts\ncode();\n```",
		"Two: 1. is no number of a hint here.",
		"Three.",
	]);
});

test("a page that is missing is an empty one, without hints", () => {
	const page = join(FOLDER, "08-y.md");
	expect(readPage(page)).toMatchObject({ title: "", isolates: [], body: "" });
	expect(readHints(page)).toEqual([]);
});

test.each(["isolates: [net, cpu]", "isolates: cpu", "sets: { cpu: 1 }"])(
	"an unknown kind is reported with the page and the kinds: %s",
	(front) => {
		writeFileSync(PAGE, `---\n${front}\n---\n`);
		expect(() => readPage(PAGE)).toThrow(
			`The front matter of 07-x.md names "cpu", which is not a kind of isolation. The kinds are: ${ALL_KINDS.join(", ")}.`,
		);
	},
);

test("front matter that is not YAML is reported with the page", () => {
	writeFileSync(PAGE, "---\ntry: [\n---\n");
	expect(() => readPage(PAGE)).toThrow(
		/^The front matter of 07-x.md can't be read: /,
	);
});
