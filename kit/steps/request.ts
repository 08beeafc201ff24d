/** Reads the words after `npm run …`. Wrong words end the command with status 2. */

import { createRequire } from "node:module";
import { CommandError } from "../cli/terminal.ts";
import { findStep, type Step, stepList } from "./catalog.ts";

const require = createRequire(import.meta.url);

const WRONG_USAGE = 2;

/** The step that a word names. If there is no such step, the error lists the steps. */
export function requireStep(word: string | undefined, usage: string): Step {
	const step = word === undefined ? undefined : findStep(word);
	if (step) return step;
	const problem =
		word === undefined
			? "Which step?"
			: `There is no step ${JSON.stringify(word)}.`;
	throw new CommandError(
		WRONG_USAGE,
		`${problem} The steps are:\n${stepList()}Usage: ${usage}`,
	);
}

/**
 * The switches and plain words of a command line. What follows `stopAt` plain
 * words belongs to the container's command and is not parsed.
 *
 * @param valued options that take a word: `--image NAME`
 */
export function parseWords<Switch extends string, Valued extends string>(
	args: string[],
	switches: readonly Switch[],
	usage: string,
	stopAt = Number.POSITIVE_INFINITY,
	valued: readonly Valued[] = [],
): {
	on: Set<Switch>;
	given: Partial<Record<Valued, string>>;
	words: string[];
	rest: string[];
} {
	rejectOptionsTakenByNpm([...switches, ...valued], usage);
	const end = endOfOwnWords(args, stopAt, valued);
	const [own, rest] = [args.slice(0, end), args.slice(end)];
	// Most command lines have no option: then there is nothing to parse.
	if (!own.some((word) => word.startsWith("-")))
		return { on: new Set(), given: {}, words: own, rest };
	const options = Object.fromEntries([
		...switches.map((name) => [name, { type: "boolean" as const }]),
		...valued.map((name) => [name, { type: "string" as const }]),
	]);
	try {
		const { parseArgs }: typeof import("node:util") = require("node:util");
		const parsed = parseArgs({ args: own, options, allowPositionals: true });
		const values = new Map(Object.entries(parsed.values));
		return {
			on: new Set(switches.filter((name) => values.has(name))),
			given: Object.fromEntries(
				valued.map((name) => [name, values.get(name)]),
			) as Partial<Record<Valued, string>>,
			words: parsed.positionals,
			rest,
		};
	} catch (error) {
		const [problem] = (error as Error).message.split(". ");
		throw new CommandError(WRONG_USAGE, `${problem}.\nUsage: ${usage}`);
	}
}

/** `npm run step 3 --trace` gives --trace to npm, and npm consumes it. The kit must not run without it silently. */
export function rejectOptionsTakenByNpm(
	options: readonly string[],
	usage: string,
): void {
	for (const name of options) {
		if (!process.env[`npm_config_${name}`]) continue;
		throw new CommandError(
			WRONG_USAGE,
			`npm consumed --${name}: write it after --\nUsage: ${usage}`,
		);
	}
}

/** npm's own short options, by their settings: npm consumes the -l of `ls -l` and the -c of `sh -c`. */
const NPMS_OWN: Record<string, string> = { long: "-l", all: "-a", call: "-c" };

/** npm's settings with names as short as a consumed option's. */
const SHORT_SETTINGS = ["yes", "dev"];

/**
 * `npm run step 3 ls -l` gives npm the command's option, and the command would
 * run without it. If the command still has an option, it was written after `--`.
 *
 * @param line the command line as far as the command
 */
export function rejectOptionTakenByNpm(command: string[], line: string): void {
	if (command.length === 0 || command.some((word) => word.startsWith("-")))
		return;
	for (const [variable, value] of Object.entries(process.env)) {
		const [, name = ""] = /^npm_config_(.+)$/.exec(variable) ?? [];
		const unknown =
			/^\w{1,3}$/.test(name) &&
			value === "true" &&
			!SHORT_SETTINGS.includes(name);
		const option = value ? (NPMS_OWN[name] ?? (unknown && `-${name}`)) : false;
		if (!option) continue;
		throw new CommandError(
			WRONG_USAGE,
			`npm consumed ${option}, and ${command[0]} would run without it. Write a command's options after --\n  ${line} -- ${command[0]} ${option} …`,
		);
	}
}

/** The index after the kit's own words: that of the plain word number `stopAt + 1`, or the end. */
function endOfOwnWords(
	args: string[],
	stopAt: number,
	valued: readonly string[],
): number {
	let plain = 0;
	for (const [index, word] of args.entries()) {
		if (word.startsWith("-") && word !== "-") continue;
		if (valued.some((name) => args[index - 1] === `--${name}`)) continue;
		if (plain === stopAt) return index;
		plain++;
	}
	return args.length;
}
