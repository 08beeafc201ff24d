/** For the tests: opens the dev container with the README's command. */

import {
	chmodSync,
	chownSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { listSteps } from "../kit/steps/catalog.ts";
import { writeStarters } from "../kit/steps/starters.ts";
import {
	execute,
	HOME,
	type Outcome,
	openTerminal,
	plain,
} from "../kit/testing/kit.ts";
import { IMAGE, LABEL } from "./engine.ts";

/** The user ID of a learner on their own machine: not root. */
export const LEARNER = 1000;

export interface Opening {
	/** The folder mounted as steps/; by default a fresh one. */
	steps?: string;
	/** Flags in addition to the README's. */
	add?: string[];
	/** Flags of the README's that are left out. */
	without?: string[];
}

export const readme = () => readFileSync(join(HOME, "README.md"), "utf8");

/** The README's `docker run …`, with a learner's folder and the tests' image. */
export function runWords({
	steps = learnersFolder(),
	add = [],
	without = [],
}: Opening = {}): string[] {
	const [, line] =
		/^docker run (.* containers-from-scratch)$/m.exec(readme()) ?? [];
	if (line === undefined) throw new Error("README.md has no docker run line");
	const flags = line
		.replaceAll('"', "")
		.replace("$PWD/steps", steps)
		.split(" ")
		.slice(0, -1);
	for (const flag of without)
		if (!line.includes(flag)) throw new Error(`README.md has no ${flag}`);
	return [
		...["docker", "run", ...flags],
		...["--label", LABEL, ...add, IMAGE],
	].filter((word) => !without.includes(word));
}

/** Runs a command in the dev container, on a terminal, to its end. stdout and stderr are both the terminal. */
export async function inside(
	command: string[],
	opening?: Opening,
): Promise<{ status: number | null; text: string }> {
	const { ended, text } = openTerminal([...runWords(opening), ...command]);
	return { status: await ended, text: plain(text()) };
}

/** The same without a terminal. */
export function piped(command: string[], opening?: Opening): Promise<Outcome> {
	return execute([...runWords({ ...opening, without: ["-it"] }), ...command]);
}

/** A learner's steps/, owned by the learner, with the first steps solved. */
export function learnersFolder(solved = 0): string {
	const folder = mkdtempSync(join(tmpdir(), "steps-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	chmodSync(folder, 0o755);
	writeStarters(folder);
	for (const { number, id, solution } of listSteps())
		if (number <= solved)
			writeFileSync(join(folder, id, "container.ts"), readFileSync(solution));
	for (const name of ["", ...readdirSync(folder, { recursive: true })])
		chownSync(join(folder, String(name)), LEARNER, LEARNER);
	return folder;
}
