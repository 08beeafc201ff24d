/** `npm run check -- --watch`: grades a step again whenever its file is saved, and has a key for what comes next. */

import { spawnSync } from "node:child_process";
import { dropTypedKeys, onKey } from "../cli/keys.ts";
import { colours, write } from "../cli/terminal.ts";
import { HOME, listSteps, type Step } from "../steps/catalog.ts";
import { openStepAfter, partOneAndBegun, stateOf } from "../steps/progress.ts";
import { type Grader, openGrader } from "./grade.ts";
import { onSave } from "./on-save.ts";
import { type StepResult, summarize } from "./results.ts";
import { subjectOf } from "./subject.ts";
import { showSteps, stepText, summaryText } from "./tell.ts";

/** What to do next. */
type Request =
	| { grade: Step[]; goOn?: boolean }
	| { show: "hint" | "notes" }
	| { say: string }
	| "quit";

/** The class that the learner may be in: who is told of each grading, and for whom there are keys. */
export interface Company {
	graded(): void;
	/** Whether the learner is in a class: only then the keys are shown, and do something. */
	isThere(): boolean;
	handIsUp(): boolean;
	raiseHand(step: Step, up: boolean): void;
	giveOpinion(step: Step, opinion: "clear" | "lost"): void;
}

/**
 * Grades at once, and then at every save, until `q` or Ctrl-C. What the keys ask
 * for waits until the grading at hand is told.
 *
 * @returns 0: leaving is no failure
 */
export async function watch(steps: Step[], company: Company): Promise<number> {
	const grader = openGrader(true);
	const requests: Request[] = [];
	let wake = () => {};
	let current = steps[0];
	const ask = (request: Request) => {
		requests.push(request);
		wake();
	};
	// One page at a time: a key that is pressed again meanwhile asks for no second one.
	const show = (name: "hint" | "notes") => {
		const asked = requests.some((it) => it !== "quit" && "show" in it);
		if (!asked) ask({ show: name });
	};

	const inClass = (act: (step: Step) => string) => () => {
		if (current && company.isThere()) ask({ say: act(current) });
	};
	const opine = (opinion: "clear" | "lost") =>
		inClass((step) => {
			const rated = ratedStep(step);
			company.giveOpinion(rated, opinion);
			return `Step ${rated.number} is ${opinion === "clear" ? "clear" : "not clear"} to you.`;
		});

	const stopWatching = onSave(listSteps(), (step) => {
		current = step;
		ask({ grade: [step], goOn: true });
	});
	const stopKeys = onKey({
		h: () => show("hint"),
		n: () => show("notes"),
		s: () => {
			current = current && following(current);
			if (current) ask({ grade: [current] });
		},
		a: () => ask({ grade: partOneAndBegun() }),
		u: inClass((step) => {
			const up = !company.handIsUp();
			company.raiseHand(step, up);
			return up ? "Your hand is up." : "Your hand is down.";
		}),
		c: opine("clear"),
		l: opine("lost"),
		q: () => ask("quit"),
	});

	ask({ grade: steps, goOn: true });
	try {
		for (;;) {
			const request = requests.shift();
			if (request === undefined) {
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
				continue;
			}
			if (request === "quit") return 0;
			if ("show" in request) showPage(request.show, current);
			else if ("say" in request) write(1, `${request.say}\n`);
			else {
				await gradeAndTell(grader, request.grade);
				company.graded();
				if (request.goOn) current = whereToGoOn(request.grade);
			}
			write(1, menu(current, company));
		}
	} finally {
		stopKeys();
		stopWatching();
		await grader.close();
	}
}

async function gradeAndTell(grader: Grader, steps: Step[]): Promise<void> {
	// A single step needs no place held for it.
	const tell =
		steps.length > 1
			? showSteps(steps)
			: (result: StepResult) => void write(1, stepText(result));
	const subjects = steps.map((step) => subjectOf(step, "step"));
	const results = summarize(await grader.grade(subjects, tell), "step");
	write(1, summaryText(results, "step"));
}

/** The first of some steps that is not done, else the next one that is not. */
function whereToGoOn(steps: Step[]): Step | undefined {
	const last = steps.at(-1);
	return (
		steps.find((step) => stateOf(step) !== "done") ??
		openStepAfter(last?.number ?? 0) ??
		last
	);
}

/** The step after one; the last stays the last. */
function following(step: Step): Step {
	const steps = listSteps();
	return steps.find(({ number }) => number === step.number + 1) ?? step;
}

/** Where the learner is, and what the keys do there. */
function menu(step: Step | undefined, company: Company): string {
	if (!step) return "";
	const { bold, dim } = colours(1);
	const { number, name } = step;
	const next = following(step).number;
	const keys = [
		`h hint ${number}`,
		`n notes ${pageWord(step)}`,
		...(next > number ? [`s step ${next}`] : []),
		"a all",
		...(company.isThere()
			? [
					company.handIsUp() ? "u hand down" : "u hand up",
					`c ${ratedStep(step).number} is clear`,
					"l lost",
				]
			: []),
		"q quit",
	];
	return `${dim("watching ·")} ${bold(`step ${number} ${name}`)} ${dim(`· ${stateOf(step)}`)}\n${dim(keys.join(" · "))}\n\n`;
}

/** The step of which a learner says whether it was clear: the one at hand, or the one before it while that is not begun. */
function ratedStep(step: Step): Step {
	const before = listSteps().find(({ number }) => number === step.number - 1);
	const begun = stateOf(step) !== "not started";
	return begun || !before ? step : before;
}

/** The page that is meant next: the step's own, or what comes after the last. */
function pageWord({ number }: Step): string {
	return openStepAfter(0) ? String(number) : "next";
}

/** Another command of the kit, which has the terminal meanwhile. */
function showPage(name: "hint" | "notes", step: Step | undefined): void {
	if (!step) return;
	const word = name === "notes" ? pageWord(step) : String(step.number);
	// The terminal stays raw: what is typed before the pager is there makes no mess, and Ctrl-C ends nothing but it.
	spawnSync("npm", ["run", "--silent", name, word], {
		cwd: HOME,
		stdio: "inherit",
	});
	if (process.stdin.isTTY) dropTypedKeys();
	write(1, "\n");
}
