/** Explains to the learner what went wrong in a container.ts: the line, the reason, what to do. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { SyscallError } from "../../runtime/errors.ts";
import {
	colours,
	printable,
	printableLines,
	wrapToTerminal,
	write,
} from "../cli/terminal.ts";
import { advise } from "../host/advice.ts";
import { shortPath } from "../steps/catalog.ts";
import { describeThrown, statusOf } from "./failure.ts";
import { missingImports, runtimeNames, usedUnimported } from "./imports.ts";

/** A place in the learner's file; lines and columns count from 1. */
interface Place {
	line: number;
	column: number;
}

/**
 * Reports on stderr what ended a container before its command began.
 *
 * @returns the exit status: 127 if the command was not found, 126 if it can't be run, else 125
 */
export function report(
	error: unknown,
	file: string,
	role: "run" | "child",
): number {
	if (error instanceof SyscallError && error.command) {
		reportCommand(error, error.command);
		return statusOf(error);
	}
	const { message, place } = examine(error, file);
	const { red, bold, dim } = colours(2);
	const where = place
		? `${shortPath(file)}:${place.line}:${place.column}`
		: shortPath(file);
	let text = `${red("✘")} ${bold(where)} ${dim(`in ${role}`)}\n`;
	if (place) text += excerpt(file, place);
	text += `  ${printableLines(message)}\n`;
	const advice =
		error instanceof SyscallError
			? advise(error, place && textAbove(file, place))
			: undefined;
	if (advice)
		text += `  ${dim("here")}  ${printable(advice.means)}\n  ${dim("do")}    ${printable(advice.todo)}\n`;
	write(2, wrapToTerminal(2, text));
	return statusOf(error);
}

/** A command that was not found is a mistyped command, not a fault of the learner's code. */
function reportCommand(error: SyscallError, [command = ""]: string[]): void {
	const advice = advise(error);
	const reason = `${error.code === "ENOENT" ? "not found in the container" : "can't be run"} (execvp: ${error.code})`;
	const { red } = colours(2);
	let text = `${red("✘")} ${printable(command)}: ${reason}\n`;
	if (advice) text += `  ${advice.means}\n  ${advice.todo}\n`;
	write(2, wrapToTerminal(2, text));
}

function examine(
	error: unknown,
	file: string,
): { message: string; place?: Place | undefined } {
	if (!(error instanceof Error))
		return {
			message: `it threw ${describeThrown(error)}, which is not an Error`,
		};
	if (error.name === "TransformError") return fromTransform(error, file);
	if (error instanceof SyntaxError) return fromSyntax(error, file);
	const place = findFrame(error.stack, file);
	return { message: addSuggestion(error, place !== undefined, file), place };
}

/** esbuild, by way of tsx, says `FILE:LINE:COLUMN: ERROR: MESSAGE`, and counts columns from 0. */
function fromTransform(error: Error, file: string) {
	const [, line, column, message = error.message] =
		/:(\d+):(\d+): ERROR: (.*)/.exec(error.message) ?? [];
	if (!error.message.includes(file)) return { message };
	return { message, place: { line: Number(line), column: Number(column) + 1 } };
}

/** Each version of Node reports the place in its own way, and some report none. tsx's parser always does. */
function fromSyntax(
	error: Error,
	file: string,
): { message: string; place?: Place | undefined } {
	const missing = /does not provide an export named '(\w+)'/.exec(
		error.message,
	);
	if (missing) {
		const [, name = ""] = missing;
		const others = missingImports(file).filter((other) => other !== name);
		const message = [name, ...others].map(noSuchExport).join("\n");
		return { message, place: findWord(file, name) };
	}
	try {
		createRequire(import.meta.url)("tsx/cjs/api").require(
			file,
			import.meta.url,
		);
	} catch (again) {
		if (again instanceof Error && again.name === "TransformError")
			return fromTransform(again, file);
	}
	return { message: error.message, place: findFrame(error.stack, file) };
}

