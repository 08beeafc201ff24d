/** A requirement in the check's list: whether it holds, and if not, what was seen, why, and where to look. */

import type { StepResult } from "../../grader/results.ts";
import { make, makeButton } from "./dom.ts";
import type { Editor } from "./editor.ts";

type Requirement = StepResult["requirements"][number];

const SIGNS = { passed: "✓", failed: "✗", unseen: "○" } as const;
const WORDS = { passed: "holds", failed: "fails", unseen: "not seen" } as const;

/** A click on one that failed goes to the line in the editor. */
export function rowOf(it: Requirement, editor: () => Editor): HTMLElement {
	const { title, state, seen, why, look, remark } = it;
	const facts = Object.entries({ seen, why, look, remark }).filter(
		([, text]) => text,
	);
	const list = facts.flatMap(([name, text]) => [
		make("dt", {}, name),
		make("dd", {}, ...withCode(shorten(text ?? ""))),
	]);
	const row =
		state === "failed" && look
			? makeButton("", () => goTo(editor(), look), { className: "row" })
			: make("p", { className: "row" });
	row.append(...wordsOf(title, state));
	return make(
		"li",
		{ className: state },
		row,
		facts.length > 0 && make("dl", {}, ...list),
	);
}

/** A requirement of which no more is known than its title. */
export function titleRow(title: string, holds = false): HTMLElement {
	const state = holds ? "passed" : "unseen";
	const row = make("p", { className: "row" }, ...wordsOf(title, state));
	return make("li", { className: state }, row);
}

function wordsOf(title: string, state: Requirement["state"]): HTMLElement[] {
	return [
		make("span", { className: "sign", "aria-hidden": "true" }, SIGNS[state]),
		make("span", {}, ...withCode(title)),
		make("span", { className: "hidden" }, `: ${WORDS[state]}`),
	];
}

/** Goes to the line that is named, else to the first line with the call that is. */
function goTo(editor: Editor, look: string): void {
	const line = Number(/container\.ts:(\d+)/.exec(look)?.[1] ?? 0);
	editor.goTo(line || lineOf(editor.text(), look));
}

/** A text with `code` in it. */
function withCode(text: string): (Node | string)[] {
	return text
		.split("`")
		.map((part, at) => (at % 2 === 1 ? make("code", {}, part) : part));
}

/** The step's file is in the editor: its path says nothing more. */
function shorten(text: string): string {
	return text.replace(/steps\/[\w-]+\/container\.ts(:\d+)?:? /, (_, line) =>
		line ? `line ${line.slice(1)}: ` : "",
	);
}

/** The line of the first name in a text that the file has, too, after its imports; else the first line. */
function lineOf(file: string, look: string): number {
	const lines = file.split("\n");
	for (const [, name] of look.matchAll(/(\w+)\(/g)) {
		const at = lines.findIndex(
			(line) =>
				line.includes(`${name}(`) && !/^import|^\s*(\/\/|\*)/.test(line),
		);
		if (at >= 0) return at + 1;
	}
	return 1;
}
