/**
 * For the test of the submissions: one grader for all of them. It reads the
 * subjects on stdin, and writes their results to stdout, both as JSON.
 */

import { readFileSync } from "node:fs";
import { write } from "../cli/terminal.ts";
import { openGrader } from "../grader/grade.ts";
import type { Subject } from "../grader/subject.ts";

export async function main(): Promise<number> {
	const subjects: Subject[] = JSON.parse(readFileSync(0, "utf8"));
	const grader = openGrader();
	try {
		const results = await grader.grade(subjects, () => {});
		write(1, JSON.stringify(results));
		return 0;
	} finally {
		await grader.close();
	}
}
