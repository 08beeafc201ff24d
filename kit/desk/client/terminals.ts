/** The terminals, each with a tab. */

import type { Limits, TerminalInfo } from "../protocol.ts";
import type { Desk } from "./desk.ts";
import { byId, make, makeButton } from "./dom.ts";
import { openShell, type Shell } from "./terminal.ts";

/** The first two terminals, which the page's commands are typed into. */
export const [DEV, CONTAINER] = ["dev container", "container"] as const;
/** What a new shell has until its tab has measured itself. */
const [COLUMNS, ROWS] = [80, 24];
/** How long it is said that a command waits for Enter. */
const HINT_MS = 6000;

export interface Terminals {
	/** Types a command into the terminal of this name, and does not run it. */
	type(name: typeof DEV | typeof CONTAINER, command: string): void;
	/** The same in the container of a step, by its number. Where another one runs, or none, it types what leads there first. */
	typeInside(command: string, step: number): void;
	focus(): void;
	open(): void;
	/** Goes to the tab so many after the shown one. */
	turn(by: number): void;
	setSize(pixels: number): void;
}

export function openTerminals(desk: Desk): Terminals {
	const pane = byId("terminals");
	const tabs = make("div", { role: "tablist", "aria-label": "Terminals" });
	const add = makeButton("+", openNext, {
		label: "New terminal",
	});
	const end = makeButton("×", () => close(shown));
	const hint = make("p", { role: "status", className: "typed" });
	const bar = make("div", { className: "bar" }, tabs, add, hint, end);
	const body = make("div", { className: "shells" });
	pane.append(bar, body);

	const shells = new Map<string, Shell>();
	let infos: TerminalInfo[] = [];
	let limits: Limits | undefined;
	let shown = "";
	let timer = 0;
	let size = 14;
	/** Whether the learner has asked for a terminal: it takes the focus when it comes. */
	let asked = false;
	/** What is typed into the terminal that was asked for, when it comes. */
	let waiting: { name: string; command: string } | undefined;

	/** @param opened the terminal that this page has asked for: it is shown */
	function update(next: TerminalInfo[], opened?: string): void {
		if (!limits) return;
		infos = next;
		for (const [id, shell] of shells)
			if (!infos.some((info) => info.id === id)) {
				shell.dispose();
				shells.delete(id);
			}
		for (const { id, name } of infos) {
			if (shells.has(id)) continue;
			const shell = openShell(id, name, limits, size);
			shell.element.id = `shell-${id}`;
			shell.element.setAttribute("role", "tabpanel");
			shell.element.setAttribute("aria-labelledby", `tab-${id}`);
			shell.element.hidden = true;
			shells.set(id, shell);
			body.append(shell.element);
		}
		add.disabled = infos.length >= limits.terminals;
		const wanted = asked ? opened : undefined;
		if (opened) asked = false;
		const kept = infos.find(({ id }) => id === shown);
		show(wanted ?? (kept ?? infos[0])?.id ?? "", wanted !== undefined);
		if (waiting && opened) type(waiting.name, waiting.command);
	}

	function show(id: string, focus = false): void {
		shown = id;
		for (const [at, shell] of shells) shell.element.hidden = at !== id;
		tabs.replaceChildren(...infos.map(tabOf));
		const name = infos.find((it) => it.id === id)?.name ?? "";
		end.title = `Close ${name}, and end what runs in it`;
		end.setAttribute("aria-label", end.title);
		end.disabled = name === "";
		if (focus) {
			shells.get(id)?.focus();
			desk.remember({ terminal: name });
		} else shells.get(id)?.fit();
	}

	function tabOf({ id, name, step }: TerminalInfo): HTMLElement {
		const isShown = id === shown;
		return make(
			"button",
			{
				type: "button",
				id: `tab-${id}`,
				role: "tab",
				tabIndex: isShown ? 0 : -1,
				"aria-selected": isShown,
				"aria-controls": `shell-${id}`,
				onclick: () => show(id, true),
				onkeydown: (event: KeyboardEvent) => {
					const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
					if (by === undefined) return;
					event.preventDefault();
					turn(by);
					byId(`tab-${shown}`).focus();
				},
			},
			step === undefined ? name : `${name} · step ${step}`,
		);
	}

	function nextName(): string {
		const names = [DEV, CONTAINER, ...infos.map(({ name }) => name)];
		for (let n = 3; ; n++)
			if (!names.includes(`terminal ${n}`)) return `terminal ${n}`;
	}
	function openNext(): void {
		asked = true;
		open(nextName());
	}
	function open(name: string): void {
		desk.send({
			type: "openTerminal",
			name,
			columns: COLUMNS,
			rows: ROWS,
		});
	}
	function close(id: string): void {
		desk.send({ type: "closeTerminal", id });
	}
	function turn(by: number): void {
		const at = infos.findIndex(({ id }) => id === shown);
		const next = infos.at((at + by + infos.length) % infos.length);
		if (next) show(next.id);
	}
	function type(name: string, command: string): void {
		waiting = undefined;
		const info = infos.find((it) => it.name === name);
		const shell = info && shells.get(info.id);
		if (!info || !shell) {
			waiting = { name, command };
			open(name);
			return;
		}
		show(info.id, true);
		shell.type(command);
		say("Press Enter to run it.");
	}
	function typeInside(command: string, wanted: number): void {
		const there = infos.find(({ name }) => name === CONTAINER)?.step;
		if (there === wanted) {
			type(CONTAINER, command);
			return;
		}
		type(CONTAINER, there === undefined ? `npm run step ${wanted}` : "exit");
		say(
			there === undefined
				? `First your container of step ${wanted}: press Enter, then ▸ again.`
				: `This is the container of step ${there}. Press Enter to leave it, then ▸ again.`,
		);
	}
	function say(text: string): void {
		hint.textContent = text;
		clearTimeout(timer);
		timer = window.setTimeout(() => hint.replaceChildren(), HINT_MS);
	}

	desk.on("hello", (hello) => {
		limits = hello.limits;
		const last = hello.terminals.find(
			({ name }) => name === hello.place?.terminal,
		);
		if (!shown && last) shown = last.id;
		update(hello.terminals);
		if (hello.terminals.length > 0) return;
		open(DEV);
		open(CONTAINER);
	});
	desk.on("terminals", ({ terminals, opened }) => update(terminals, opened));

	return {
		type,
		typeInside,
		open: openNext,
		turn,
		focus: () => shells.get(shown)?.focus(),
		setSize(pixels) {
			size = pixels;
			for (const shell of shells.values()) shell.setSize(pixels);
		},
	};
}
