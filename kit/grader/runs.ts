/** The first requirement of every step: the command runs. Without that, nothing else can be checked. */

import type { Seen } from "./observe.ts";
import type { Outcome } from "./outcome.ts";
import type { Diagnosis } from "./requirement.ts";
import { lastWords } from "./words.ts";

/** How the learner starts the same: "npm run step 3 true". */
interface Place {
	role: string;
	step: number;
	/** The learner's file. */
	file: string;
}

export function diagnoseRun(
	{ command, given, outcome }: Seen,
	place: Place,
): Diagnosis | undefined {
	if (outcome.timedOut)
		return diagnoseOverrun(given, outcome, command !== undefined, place);
	if (command) return undefined;
	const { status, stderr } = outcome;
	const said = lastWords(stderr);
	const { role, step, file } = place;
	if (/\bEROFS\b|[Rr]ead-only file system/.test(said))
		return {
			seen: `your code wrote where the grader's copy of your dev container is read-only:\n${said}`,
			why: `only /tmp and /dev/shm can be written to here. This is the grader's limit: \`npm run ${role} ${step} true\` may work`,
			look: `${file}: a container needs no files but those of its root file system`,
		};
	return {
		seen: `the container ended ${status === undefined ? "" : `with status ${status} `}before the command began${said && `, and printed:\n${said}`}`,
		why: whyItEnded(status, said),
		look: `${file}: run \`npm run ${role} ${step} true\` to see how it ends`,
	};
}

function whyItEnded(status: number | undefined, said: string): string {
	if (/\(execvp: E/.test(said))
		return "child() reached execvp(command), and execvp itself failed";
	if (status !== undefined && status > 128)
		return `signal ${status - 128} ended your supervisor`;
	if (said !== "" && status !== 0)
		return "the error above ended the container before it reached execvp(command)";
	return "the program ended without an error, and without the command: run() did not wait for reexec(command), or something called process.exit()";
}

/** A container that did not end: at which stage it was, and what it waits for. */
export function diagnoseOverrun(
	given: string[],
	{ seconds, programs, stderr }: Outcome,
	begun: boolean,
	{ file }: Place,
): Diagnosis {
	const runs = programs.find(([program]) => program === given[0]);
	const began = begun || runs !== undefined;
	const said = lastWords(stderr);
	const stage = runs
		? "while the command ran"
		: began
			? "after the command had ended"
			: "before the command began";
	const lost = runs !== undefined && runs.length < given.length;
	return {
		seen: `the container had not ended after ${seconds} seconds and was killed ${stage}${lost ? `: the command was given ${given.length} words, and ${runs.length} arrived` : ""}${said && `. It printed:\n${said}`}`,
		why: lost
			? "the command got other words than it was given, and waits for input that does not come"
			: runs
				? "the command waits for input that does not reach it"
				: began
					? "run() waits for something else than the command's end"
					: "run() or child() waits for something that never happens, before execvp(command)",
		look: file,
	};
}
