/** The check: what the step must establish, and what the last save has of it. Hints, and the way to the solution. */

import type { Verdict } from "../protocol.ts";
import type { Company } from "./class.ts";
import type { Desk } from "./desk.ts";
import { showDiff } from "./diff.ts";
import { byId, make, makeButton } from "./dom.ts";
import type { Editor } from "./editor.ts";
import { rowOf, titleRow } from "./requirement.ts";

const TOO_BUSY = "This machine was too busy to judge the step.";

export interface Check {
	hint(): void;
	diff(): void;
}

export function openCheck(
	desk: Desk,
	editor: () => Editor,
	company: Company,
): Check {
	const pane = byId("check");
	const state = make("p", { role: "status", className: "state" });
	const hintButton = makeButton("Hint", hint);
	const diffButton = makeButton("Solution", diff, {
		label: "The way to the solution",
	});
	const verdict = make("div", { className: "verdict" });
	const hints = make("div", { className: "hints" });
	const answer = make("div");
	const content = make(
		"div",
		{ className: "content" },
		company.about,
		verdict,
		hints,
		answer,
	);
	const heading = make("h2", {}, "Check");
	pane.append(
		make(
			"header",
			{ className: "bar" },
			heading,
			state,
			company.button,
			hintButton,
			diffButton,
		),
		content,
	);
	/** The version of the file on the disk. */
	let saved = "";
	/** Whether the next hints answer a request, and should be seen. */
	let asked = false;

	function send(type: "hint" | "diff" | "grade"): void {
		const step = desk.step()?.id;
		if (step) desk.send({ type, step });
	}
	function hint(): void {
		asked = true;
		send("hint");
	}
	function diff(): void {
		send("diff");
	}
	function say(text: string, kind = ""): void {
		state.textContent = text;
		pane.dataset.state = kind;
	}

	function show({ result, asked = [] }: Verdict) {
		const { requirements, passed, of, extras = [] } = result;
		if (result.state === "not started") {
			verdict.replaceChildren(
				make(
					"p",
					{},
					"Not begun. What you write is saved by itself, and checked then.",
				),
				make("ul", {}, ...asked.map((title) => titleRow(title))),
			);
			return say("Not begun");
		}
		if (result.state === "passed") say(`All ${of} hold`, "passed");
		else if (result.state === "failed")
			say(`${passed} of ${of} hold`, "failed");
		else if (result.state === "missing") say("There is no file");
		else say("Not judged");
		answer.replaceChildren();
		if (result.state === "passed") content.scrollTop = 0;
		verdict.replaceChildren(
			...(result.state === "passed" ? onwards(result.number) : []),
			...(result.state === "unjudged" ? [again(TOO_BUSY)] : []),
			make("ul", {}, ...requirements.map((it) => rowOf(it, editor))),
			...(extras.length > 0
				? [
						make("h3", {}, "Go further"),
						make(
							"ul",
							{},
							...extras.map(({ title, holds }) => titleRow(title, holds)),
						),
					]
				: []),
		);
	}

	function again(why: string): HTMLElement {
		return make(
			"p",
			{},
			`${why} `,
			makeButton("Check again", () => send("grade")),
		);
	}

	function onwards(number: number): HTMLElement[] {
		const next = desk.steps().find((step) => step.number === number + 1);
		const words = make(
			"p",
			{ className: "onwards" },
			`Step ${number} passes. `,
			next &&
				makeButton(`Step ${next.number}: ${next.title}`, () =>
					desk.open(next.id),
				),
		);
		const question = company.ask(desk.step()?.id ?? "");
		return question ? [words, question] : [words];
	}

	desk.onStep(() => {
		say("");
		asked = false;
		verdict.replaceChildren();
		hints.replaceChildren();
		answer.replaceChildren();
	});
	desk.on("grading", ({ step }) => {
		if (step === desk.step()?.id) say("Checking …", "grading");
	});
	desk.on("file", ({ step, version }) => {
		if (step === desk.step()?.id) saved = version;
	});
	desk.on("verdict", (verdict) => {
		const { step, version } = verdict;
		// On an older text: the verdict on the present one is under way.
		if (step === desk.step()?.id && version === saved) show(verdict);
	});
	desk.on("refused", ({ of, text }) => {
		if (of !== "grade") return;
		say("Not checked");
		verdict.replaceChildren(again(text));
	});
	desk.on("hints", ({ step, given, of }) => {
		if (step !== desk.step()?.id) return;
		hintButton.textContent =
			given.length < of ? `Hint ${given.length + 1} of ${of}` : "No more hints";
		hintButton.disabled = given.length >= of;
		hints.replaceChildren(
			...(given.length > 0
				? [
						make("h3", {}, "Hints"),
						make(
							"ol",
							{},
							...given.map((html) => make("li", { innerHTML: html })),
						),
					]
				: []),
		);
		if (asked) content.scrollTop = content.scrollHeight;
		asked = false;
	});
	desk.on("diff", ({ step, lines, text }) => {
		if (step !== desk.step()?.id) return;
		if (lines && lines.length > 0)
			return showDiff("The way to the solution", { lines, text });
		answer.replaceChildren(make("p", { role: "alert" }, text));
		content.scrollTop = content.scrollHeight;
	});
	return { hint, diff };
}
