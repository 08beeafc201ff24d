/** The types with which a check file says what a step must establish. */

import type { Container, SeenRunning } from "./observe.ts";
import type { Ended, EndedImage, Killed } from "./run.ts";

/** What is wrong, in the order in which it is printed. */
export interface Diagnosis {
	/** The value that was seen. */
	seen: string;
	/** Why that happens. */
	why: string;
	/** Where to look, and for what. */
	look: string;
}

export type Finding = Diagnosis | Remark | undefined;

/** What is worth saying of a requirement that holds: it was met in an unusual way, say. */
export interface Remark {
	remark: string;
}

/** What a check file exports: what its step adds to those before it. */
export interface Check {
	/** In the order in which they are printed. */
	requirements: Requirement[];
	/** Later steps check the lasting ones under one name, and report the first that no longer holds. */
	together?: { id: string; title: string };
}

export interface Requirement<Evidence = unknown> {
	/** A word, which stays the same when the title is reworded. With the number of the step that is graded before it: "4.directory". */
	id: string;
	title: string;
	/** Every later step must meet it, too. */
	lasts?: true;
	/** A task of the page's "Go further": it is told with a star if it holds, and no step fails by it. */
	extra?: true;
	/** It starts further containers. They are started when all that the first one shows holds. */
	again?: true;
	/** What the command in the container does for it, in sh. `$line` is the line that it read last. */
	inside?: string;
	/** Looks at the running container: once the command has begun, or once it has done what `inside` says. */
	see?(container: Container): Evidence | Promise<Evidence>;
	/** Says what is wrong. If the requirement holds: nothing, or a remark, which is told with the step that adds it. */
	judge(seen: Judged, evidence: Evidence): Finding | Promise<Finding>;
}

/** The evidence and tools to judge a requirement. */
export interface Judged extends SeenRunning {
	/** The learner's file, with the line of the first match of a pattern if there is one. */
	where(pattern?: RegExp): string;
	/** Runs the container again, with another command, to its end: it always has a status. */
	run(command: string[]): Promise<Ended>;
	/** Runs the container again, with a command that waits, and does something to it meanwhile. */
	runWaiting(act: (container: Container) => void): Promise<Ended>;
	/** Runs the container again, with a command that waits, and kills the command. Once, however many ask. */
	killed(): Promise<Killed>;
	/** Runs the container again, from an image with a user, an entrypoint and all else. Once for each command, which is WAIT or nothing. */
	runImage(command: string[]): Promise<EndedImage>;
}

/** Declares a requirement. For the compiler: `judge` gets what `see` returns. */
export function requirement<Evidence>(
	words: Requirement<Evidence>,
): Requirement {
	return words as Requirement;
}
