/** The steps on top, in their parts, each with its state. */

import type { StepInfo } from "../protocol.ts";
import type { Desk } from "./desk.ts";
import { byId, make } from "./dom.ts";

const SIGNS: Record<StepInfo["state"], string> = {
	done: "✓",
	failing: "•",
	begun: "•",
	"not started": "",
	missing: "?",
};
const WORDS: Record<StepInfo["state"], string> = {
	done: "passed",
	failing: "begun",
	begun: "begun",
	"not started": "not begun",
	missing: "its file is missing",
};

export function openSteps(desk: Desk): void {
	const nav = byId("steps");
	const draw = () => {
		const open = desk.step()?.id;
		const hadFocus = nav.contains(document.activeElement);
		const parts = listParts(desk.steps());
		nav.replaceChildren(
			...parts.map((steps) =>
				make(
					"ol",
					{
						"aria-label": steps[0]?.partTitle,
						"data-part": steps[0]?.partTitle.split(" · ")[0],
					},
					...steps.map((step) =>
						make("li", {}, buttonOf(step, step.id === open)),
					),
				),
			),
		);
		if (hadFocus) nav.querySelector<HTMLElement>("[aria-current]")?.focus();
	};
	const buttonOf = (step: StepInfo, isOpen: boolean) => {
		const { id, number, title, state } = step;
		const hidden = (text: string) =>
			make("span", { className: "hidden" }, text);
		return make(
			"button",
			{
				type: "button",
				className: state.replace(" ", "-"),
				"aria-current": isOpen ? "step" : undefined,
				title: `Step ${number}: ${title} (${WORDS[state]})`,
				onclick: () => desk.open(id),
			},
			hidden("Step "),
			make("span", { className: "number" }, String(number)),
			hidden(": "),
			make("span", { className: isOpen ? "title" : "hidden" }, title),
			hidden(` (${WORDS[state]})`),
			make("span", { className: "sign", "aria-hidden": "true" }, SIGNS[state]),
		);
	};
	desk.on("hello", draw);
	desk.on("steps", draw);
	desk.onStep((step) => {
		draw();
		document.title = `Step ${step.number}: ${step.title} · The desk`;
	});
}

function listParts(steps: StepInfo[]): StepInfo[][] {
	const numbers = [...new Set(steps.map(({ part }) => part))];
	return numbers.map((number) => steps.filter(({ part }) => part === number));
}
