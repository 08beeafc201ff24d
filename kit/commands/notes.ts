/** `npm run notes [N]` and `npm run hint [N]`: the page of a step, or its next hint, in the terminal. */

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isatty } from "node:tty";
import { type Chapter, listChapters } from "../book/chapters.ts";
import { type Look, render } from "../book/terminal.ts";
import { CommandError, colours, write } from "../cli/terminal.ts";
import { HOME, type Step } from "../steps/catalog.ts";
import { NO_ISOLATION } from "../steps/kinds.ts";
import { readHints } from "../steps/page.ts";
import {
	currentStep,
	readState,
	stateOf,
	writeState,
} from "../steps/progress.ts";
import { parseWords, requireStep } from "../steps/request.ts";

const require = createRequire(import.meta.url);

/** How many hints of each step were given: `{ "03-hostname": 2 }`. */
const GIVEN = join(HOME, "steps", ".hints.json");

export async function main([command, ...args]: string[]): Promise<number> {
	return command === "hint" ? hint(args) : notes(args);
}

function notes(args: string[]): number {
	const usage =
		"npm run notes [N | start | instructor]   or   npm run notes N -- --answers   or   npm run notes -- --list";
	const { on, words } = parseWords(args, ["answers", "list"], usage);
	if (words.length > 1)
		throw new CommandError(2, `One page at a time.\nUsage: ${usage}`);
	const chapters = listChapters();
	if (on.has("list")) {
		write(1, contents(chapters));
		return 0;
	}
	const chapter = requireChapter(chapters, words[0], usage);
	page(show(chapter, look({ answers: on.has("answers"), chapter })));
	return 0;
}

function requireChapter(
	chapters: Chapter[],
	word: string | undefined,
	usage: string,
): Chapter {
	const alone: Record<string, string> = {
		"0": "00-start",
		"00": "00-start",
		start: "00-start",
		"00-start": "00-start",
		instructor: "instructor",
	};
	const id =
		word === undefined
			? currentStep().id
			: (alone[word] ?? requireStep(word, usage).id);
	const chapter = chapters.find((it) => it.id === id);
	if (!chapter) throw new CommandError(1, `notes/${id}.md is missing.`);
	return chapter;
}

/** The heading that the front matter makes, and the page under it. */
function show(chapter: Chapter, look: Look): string {
	const { title, goal, minutes, calls, step } = chapter;
	const facts = [
		minutes > 0 ? `${minutes} minutes` : "",
		calls.length > 0
			? `new: ${calls.map((call) => `\`${call}\``).join(", ")}`
			: "",
	].filter(Boolean);
	const head = [
		`# ${step ? `Step ${step.number} · ` : ""}${title}`,
		goal,
		facts.join(" · "),
	];
	const text = render(
		[...head.filter(Boolean), chapter.body].join("\n\n"),
		look,
	);
	if (look.answers || !chapter.body.includes("<details>")) return text;
	const word = step ? step.number : chapter.id.replace("00-", "");
	return `${text}\n${look.colours.dim(`With the answers: npm run notes ${word} -- --answers`)}\n`;
}

/** The pages and how far the learner is with each. */
function contents(chapters: Chapter[]): string {
	const { bold, cyan, dim, green, red } = colours(1);
	const marks = {
		done: green("✔"),
		failing: red("✘"),
		begun: "◐",
		"not started": "○",
		missing: "?",
	};
	const here = currentStep().id;
	const lines = chapters.map(({ id, title, minutes, step }) => {
		const word = step ? String(step.number) : id.replace("00-", "");
		const mark = step ? marks[stateOf(step)] : " ";
		const time = minutes > 0 ? dim(`  ${minutes} min`) : "";
		const you = id === here ? cyan("  ◀ you are here") : "";
		return `  ${mark} ${bold(word.padEnd(10))} ${title}${time}${you}\n`;
	});
	return `${lines.join("")}\nRead one: npm run notes 3\n`;
}

