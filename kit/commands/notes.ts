/** `npm run notes [N]`: the page of a step, in the terminal. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { isatty } from "node:tty";
import { type Chapter, listChapters, NEXT } from "../book/chapters.ts";
import { type PageStyle, terminalStyle } from "../book/page-style.ts";
import { render } from "../book/terminal.ts";
import { CommandError, colours, write } from "../cli/terminal.ts";
import { beginningOf } from "../steps/from-mine.ts";
import { listParts, partTitle } from "../steps/parts.ts";
import { currentStep, stateOf } from "../steps/progress.ts";
import { parseWords, requireStep } from "../steps/request.ts";

const USAGE =
	"npm run notes [N | start | next | instructor]   or   npm run notes N -- --answers   or   npm run notes -- --list";

export function main(args: string[]): number {
	const { on, words } = parseWords(args, ["answers", "list"], USAGE);
	if (words.length > 1)
		throw new CommandError(2, `One page at a time.\nUsage: ${USAGE}`);
	const chapters = listChapters();
	if (on.has("list")) {
		write(1, contents(chapters));
		return 0;
	}
	const chapter = requireChapter(chapters, words[0]);
	const { isolation } = chapter;
	const style = terminalStyle({ answers: on.has("answers"), isolation });
	page(show(chapter, style));
	return 0;
}

function requireChapter(
	chapters: Chapter[],
	word: string | undefined,
): Chapter {
	const alone: Record<string, string> = {
		"0": "00-start",
		"00": "00-start",
		start: "00-start",
		"00-start": "00-start",
		[NEXT]: NEXT,
		instructor: "instructor",
	};
	const id =
		word === undefined
			? currentStep().id
			: (alone[word] ?? requireStep(word, USAGE).id);
	const chapter = chapters.find((it) => it.id === id);
	if (!chapter || !existsSync(chapter.file))
		throw new CommandError(1, `notes/${id}.md is missing.`);
	return chapter;
}

/** The heading that the front matter makes, and the page under it. */
function show(chapter: Chapter, style: PageStyle): string {
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
		step ? beginningOf(step).trimEnd() : "",
	];
	const text = render(
		[...head.filter(Boolean), chapter.body].join("\n\n"),
		style,
	);
	if (style.answers || !chapter.body.includes("<details>")) return text;
	const word = step ? step.number : chapter.id.replace("00-", "");
	return `${text}\n${style.colours.dim(`With the answers: npm run notes ${word} -- --answers`)}\n`;
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
	const parts = listParts();
	const lines = chapters.map(({ id, title, minutes, step }) => {
		const word = step ? String(step.number) : id.replace("00-", "");
		const mark = step ? marks[stateOf(step)] : " ";
		const time = minutes > 0 ? dim(`  ${minutes} min`) : "";
		const you = id === here ? cyan("  ◀ you are here") : "";
		const part = parts.find(({ steps }) => steps[0]?.id === id);
		const heading = part ? `${partTitle(part)}\n` : "";
		return `${heading}  ${mark} ${bold(word.padEnd(10))} ${title}${time}${you}\n`;
	});
	return `${lines.join("")}\nRead one: npm run notes 3\n`;
}

/** Writes a text, through the learner's pager if it is longer than the screen. */
function page(text: string): void {
	const lines = text.split("\n").length;
	if (!isatty(1) || !isatty(0) || lines <= process.stdout.rows) {
		write(1, text);
		return;
	}
	// Ctrl-C belongs to the pager.
	process.on("SIGINT", () => {});
	const { status, error } = spawnSync(
		process.env.PAGER || "less -RX -P'?eq leaves:q leaves, space goes on.'",
		{
			shell: true,
			input: text,
			stdio: ["pipe", "inherit", "inherit"],
			// `less` without -R would show colours as escapes. LESSSECURE: a learner who
			// types shell commands into less must not write files by accident.
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

/** The reader may leave the pager before it has read everything. */
function isBrokenPipe(error: Error): boolean {
	return (error as NodeJS.ErrnoException).code === "EPIPE";
}
