/**
 * The desk's terminals: shells on pseudo-terminals. A terminal outlives its
 * connection for a minute, so that a reload or a lost network ends nothing.
 */

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import type { IPty } from "@lydell/node-pty";
import { HOME } from "../../steps/catalog.ts";
import type { TerminalInfo } from "../protocol.ts";
import { stepsBelow } from "./inside.ts";
import { openReplay, type Replay } from "./replay.ts";
import { endSession } from "./session.ts";

const require = createRequire(import.meta.url);

export const MOST_TERMINALS = 8;

/** How long a terminal is kept that nobody shows. */
const KEPT_MS = 60_000;

/** The most columns or rows that make sense. */
const MOST_CELLS = 1000;

/** Who shows a terminal. */
export interface Viewer {
	/** Gets what the terminal puts out. */
	show(output: Uint8Array): void;
	/** The shell has ended. */
	ended(status: number): void;
	/** Another viewer has the terminal now. */
	taken(): void;
}

export interface Terminal extends TerminalInfo {
	/** Its shell's PID. */
	shell: number;
	/** What was shown last, for a new viewer. It gets all output from now on, and the one before gets none. */
	view(viewer: Viewer): Uint8Array;
	/** The viewer is gone. */
	leave(viewer: Viewer): void;
	type(input: Uint8Array): void;
	resize(columns: number, rows: number): void;
	/** The viewer has shown so many bytes in all. */
	acknowledge(bytes: number): void;
	close(): void;
}

export interface Terminals {
	list(): TerminalInfo[];
	find(id: string): Terminal | undefined;
	/** @throws an Error with words for the learner */
	open(name: string, columns: number, rows: number): Terminal;
	/** Ends all, with the server. */
	closeAll(): void;
}

/** @param changed called when a terminal was opened or has ended */
export function openTerminals(changed: () => void, kept = KEPT_MS): Terminals {
	const terminals = new Map<string, Terminal>();
	let opened = 0;
	return {
		list() {
			const all = [...terminals.values()];
			const steps = stepsBelow(all.map(({ shell }) => shell));
			return all.map(({ id, name, shell }) => ({
				...{ id, name },
				...(steps.has(shell) && { step: steps.get(shell) }),
			}));
		},
		find: (id) => terminals.get(id),
		open(name, columns, rows) {
			if (terminals.size >= MOST_TERMINALS)
				throw new Error(
					`There are ${MOST_TERMINALS} terminals already. Close one first.`,
				);
			opened++;
			const id = String(opened);
			const shell = startShell(columns, rows);
			const terminal = openTerminal({ id, name }, shell, kept, () => {
				terminals.delete(id);
				changed();
			});
			terminals.set(id, terminal);
			changed();
			return terminal;
		},
		closeAll() {
			for (const terminal of terminals.values()) terminal.close();
		},
	};
}

function openTerminal(
	info: TerminalInfo,
	shell: IPty,
	kept: number,
	gone: () => void,
): Terminal {
	const replay: Replay = openReplay();
	let viewer: Viewer | undefined;
	let timer: NodeJS.Timeout | undefined;
	let paused = false;

	const holdBack = () => {
		if (paused === replay.isFull()) return;
		paused = !paused;
		if (paused) shell.pause();
		else shell.resume();
	};
	const close = () => {
		// What was held back may be what the shell waits for.
		shell.resume();
		endSession(shell.pid);
	};
	const keepForAWhile = () => {
		timer = setTimeout(close, kept);
	};

	// With `encoding: null` the data are bytes, whatever the type says.
	shell.onData((data) => {
		const output = data as unknown as Uint8Array;
		replay.add(output);
		viewer?.show(output);
		holdBack();
	});
	shell.onExit(({ exitCode, signal }) => {
		clearTimeout(timer);
		endSession(shell.pid);
		viewer?.ended(signal ? 128 + signal : exitCode);
		viewer = undefined;
		gone();
	});
	keepForAWhile();

	return {
		...info,
		shell: shell.pid,
		view(next) {
			viewer?.taken();
			viewer = next;
			clearTimeout(timer);
			const shown = replay.begin();
			holdBack();
			return shown;
		},
		leave(it) {
			if (viewer !== it) return;
			viewer = undefined;
			keepForAWhile();
		},
		// It takes bytes as well as it gives them.
		type: (input) => shell.write(Buffer.from(input) as unknown as string),
		resize: (columns, rows) => shell.resize(within(columns), within(rows)),
		acknowledge(bytes) {
			replay.acknowledge(bytes);
			holdBack();
		},
		close,
	};
}

function startShell(columns: number, rows: number): IPty {
	const { spawn } =
		require("@lydell/node-pty") as typeof import("@lydell/node-pty");
	try {
		return spawn(existsSync("/bin/bash") ? "/bin/bash" : "/bin/sh", [], {
			name: "xterm-256color",
			cols: within(columns),
			rows: within(rows),
			cwd: HOME,
			env: shellEnvironment(),
			encoding: null,
		});
	} catch (error) {
		throw new Error(
			`No terminal can be opened: ${(error as Error).message} Does something in another terminal start processes without end? Close that terminal: all that runs in it is ended.`,
		);
	}
}

/** The learner's environment: npm's variables are none of it. */
function shellEnvironment(): Record<string, string> {
	const entries = Object.entries(process.env).filter(
		(entry): entry is [string, string] =>
			entry[1] !== undefined &&
			!/^(npm_|NODE_|INIT_CWD$|COLOR$|NO_COLOR$)/.test(entry[0]),
	);
	return {
		...Object.fromEntries(entries),
		COLORTERM: "truecolor",
		// What a step's shell says of a second terminal does not hold here.
		WORKSHOP_DESK: "on",
	};
}

function within(cells: number): number {
	return Math.min(Math.max(Math.trunc(cells) || 1, 1), MOST_CELLS);
}
