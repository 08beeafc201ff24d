/** The pages have one form, and their references exist. */

import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { lexer, type Token, type Tokens, walkTokens } from "marked";
import { describe, expect, test } from "vitest";
import { HOME, listSteps, type Step } from "../steps/catalog.ts";
import { readText } from "../steps/files.ts";
import { readHints, readPage } from "../steps/page.ts";
import { starter } from "../steps/starter.ts";
import { listChapters } from "./chapters.ts";
import { fillFences } from "./include.ts";
import { FAILS } from "./markdown.ts";
import { loadOf, minutesOf } from "./room.ts";
import { listPages } from "./transcripts.ts";

const PATH = [
	"The question",
	"See the problem",
	"The idea",
	"The system call",
	"Your turn",
	"Try it",
	"What still leaks",
	"How Docker does it",
	"Go further",
];

/** Words that belittle a learner who is stuck. */
const BELITTLING = /\b(just|simply|easy|easily|obvious|obviously)\b/i;

describe.each(listSteps())("the page of step $id", (step) => {
	const page = readPage(step.page);
	const hints = readHints(step.page);
	const sections = split(page.body);

	test("follows the path", () => {
		expect([...sections.keys()]).toEqual(PATH);
		for (const text of sections.values()) expect(text.trim()).not.toBe("");
	});

	test("says in its front matter what the kit asks of it", () => {
		expect(page.title).not.toBe("");
		expect(page.goal).not.toMatch(/\n|^$/);
		expect(page.minutes).toBeGreaterThan(0);
		expect(page.calls.length).toBeGreaterThan(0);
		expect(page.try.length).toBeGreaterThanOrEqual(2);
		expect(page.try.length).toBeLessThanOrEqual(4);
	});

	test("has hints beside it, each in words", () => {
		expect(hints.length).toBeGreaterThanOrEqual(3);
		expect(hints.length).toBeLessThanOrEqual(4);
		for (const hint of hints) expect(hint.trim()).not.toBe("");
	});

	test("has its diagram in The idea, and one", () => {
		expect(page.body.match(/^```diagram$/gm)).toHaveLength(1);
		expect(sections.get("The idea")).toMatch(/^```diagram\n┌/m);
	});

	test("names its system calls, and their manual pages", () => {
		for (const call of page.calls)
			expect(sections.get("The system call")).toContain(
				call.replace(/ with .*/, ""),
			);
		expect(sections.get("The system call")).toMatch(/^```c$/m);
		expect(sections.get("The system call")).toMatch(
			/^import \{ .* \} from "#runtime";/m,
		);
	});

	test("shows no line of the solution before one has tried", () => {
		const have = new Set(code(starter(step)));
		const wanted = code(readFileSync(step.solution, "utf8")).filter(
			(line) => !have.has(line),
		);
		expect(wanted).not.toHaveLength(0);
		const early = PATH.slice(0, PATH.indexOf("Your turn") + 1)
			.map((title) => sections.get(title))
			.join("");
		for (const text of [early, ...hints.slice(0, -1)])
			for (const line of wanted) expect(text).not.toContain(line);
		for (const [, number] of page.body.matchAll(/^```ts solutions\/(\d\d)/gm))
			expect(Number(number)).toBeLessThan(step.number);
	});

	test("folds its answers", () => {
		expect(sections.get("Go further")).toMatch(
			/<details><summary>[^\n]+<\/summary>\n\n.*?\n\n<\/details>/s,
		);
	});
});

describe.each(listPages().map((file) => [basename(file), file]))(
	"%s",
	(_, file) => {
		const page = readPage(file);
		const text = readFileSync(file, "utf8");

		test("has a title and a goal", () => {
			expect(page.title).not.toBe("");
			expect(page.goal).not.toBe("");
		});

		test("has no belittling word", () => {
			for (const [index, line] of text.split("\n").entries())
				if (BELITTLING.test(line)) expect.fail(`line ${index + 1}: ${line}`);
		});

		test("links to what is there", () => {
			for (const { href } of tokens<Tokens.Link>(page.body, "link")) {
				const [name = "", heading] = href.split("#");
				const target = name ? join(HOME, "notes", name) : file;
				expect(existsSync(target), href).toBe(true);
				if (heading)
					expect([...split(readPage(target).body).keys()].map(slug)).toContain(
						heading,
					);
			}
		});

		test("uses HTML for folded answers and marks, and nothing else", () => {
			const body = page.body.replace(FAILS, "");
			for (const { text } of tokens<Tokens.HTML>(body, "html"))
				expect(text.trim()).toMatch(
					/^(<details><summary>[^<]+<\/summary>|<\/details>|<!-- (room|home) -->)$/,
				);
			expect(text.match(/<details>/g)?.length ?? 0).toBe(
				text.match(/<\/details>/g)?.length ?? 0,
			);
		});
	},
);

