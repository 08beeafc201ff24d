/** The book's page of the step, with a button at each command. */

import type { Desk } from "./desk.ts";
import { byId, make, makeButton } from "./dom.ts";
import { CONTAINER, DEV, type Terminals } from "./terminals.ts";

export function openPage(desk: Desk, terminals: Terminals): void {
	const pane = byId("page");
	let shown = "";

	async function show(id: string, part = ""): Promise<void> {
		shown = id;
		const answer = await fetch(`/page/${id}`).catch(() => undefined);
		if (shown !== id) return;
		if (!answer?.ok) {
			pane.replaceChildren(
				make(
					"p",
					{ role: "alert", className: "sorry" },
					"This page can't be shown now. ",
					makeButton("Try again", () => show(id, part)),
				),
			);
			return;
		}
		pane.innerHTML = await answer.text();
		const { number = 1 } = desk.step() ?? {};
		addButtons(pane, terminals, number);
		pane.scrollTop = 0;
		if (part) document.getElementById(part)?.scrollIntoView();
	}

	pane.addEventListener("click", (event) => {
		const link = (event.target as Element).closest("a");
		if (!link) return;
		const { pathname, hash, origin } = new URL(link.href, location.href);
		const [, id] = /^\/([\w-]+)\.html$/.exec(pathname) ?? [];
		if (origin !== location.origin) return;
		event.preventDefault();
		const part = decodeURIComponent(hash.slice(1));
		if (!id) document.getElementById(part)?.scrollIntoView();
		else if (id === shown)
			document.getElementById(part || "page")?.scrollIntoView();
		else if (desk.steps().some((step) => step.id === id)) desk.open(id);
		else show(id, part);
	});
	/** At the first visit the start page comes before the first step's. */
	let first = false;
	desk.on("hello", ({ place }) => {
		first = place === undefined && shown === "";
	});
	desk.onStep(({ id, number }) => {
		show(first && number === 1 ? "00-start" : id);
		first = false;
	});
}

/** A button before each command of a transcript: it types the command into the terminal where it belongs. */
function addButtons(
	pane: HTMLElement,
	terminals: Terminals,
	step: number,
): void {
	for (const console of pane.querySelectorAll(".console")) {
		const caption = console.querySelector("figcaption")?.textContent ?? "";
		const name = /dev container/.test(caption) ? DEV : CONTAINER;
		const wanted = /step before/.test(caption) ? step - 1 : step;
		for (const prompt of console.querySelectorAll(".prompt")) {
			if (!/^[$#]/.test(prompt.textContent)) continue;
			const command = commandAt(prompt);
			const act = () =>
				name === DEV
					? terminals.type(name, command)
					: terminals.typeInside(command, wanted);
			prompt.replaceWith(
				makeButton("▸", act, {
					className: "type",
					label: `Type ${command} in the terminal “${name}”`,
				}),
			);
		}
	}
}

/** The command after a prompt, with the lines that go on after a `> `. */
function commandAt(prompt: Element): string {
	const lines = [prompt.nextElementSibling?.textContent ?? ""];
	let next = prompt.nextElementSibling?.nextElementSibling;
	while (next?.matches(".prompt") && next.textContent.startsWith(">")) {
		lines.push(next.nextElementSibling?.textContent ?? "");
		next = next.nextElementSibling?.nextElementSibling;
	}
	return lines.join("\n");
}
