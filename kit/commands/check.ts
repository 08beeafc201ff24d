/**
 * `npm run check [N]`: grades one of the learner's steps; without a number Part
 * one, and what is begun of the later parts. Exit status 0 only if all requested
 * steps pass, 1 if not, 2 for wrong usage, 125 if nothing can be graded, or the
 * machine was too busy to judge a step.
 */

import { createRequire } from "node:module";
import { handIsUpFor, membership } from "../class/member.ts";
import { giveOpinion, raiseHand, tellClass } from "../class/tell.ts";
import { CommandError, write } from "../cli/terminal.ts";
import { openGrader } from "../grader/grade.ts";
import { requirementsText } from "../grader/list.ts";
import { summarize } from "../grader/results.ts";
import { NoSandbox } from "../grader/sandbox.ts";
import { type Role, subjectOf } from "../grader/subject.ts";
import { showSteps, summaryText } from "../grader/tell.ts";
import type { Company } from "../grader/watch.ts";
import { requireHost } from "../host/requirements.ts";
import { prepareRootfs } from "../host/rootfs.ts";
import { listSteps, type Step } from "../steps/catalog.ts";
import { partOneAndBegun } from "../steps/progress.ts";
import { parseWords, requireStep } from "../steps/request.ts";

const require = createRequire(import.meta.url);

const NOT_JUDGED = 125;

const USAGE =
	"npm run check [N]   or   npm run check -- [--watch] [--json] [--solutions] [--list] [N]";

/** What the watching grader does for whoever has joined a class, in the meantime perhaps. */
const CLASS: Company = {
	graded: tellClass,
	isThere: () => membership() !== undefined,
	handIsUp: () => handIsUpFor() !== undefined,
	raiseHand,
	giveOpinion,
};

export async function main(args: string[]): Promise<number> {
	const { on, words } = parseWords(
		args,
		["json", "list", "solutions", "watch"],
		USAGE,
	);
	const refuse = (problem: string) => {
		throw new CommandError(2, `${problem}\nUsage: ${USAGE}`);
	};
	if (words.length > 1) refuse("Name one step, or none for all steps.");
	if (on.has("watch") && on.has("json"))
		refuse("--watch and --json can't be combined.");
	const [word] = words;
	const all = on.has("solutions");
	const steps =
		word !== undefined
			? [requireStep(word, USAGE)]
			: all
				? listSteps()
				: partOneAndBegun();
	if (on.has("watch") && on.has("solutions"))
		refuse(
			"--watch and --solutions can't be combined: --watch grades your own steps.",
		);
	if (on.has("list")) {
		if (on.size > 1) refuse("--list goes alone.");
		write(1, steps.map(requirementsText).join("\n"));
		return 0;
	}
	requireHost();
	prepareRootfs(() => write(2, "Making a root file system, once…\n"));

	try {
		if (!on.has("watch"))
			return await gradeOnce(
				steps,
				on.has("solutions") ? "solution" : "step",
				on.has("json"),
			);
		const { watch } =
			require("../grader/watch.ts") as typeof import("../grader/watch.ts");
		return await watch(steps, CLASS);
	} catch (error) {
		if (!(error instanceof NoSandbox)) throw error;
		const { findDenial } =
			require("./doctor.ts") as typeof import("./doctor.ts");
		throw new CommandError(
			NOT_JUDGED,
			`The grader can't make its sandbox here: ${error.message}\n${findDenial() ?? ""}See: npm run doctor`,
		);
	}
}

async function gradeOnce(
	steps: Step[],
	role: Role,
	json: boolean,
): Promise<number> {
	const grader = openGrader();
	try {
		const subjects = steps.map((step) => subjectOf(step, role));
		const tell = json ? () => {} : showSteps(steps);
		const results = summarize(await grader.grade(subjects, tell), role);
		if (role === "step") tellClass();
		write(
			1,
			json
				? `${JSON.stringify(results, null, 2)}\n`
				: summaryText(results, role),
		);
		if (results.steps.some(({ state }) => state === "unjudged"))
			return NOT_JUDGED;
		return results.done === results.of ? 0 : 1;
	} finally {
		await grader.close();
	}
}