test.each(
	listChapters()
		.filter(({ file }) => existsSync(file))
		.map((chapter) => [chapter.id, chapter] as const),
)(
	"what %s includes is as in its file: npm run pages",
	(_, { file, isolation }) => {
		const text = readText(file);
		expect(text).toBe(fillFences(text, isolation));
		// A fence that names a file in another way would not be updated.
		for (const [fence] of text.matchAll(/^ *```\S+ +\S*\/.*$/gm))
			expect(fence).toMatch(/^```ts \S+$/);
	},
);

test("the steps of a class last as long as the plan for it says", () => {
	const plan = readFileSync(join(HOME, "notes/instructor.md"), "utf8");
	const row = (number: number, minutes: string | number) =>
		new RegExp(`^\\|[^|]*\\| *${minutes} *\\| *Step ${number}\\b`, "m");
	const planned = listSteps().filter(({ number }) =>
		row(number, "\\d+").test(plan),
	);
	expect(planned).not.toHaveLength(0);
	for (const { number, page } of planned)
		expect(plan).toMatch(row(number, readPage(page).minutes));
});

/** The lines of code that a step adds: a comment, an import or a bracket is found by nobody. */
function linesOf(step: Step): number {
	const have = new Set(code(starter(step)));
	return code(readFileSync(step.solution, "utf8")).filter(
		(line) => !have.has(line) && !/^(\*|\/\*|\})/.test(line),
	).length;
}

test.each(listChapters().filter(({ minutes }) => minutes > 0))(
	"$id can be done in its minutes, by the count of words, commands and lines",
	({ body, minutes, step }) => {
		const counted = minutesOf(loadOf(body), step ? linesOf(step) : 0);
		expect(minutes).toBeGreaterThanOrEqual(counted);
	},
);

test("the plans add up, and the one for two hours takes no longer", () => {
	const tables = readFileSync(join(HOME, "notes/instructor.md"), "utf8")
		.split(/^## /m)
		.filter((section) => /^\| 0:00 \|/m.test(section));
	expect(tables).toHaveLength(3);
	for (const table of tables) {
		let now = 0;
		for (const [, hours, rest, minutes] of table.matchAll(
			/^\| (\d):(\d\d) \| (\d+) \|/gm,
		)) {
			expect(Number(hours) * 60 + Number(rest), table).toBe(now);
			now += Number(minutes);
		}
		const [title = ""] = table.split("\n");
		const most = /two hours/.test(title) ? 120 : /45/.test(title) ? 45 : 180;
		expect(now, title).toBeLessThanOrEqual(most);
	}
});

test("a mark never begins a line or an item that goes on: a host of code would show the rest as it is", () => {
	for (const file of listPages())
		expect(readFileSync(file, "utf8")).not.toMatch(
			/^\s*([-*]|\d+\.)?\s*<!-- (room|home) -->[^\n]/m,
		);
});

/** A page's sections by their titles. */
function split(body: string): Map<string, string> {
	const [, ...parts] = body.split(/^## (.*)\n/m);
	const sections = new Map<string, string>();
	for (let index = 0; index < parts.length; index += 2)
		sections.set(parts[index] ?? "", parts[index + 1] ?? "");
	return sections;
}

/** The code lines of a container.ts, without its import. */
function code(source: string): string[] {
	return source
		.replace(/^import .*?;\n/ms, "")
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line.length > 1 && !line.startsWith("//"));
}

function tokens<T extends Token>(body: string, type: T["type"]): T[] {
	const found: T[] = [];
	walkTokens(lexer(body), (token) => {
		if (token.type === type) found.push(token as T);
	});
	return found;
}

function slug(heading: string): string {
	return heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s-]/gu, "")
		.replace(/\s+/g, "-");
}
