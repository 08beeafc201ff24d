/**
 * Submissions test the grader: wrong container.ts files, each with the requirement
 * that must fail first, and right ones that differ from the reference. Each is
 * written as a change of its step's solution.
 */

import * as runtime from "../../runtime/index.ts";

/** What a step's submissions file exports. */
export interface Submissions {
	wrong: (Submission & { fails: string })[];
	right: Submission[];
}

/** A change: the whole file, the bodies of the two functions, or replaced texts. */
export interface Submission {
	what: string;
	/** The requirement that fails first, without the step's number: "directory". */
	fails?: string;
	/** The requirement that it passes with a remark. */
	remarked?: string;
	/** The task of "Go further" that it does. */
	starred?: string;
	file?: string;
	run?: string;
	child?: string;
	edit?: Record<string, string>;
	/** Code above the two functions: imports, mostly. All of the runtime is imported already. */
	top?: string;
}

/**
 * The text of a submission's container.ts.
 *
 * @param solution the text of its step's solution
 * @throws Error where the change does not apply
 */
export function textOf(submission: Submission, solution: string): string {
	const { what, file, top = "", edit = {} } = submission;
	if (file !== undefined) return file;
	const imports = /^import .*? from "#runtime";\n/s;
	let text = once(what, solution, imports, () => "");
	for (const name of ["run", "child"] as const) {
		const body = submission[name];
		const whole = new RegExp(
			`(export (?:async )?function ${name}\\(.*?\\{\\n).*?(\\n\\}\\n)`,
			"s",
		);
		if (body !== undefined)
			text = once(
				what,
				text,
				whole,
				(_, begin, end) => `${begin}\t${body}${end}`,
			);
	}
	for (const [from, to] of Object.entries(edit)) {
		if (text.split(from).length !== 2)
			throw new Error(`${what}: the solution has not exactly one ${from}`);
		text = text.replace(from, () => to);
	}
	return `import { ${Object.keys(runtime).join(", ")} } from "#runtime";\n${top}\n${text}`;
}

function once(
	what: string,
	text: string,
	pattern: RegExp,
	to: (...groups: string[]) => string,
): string {
	if (!pattern.test(text))
		throw new Error(`${what}: the solution has no ${pattern}`);
	return text.replace(pattern, to);
}
