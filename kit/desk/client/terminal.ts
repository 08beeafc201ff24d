/** One terminal: xterm, and the socket that connects it with its shell. */

import { FitAddon } from "@xterm/addon-fit";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { type ITheme, Terminal } from "@xterm/xterm";
import type { FromTerminal, Limits, ToTerminal } from "../protocol.ts";
import { make, makeButton } from "./dom.ts";
import { openSocket } from "./socket.ts";
import { isDark, onTheme } from "./theme.ts";

export interface Shell {
	element: HTMLElement;
	/** Types a text, and does not press Enter. What was typed so before, and not run, is taken away first. */
	type(text: string): void;
	focus(): void;
	/** Makes it as large as its element. */
	fit(): void;
	setSize(pixels: number): void;
	/** Ends the connection, and leaves the shell. */
	dispose(): void;
}

/** The server sends no more while this much is not acknowledged, four times over. */
const ACKNOWLEDGE_BYTES = 65_536;
const LINE_KILL = "\x15";
/** What a terminal answers by itself begins with it. */
const ESCAPE = "\x1b";

export function openShell(
	id: string,
	label: string,
	limits: Limits,
	size: number,
): Shell {
	const terminal = new Terminal({
		allowProposedApi: false,
		cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
		fontFamily: getComputedStyle(document.documentElement).getPropertyValue(
			"--mono",
		),
		fontSize: size,
		lineHeight: 1.15,
		scrollback: 5000,
		screenReaderMode: false,
		theme: theme(),
	});
	const screen = make("div", { className: "screen" });
	const over = make("div", { className: "over", role: "status" });
	const element = make("div", { className: "shell" }, screen, over);
	const fitting = new FitAddon();
	terminal.loadAddon(fitting);
	terminal.loadAddon(
		new WebLinksAddon((_, address) => {
			window.open(address, "_blank", "noopener,noreferrer");
		}),
	);

	const encoder = new TextEncoder();
	/** Bytes of this connection that were shown, and acknowledged. */
	let [shown, acknowledged] = [0, 0];
	/** What was shown before asks nothing: until so many bytes are shown, the terminal's answers are dropped. */
	let replay = 0;
	let opened = false;
	/** What was typed before the first connection. */
	const early: Uint8Array<ArrayBuffer>[] = [];
	let begun = false;
	/** Whether the last that was typed was typed by `type`. */
	let typed = false;

	const send = (message: FromTerminal) => socket.send(JSON.stringify(message));
	const socket = openSocket(`/terminal/${id}`, {
		opened() {
			[shown, acknowledged] = [0, 0];
			over.replaceChildren();
			terminal.reset();
			fit();
			send({
				type: "resize",
				columns: terminal.cols,
				rows: terminal.rows,
			});
		},
		received(data) {
			if (typeof data === "string") return tell(JSON.parse(data));
			const bytes = new Uint8Array(data);
			terminal.write(bytes, () => {
				shown += bytes.length;
				if (shown - acknowledged < ACKNOWLEDGE_BYTES) return;
				acknowledged = shown;
				send({ type: "ack", bytes: shown });
			});
		},
		lost(code) {
			if (code === 4001)
				over.replaceChildren(
					"Another tab shows this terminal now.",
					makeButton("Show it here", () => socket.reconnect()),
				);
			else if (code === undefined)
				over.replaceChildren("The connection is lost. Trying again.");
		},
	});

	function tell(message: ToTerminal): void {
		if (message.type === "begin") {
			replay = message.replay;
			begun = true;
			for (const bytes of early.splice(0)) input(bytes);
		} else
			over.replaceChildren(
				`The shell has ended with status ${message.status}.`,
			);
	}
	function input(bytes: Uint8Array<ArrayBuffer>): void {
		if (!begun) return void early.push(bytes);
		for (let at = 0; at < bytes.length; at += limits.terminal)
			socket.send(bytes.slice(at, at + limits.terminal));
	}
	function fit(): void {
		if (!opened || element.hidden || element.clientWidth === 0) return;
		fitting.fit();
	}

	terminal.onData((text) => {
		if (shown < replay && text.startsWith(ESCAPE)) return;
		typed = false;
		input(encoder.encode(text));
	});
	terminal.onBinary((text) =>
		input(Uint8Array.from(text, (letter) => letter.charCodeAt(0))),
	);
	terminal.onResize(({ cols, rows }) =>
		send({ type: "resize", columns: cols, rows }),
	);
	terminal.attachCustomKeyEventHandler((event) => !isForPage(event, terminal));
	new ResizeObserver(fit).observe(screen);
	onTheme(() => {
		terminal.options.theme = theme();
	});

	return {
		element,
		type(text) {
			if (typed) input(encoder.encode(LINE_KILL));
			// A paste keeps its lines together, where the shell knows what a paste is.
			if (text.includes("\n")) terminal.paste(text);
			else input(encoder.encode(text));
			typed = true;
			terminal.scrollToBottom();
		},
		focus() {
			this.fit();
			terminal.focus();
		},
		fit() {
			if (!opened && element.isConnected) {
				terminal.open(screen);
				terminal.textarea?.setAttribute("aria-label", `Terminal: ${label}`);
				opened = true;
			}
			fit();
		},
		setSize(pixels) {
			terminal.options.fontSize = pixels;
			fit();
		},
		dispose() {
			socket.close();
			terminal.dispose();
			element.remove();
		},
	};
}

/** Copies with Ctrl-Shift-C, and with Ctrl-C where a text is selected. F1 and F6 are the desk's. */
function isForPage(event: KeyboardEvent, terminal: Terminal): boolean {
	if (event.key === "F1" || event.key === "F6") return true;
	const isCopy = event.ctrlKey && event.key.toLowerCase() === "c";
	if (isCopy && (event.shiftKey || terminal.hasSelection())) {
		if (event.type === "keydown") {
			document.execCommand("copy");
			event.preventDefault();
			if (!event.shiftKey) terminal.clearSelection();
		}
		return true;
	}
	// The browser pastes, and xterm takes it from there.
	return event.ctrlKey && event.shiftKey && event.key.toLowerCase() === "v";
}

/** Dark in both schemes, as the book's transcripts are. */
function theme(): ITheme {
	return { ...COLOURS, background: isDark() ? "#0e1013" : "#1e2228" };
}

/** The colours of the book's transcripts, with enough contrast for each. */
const COLOURS = {
	foreground: "#e8e6e1",
	cursor: "#f3986a",
	cursorAccent: "#1e2228",
	selectionBackground: "#4a5568",
	black: "#1e2228",
	red: "#f0867e",
	green: "#9fd39d",
	yellow: "#ecba7b",
	blue: "#8fc7f6",
	magenta: "#e6a0d3",
	cyan: "#82d5d1",
	white: "#e8e6e1",
	brightBlack: "#98a2ad",
	brightRed: "#ffa79f",
	brightGreen: "#b9e8b7",
	brightYellow: "#ffd59c",
	brightBlue: "#b1daff",
	brightMagenta: "#ffc0ea",
	brightCyan: "#a5efeb",
	brightWhite: "#ffffff",
};
