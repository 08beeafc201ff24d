/** The kit's output: where it goes and whether it has colour. */

import { createRequire } from "node:module";
import { fstatSync, writeSync } from "../../runtime/fs.ts";

const require = createRequire(import.meta.url);

type Colours = typeof import("kleur/colors");

/**
 * kleur's colours for a descriptor: on for a terminal, off otherwise and with
 * NO_COLOR; FORCE_COLOR turns them on. kleur is loaded here, because most runs of
 * a container print nothing.
 */
export function colours(fd: 1 | 2): Colours {
	const kleur: Colours = require("kleur/colors");
	// kleur has one switch for the whole process; here each descriptor has its own.
	kleur.$.enabled = true;
	return hasColour(fd) ? kleur : plain(kleur);
}

function hasColour(fd: 1 | 2): boolean {
	const { FORCE_COLOR, NO_COLOR, TERM } = process.env;
	if (FORCE_COLOR) return FORCE_COLOR !== "0";
	return !NO_COLOR && TERM !== "dumb" && isTerminal(fd);
}

/** A palette of the same names that leaves every text as it is. */
function plain(kleur: Colours): Colours {
	const asItIs = (text: string) => text;
	const palette = Object.keys(kleur).map((name) => [name, asItIs]);
	return { ...Object.fromEntries(palette), $: { enabled: false } };
}

/** Whether a descriptor is a terminal. */
export function isTerminal(fd: number): boolean {
	// A file that is not a device is not a terminal, and neither is /dev/null.
	// Tested first, since node:tty loads Node's network modules.
	const NULL_DEVICE = 0x103;
	try {
		const { rdev } = fstatSync(fd);
		if (rdev === 0 || rdev === NULL_DEVICE) return false;
	} catch {
		return false; // it is closed
	}
	const { isatty }: typeof import("node:tty") = require("node:tty");
	return isatty(fd);
}

/**
 * Wraps lines at the terminal's width, between two words. The next line keeps the
 * indentation. Without a terminal the text stays as it is.
 */
export function wrapToTerminal(fd: 1 | 2, text: string): string {
	if (!isTerminal(fd)) return text;
	const { columns } = fd === 1 ? process.stdout : process.stderr;
	const width = columns || Number.POSITIVE_INFINITY;
	const { stripVTControlCharacters }: typeof import("node:util") =
		require("node:util");
	return text
		.split("\n")
		.map((line) => {
			if (stripVTControlCharacters(line).length <= width) return line;
			// Loaded here: few lines are too long.
			const { default: wrapAnsi }: typeof import("wrap-ansi") =
				require("wrap-ansi");
			const [indent = ""] = /^ */.exec(line) ?? [];
			return wrapAnsi(line.slice(indent.length), width - indent.length)
				.split("\n")
				.map((part) => indent + part)
				.join("\n");
		})
		.join("\n");
}

/** A text without control characters, in one line: a process chooses its own name, and could move the terminal's cursor. */
export function printable(text: string): string {
	return text.replace(/\p{C}/gu, "�");
}

/** The same, with its line ends and tabs. */
export function printableLines(text: string): string {
	return text.replace(/[^\P{C}\n\t]/gu, "�");
}

/** A word as one can type it to a shell, in one line. */
export function shellWord(word: string): string {
	if (/^[\w@%+=:,./-]+$/.test(word)) return word;
	if (!/\p{C}/u.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
	const escaped = word.replace(/[\p{C}'\\]/gu, (it) =>
		Buffer.from(it).toString("hex").replace(/../g, "\\x$&"),
	);
	return `$'${escaped}'`;
}

/**
 * Writes the kit's output to a descriptor. Not through process.stdout: Node would
 * make a pipe non-blocking, for the container's command as well. A closed pipe
 * (`| head -1`) is not an error; a full disk is.
 *
 * @returns whether all of the text was written
 */
export function write(fd: 1 | 2, text: string): boolean {
	let rest = Buffer.from(text);
	while (rest.length > 0) {
		try {
			rest = rest.subarray(writeSync(fd, rest));
		} catch (error) {
			const { code, message } = error as NodeJS.ErrnoException;
			if (code === "EAGAIN") continue;
			if (code === "EPIPE") return false;
			if (fd === 2) return false;
			write(2, `Can't write to stdout: ${message}\n`);
			process.exitCode = 1;
			return false;
		}
	}
	return true;
}

/** Thrown anywhere in the kit to end the command with a message on stderr and an exit status. */
export class CommandError extends Error {
	exitStatus: number;

	/** @param exitStatus 2: wrong usage. 125: a container can't be started. */
	constructor(exitStatus: number, message: string) {
		super(message);
		this.exitStatus = exitStatus;
	}
}
