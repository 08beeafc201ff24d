/**
 * `node kit/launch.cjs kit/desk/server/grade.ts`: the process in which the desk's
 * steps are graded. It is sent a step's id, and answers with what it found; it ends with the desk.
 */

import { type Grader, openGrader } from "../../grader/grade.ts";
import { ownTitles } from "../../grader/list.ts";
import { NoSandbox } from "../../grader/sandbox.ts";
import { subjectOf } from "../../grader/subject.ts";
import { stepOf } from "./files.ts";
import type { Answer } from "./grading.ts";

export async function main(): Promise<number> {
	const grader = openGrader(true);
	// What vitest is made of is loaded before the first request: that is most of its start.
	let last: Promise<unknown> = import("vitest/node");
	process.on("message", (id) => {
		last = last
			.then(() => gradeStep(grader, String(id)))
			// The desk may end meanwhile, and needs no answer then.
			.then((answer) => process.send?.(answer, undefined, {}, () => {}));
	});
	// The desk may have ended while this process began.
	if (process.connected)
		await new Promise((ended) => process.once("disconnect", ended));
	await last;
	await grader.close();
	return 0;
}

async function gradeStep(grader: Grader, id: string): Promise<Answer> {
	const step = stepOf(id);
	if (!step) return { fault: `There is no step ${id}.` };
	try {
		const subjects = [subjectOf(step, "step")];
		const [result] = await grader.grade(subjects, () => {});
		if (!result) return { fault: "The grader found nothing." };
		return result.state === "not started"
			? { result, asked: ownTitles(step) }
			: { result };
	} catch (error) {
		const { message } = error as Error;
		if (!(error instanceof NoSandbox)) return { fault: message };
		return {
			fault: `The grader can't make its sandbox here: ${message}\nSee: npm run doctor`,
		};
	}
}
