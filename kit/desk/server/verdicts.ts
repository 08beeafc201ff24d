/** The verdicts on the steps: each text is graded once, the newest of a step only. */

import type { Step } from "../../steps/catalog.ts";
import type { ToDesk, Verdict } from "../protocol.ts";
import { readStep } from "./files.ts";
import type { Grading } from "./grading.ts";

export interface Verdicts {
	/** @param since when the text was saved. Milliseconds of Date.now() */
	grade(step: Step, since?: number): void;
	/** Tells the verdict on the present text, or grades it. */
	tell(step: Step, send: (message: ToDesk) => void): void;
}

/** @param tell gets what concerns a step */
export function openVerdicts(
	grading: Grading,
	tell: (id: string, message: ToDesk) => void,
): Verdicts {
	/** The last verdict on each step. */
	const verdicts = new Map<string, Verdict>();
	/** The steps to grade, with the time of their save. */
	const wanted = new Map<Step["id"], { step: Step; since: number }>();
	let busy = false;

	const grade = (step: Step, since = Date.now()) => {
		wanted.set(step.id, { step, since });
		if (!busy) work();
	};
	const work = async () => {
		busy = true;
		for (const [id, { step, since }] of wanted) {
			wanted.delete(id);
			tell(id, { type: "grading", step: id });
			tell(id, await judge(step, since));
		}
		busy = false;
	};
	const judge = async (step: Step, since: number): Promise<ToDesk> => {
		try {
			const { version } = readStep(step);
			const graded = await grading.grade(step.id);
			const took = Date.now() - since;
			const verdict: Verdict = {
				type: "verdict",
				step: step.id,
				...graded,
				version,
				took,
			};
			verdicts.set(step.id, verdict);
			return verdict;
		} catch (error) {
			return { type: "refused", of: "grade", text: (error as Error).message };
		}
	};
	return {
		grade,
		tell(step, send) {
			const verdict = verdicts.get(step.id);
			if (verdict && verdict.version === readStep(step).version) send(verdict);
			else if (wanted.has(step.id)) send({ type: "grading", step: step.id });
			else grade(step);
		},
	};
}