function hint(args: string[]): number {
	const usage =
		"npm run hint [N]   or   npm run hint N -- --all   or   npm run hint N -- --again";
	const { on, words } = parseWords(args, ["again", "all"], usage);
	if (words.length > 1)
		throw new CommandError(2, `One step at a time.\nUsage: ${usage}`);
	const step =
		words[0] === undefined ? currentStep() : requireStep(words[0], usage);
	const chapter = listChapters().find(({ id }) => id === step.id);
	const hints = readHints(step.page);
	if (hints.length === 0)
		throw new CommandError(1, `Step ${step.number} has no hints.`);

	const given = Number(readState(GIVEN)[step.id]) || 0;
	const first = on.has("all") || on.has("again") ? 0 : given;
	const last = on.has("all")
		? hints.length
		: Math.min(hints.length, on.has("again") ? Math.max(given, 1) : given + 1);
	sayHints(step, hints, first, last, look({ answers: false, chapter }));
	if (last > given) remember(step, last, on.has("all"));
	return 0;
}

/** The hints from the `first` to before the `last`, and what comes after them. */
function sayHints(
	step: Step,
	hints: string[],
	first: number,
	last: number,
	look: Look,
): void {
	const { bold, dim } = look.colours;
	const left = hints.length - last;
	const n = step.number;
	const said = hints
		.slice(first, last)
		.map(
			(text, index) =>
				`${bold(`Step ${n}, hint ${first + index + 1} of ${hints.length}`)}\n${render(text, look)}\n`,
		);
	const after =
		left > 0
			? `${left === 1 ? "One more is" : `${left} more are`} left: npm run hint ${n}`
			: said.length > 0
				? `That was the last one. The page: npm run notes ${n}. The reference beside yours: npm run diff ${n}`
				: `You have had all ${hints.length} hints of step ${n}. Read them again: npm run hint ${n} -- --again`;
	write(1, `${said.join("")}${dim(render(after, look).trimEnd())}\n`);
}

function remember(step: Step, count: number, all: boolean): void {
	try {
		writeState(GIVEN, { ...readState(GIVEN), [step.id]: count });
	} catch (error) {
		if (all) return;
		const { code } = error as NodeJS.ErrnoException;
		write(
			2,
			`Which hints you have had can't be kept (${code}: steps/.hints.json), so the next one is this again. All of them: npm run hint ${step.number} -- --all\n`,
		);
	}
}

/** How this terminal wants a page to look. Where there is none: plain, and 80 columns. */
function look({
	answers,
	chapter,
}: {
	answers: boolean;
	chapter: Chapter | undefined;
}): Look {
	const terminal = isatty(1);
	const columns = (terminal && process.stdout.columns) || 80;
	return {
		width: Math.min(Math.max(columns, 40), 120),
		colours: colours(1),
		links: terminal && colours(1).$.enabled && canLink(),
		answers,
		isolation: chapter?.isolation ?? NO_ISOLATION,
	};
}

function canLink(): boolean {
	const { default: supports } =
		require("supports-hyperlinks") as typeof import("supports-hyperlinks");
	return supports.stdout;
}

/** Writes a text, through the learner's pager where it is longer than the screen. */
function page(text: string): void {
	const lines = text.split("\n").length;
	if (!isatty(1) || !isatty(0) || lines <= process.stdout.rows) {
		write(1, text);
		return;
	}
	// Ctrl-C belongs to the pager.
	process.on("SIGINT", () => {});
	const { status, error } = spawnSync(
		process.env.PAGER || "less -RX -P'q leaves, space goes on'",
		{
			shell: true,
			input: text,
			stdio: ["pipe", "inherit", "inherit"],
			// A PAGER that is less without -R would show colours as escapes. And what
			// is typed for the shell is no order to less to write a file.
			env: {
				LESS: "R",
				LESSCHARSET: "utf-8",
				LESSSECURE: "1",
				...process.env,
			},
		},
	);
	if (
		status === 127 ||
		status === 126 ||
		(error && status === null && !isBrokenPipe(error))
	)
		write(1, text);
}

/** A pager that is left before it has read everything is no failure. */
function isBrokenPipe(error: Error): boolean {
	return (error as NodeJS.ErrnoException).code === "EPIPE";
}
