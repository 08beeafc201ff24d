/** The desk's keys, and the list of them. Letters act only where nothing is typed: on the page and the check. */

import { byId, make } from "./dom.ts";
import { openWindow } from "./window.ts";

export interface Action {
	/** As KeyboardEvent.key has it. */
	key: string;
	does: string;
	act(): void;
}

const EVERYWHERE = [
	["F1", "this list"],
	["F6 · Shift-F6", "the next pane · the one before"],
];
const IN_THE_EDITOR = [
	["Ctrl-S", "save now; the file is saved by itself after a pause"],
	["Ctrl-Space", "completions"],
	["F8", "the next error"],
	["Ctrl-F", "search"],
	["Ctrl-Z · Ctrl-Y", "undo · redo"],
	["Esc, Tab", "leave the editor"],
];
const IN_A_TERMINAL = [
	["Ctrl-Shift-C · Ctrl-Shift-V", "copy · paste"],
	["Ctrl-C", "copies where a text is selected, else interrupts"],
	["← · →", "on a tab: the terminal before · the next one"],
];

const PANES = ["page", "check", "editor", "terminals", "picture"];

/**
 * @param focus how a pane takes the focus, where it has a way of its own
 * @param save what Ctrl-S does outside of the terminals
 */
export function listenToKeys(
	actions: Action[],
	focus: Record<string, () => void>,
	save: () => void,
): { showKeys(): void } {
	const showKeys = () => {
		if (document.querySelector("dialog")) return;
		openWindow(
			"Keys",
			table("Everywhere", EVERYWHERE),
			table("On the page and the check", [
				["?", "this list"],
				...actions.map(({ key, does }) => [key, does]),
			]),
			table("In the editor", IN_THE_EDITOR),
			table("In a terminal", IN_A_TERMINAL),
		);
	};
	function turn(by: number): void {
		const panes = PANES.filter((id) => byId(id).checkVisibility());
		const now = panes.findIndex((id) =>
			byId(id).contains(document.activeElement),
		);
		const from = now < 0 && by < 0 ? 0 : now;
		const id = panes.at((from + by) % panes.length) ?? "page";
		(focus[id] ?? (() => byId(id).focus()))();
	}
	function actionOf(event: KeyboardEvent): (() => void) | undefined {
		const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event;
		if (ctrlKey || metaKey) {
			const isShell = byId("terminals").contains(document.activeElement);
			return key === "s" && !isShell ? save : undefined;
		}
		if (altKey) return undefined;
		if (key === "F1") return showKeys;
		if (key === "F6") return () => turn(shiftKey ? -1 : 1);
		if (isTyping(target)) return undefined;
		if (key === "?") return showKeys;
		return actions.find((it) => it.key === key)?.act;
	}
	document.addEventListener(
		"keydown",
		(event) => {
			const act = actionOf(event);
			if (!act) return;
			event.preventDefault();
			event.stopPropagation();
			act();
		},
		{ capture: true },
	);
	return { showKeys };
}

function isTyping(target: EventTarget | null): boolean {
	return (
		target instanceof Element &&
		target.closest(
			"input, textarea, select, dialog, [contenteditable=true], #terminals, #editor",
		) !== null
	);
}

function table(title: string, rows: string[][]): HTMLElement {
	return make(
		"section",
		{},
		make("h3", {}, title),
		make(
			"dl",
			{ className: "keys" },
			...rows.flatMap(([keys = "", does = ""]) => [
				make(
					"dt",
					{},
					...keys
						.split(" · ")
						.flatMap((key, at) => [at > 0 && " · ", make("kbd", {}, key)]),
				),
				make("dd", {}, does),
			]),
		),
	);
}
