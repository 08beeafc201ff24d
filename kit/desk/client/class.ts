/** The class, for whoever has joined one: that one has, what is sent, and the learner's hand. */

import type { Desk } from "./desk.ts";
import { make, makeButton } from "./dom.ts";

export interface Company {
	/** Raises the hand, or takes it down. */
	hand(): void;
	/** The hand's button, and what one has joined. Hidden while one has not. */
	button: HTMLElement;
	about: HTMLElement;
	/** Buttons that say how a step was, for whoever is in a class. */
	ask(step: string): HTMLElement | undefined;
}

export function openClass(desk: Desk): Company {
	let present = false;
	let up = false;
	let opinions: Record<string, string> = {};
	const words = make("p");
	const summary = make("summary");
	const about = make(
		"details",
		{ className: "class", hidden: true },
		summary,
		words,
		make("p", {}, "To leave: ", make("code", {}, "npm run leave")),
	);
	const button = makeButton("Hand", hand, { label: "Raise your hand" });
	button.hidden = true;

	function hand(): void {
		const step = desk.step()?.id;
		if (present && step) desk.send({ type: "hand", step, up: !up });
	}
	function ask(step: string): HTMLElement | undefined {
		if (!present) return undefined;
		const say = (text: string, opinion: "clear" | "lost") => {
			const it = makeButton(text, () => {
				desk.send({ type: "opinion", step, opinion });
				for (const other of row.querySelectorAll("button"))
					other.setAttribute("aria-pressed", String(other === it));
			});
			it.setAttribute("aria-pressed", String(opinions[step] === opinion));
			return it;
		};
		const row = make(
			"p",
			{ className: "opinion" },
			"To you, it is ",
			say("clear", "clear"),
			say("not clear", "lost"),
		);
		return row;
	}
	desk.on("class", (message) => {
		present = message.name !== undefined;
		up = message.hand;
		opinions = message.opinions;
		about.hidden = message.words === "";
		summary.textContent = `In a class, as ${message.name}`;
		words.textContent = message.words;
		button.hidden = !present;
		button.setAttribute("aria-pressed", String(up));
		button.title = up ? "Take your hand down" : "Raise your hand";
		button.setAttribute("aria-label", button.title);
	});
	return { hand, button, about, ask };
}