/** The message, and where the name in it comes from, which a beginner can't know. */
function addSuggestion(error: Error, theirs: boolean, file: string): string {
	const { message } = error;
	const undefinedName = /^(\w+) is not defined$/.exec(message)?.[1];
	if (undefinedName && runtimeNames().includes(undefinedName)) {
		const others = usedUnimported(file).filter((it) => it !== undefinedName);
		const too = others.length > 0 ? `, and ${others.join(", ")}, too` : "";
		return `${message}: add it to the import from "#runtime"${too}`;
	}
	if (undefinedName) {
		const near = nearest(undefinedName);
		if (near) return `${message}: did you mean ${near}, from "#runtime"?`;
	}
	if (/^Cannot find (module|package) '\.?\/?runtime/.test(message))
		return 'the runtime is imported from "#runtime", with the #';
	// How tsx's CommonJS names a missing import.
	const uncallable = /import_runtime\d*\.(\w+)\) is not a function/.exec(
		message,
	)?.[1];
	if (uncallable) return noSuchExport(uncallable);
	if ("code" in error && error.code === "ERR_REQUIRE_ASYNC_MODULE")
		return "await at the top of the file is not supported: move it into run()";
	return theirs && !(error instanceof SyscallError)
		? `${error.name}: ${message}`
		: message;
}

function noSuchExport(name: string): string {
	const near = nearest(name);
	const guess = near
		? `: did you mean ${near}?`
		: "; runtime/index.ts lists what it has";
	return `"#runtime" has no ${name}${guess}`;
}

/** The runtime's name that shares the longest start and end with this one. At least the first three letters must agree. */
function nearest(name: string): string | undefined {
	const backwards = (text: string) => [...text].reverse().join("");
	const shared = (other: string) =>
		sharedStart(other, name) + sharedStart(backwards(other), backwards(name));
	const [near = ""] = runtimeNames().sort(
		(one, other) => shared(other) - shared(one),
	);
	return sharedStart(near, name) >= 3 ? near : undefined;
}

/** The number of letters that two names share at the start. */
function sharedStart(one: string, other: string): number {
	let length = 0;
	while (
		length < one.length &&
		one[length]?.toLowerCase() === other[length]?.toLowerCase()
	)
		length++;
	return length;
}

/** The innermost line of the learner's file in a stack, where it is a path or, since Node 24, a URL: file:///my%20kit/… */
function findFrame(stack = "", path: string): Place | undefined {
	const { href } = pathToFileURL(path);
	const file = stack.includes(href) ? href : path;
	const at = stack.lastIndexOf(file, stack.indexOf(file));
	const [, line, column] =
		/^:(\d+)(?::(\d+))?/.exec(stack.slice(at + file.length)) ?? [];
	if (at < 0 || line === undefined) return undefined;
	return { line: Number(line), column: Number(column ?? 1) };
}

function findWord(file: string, word: string): Place | undefined {
	const lines = readFileSync(file, "utf8").split("\n");
	const index = lines.findIndex((line) =>
		new RegExp(`\\b${word}\\b`).test(line),
	);
	if (index < 0) return undefined;
	return { line: index + 1, column: (lines[index] ?? "").indexOf(word) + 1 };
}

function textAbove(file: string, { line }: Place): string {
	return readFileSync(file, "utf8")
		.split("\n")
		.slice(0, line - 1)
		.join("\n");
}

/** The line itself, and a caret under the column. */
function excerpt(file: string, { line, column }: Place): string {
	const source = readFileSync(file, "utf8").split(/\r?\n/)[line - 1];
	if (source === undefined) return "";
	const { cyan, dim } = colours(2);
	// Keep tabs, so that the caret stands where the terminal puts the column.
	const indent = source.slice(0, column - 1).replace(/[^\t]/g, " ");
	const margin = `${line}`.replace(/./g, " ");
	return `  ${dim(`${line} │`)} ${printableLines(source)}\n  ${dim(`${margin} │`)} ${indent}${cyan("^")}\n`;
}
