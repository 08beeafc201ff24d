/**
 * The kinds of isolation: what a container may have of its own. One table, one
 * order and one set of words, for the pages' diagram, `npm run look`, the
 * book's live page and the tests.
 */

import type { Sharing } from "../proc/sharing.ts";

/** Each kind with its label. The namespaces are named as in /proc/PID/ns. namespaces(7) */
export const KINDS = {
	uts: "UTS",
	mnt: "mount",
	pid: "PID",
	proc: "/proc",
	root: "root",
	directory: "directory",
	net: "network",
	ipc: "IPC",
	user: "user",
	cgroup: "cgroup",
	time: "time",
	top: "root mount",
	dev: "/dev",
	limits: "limits",
	powers: "powers",
	seccomp: "seccomp",
} as const;

export type Kind = keyof typeof KINDS;

/** All kinds, in the order in which they are shown. */
export const ALL_KINDS = Object.keys(KINDS) as Kind[];

/** Kinds that are shown only where the container has something of its own: without it there is nothing to compare. */
export const LATER_KINDS: readonly Kind[] = [
	"top",
	"dev",
	"limits",
	"powers",
	"seccomp",
];

/** Whether a kind is shown. */
export function isShown(kind: Kind, ownership: Ownership): boolean {
	return ownership === "own" || !LATER_KINDS.includes(kind);
}

/** "none": the container has nothing of the kind. "unknown": the kernel does not tell this reader. */
export type Ownership = Sharing | "none";

/** What a container has of its own after a step. */
export interface Isolation {
	/** The kinds that this step or one before it made the container's own. */
	own: Kind[];
	/** The kinds that this step isolates, or in which it sets something. */
	added: Kind[];
	/** What the steps so far have set in a kind: `{ uts: "container" }`. */
	values: Partial<Record<Kind, string>>;
	/** This step is the first: before it there was no container. */
	first: boolean;
}

/** Where no step has isolated anything. */
export const NO_ISOLATION: Isolation = {
	own: [],
	added: [],
	values: {},
	first: false,
};

/** What one step adds, from its page's front matter. */
export interface Addition {
	isolates: Kind[];
	sets: Partial<Record<Kind, string>>;
}

/** The isolation after each of some steps, in their order: every step keeps what those before it added. */
export function accumulate(additions: Addition[]): Isolation[] {
	let before = NO_ISOLATION;
	return additions.map(({ isolates, sets }, index) => {
		const added = ALL_KINDS.filter(
			(kind) =>
				(isolates.includes(kind) && !before.own.includes(kind)) ||
				(sets[kind] !== undefined && sets[kind] !== before.values[kind]),
		);
		before = {
			own: ALL_KINDS.filter(
				(kind) => before.own.includes(kind) || isolates.includes(kind),
			),
			added,
			values: { ...before.values, ...sets },
			first: index === 0,
		};
		return before;
	});
}

/** What a step changes in the diagram, kind by kind: "UTS: shared → own". */
export function changesTo(before: Isolation, after: Isolation): string[] {
	return ALL_KINDS.flatMap((kind) => {
		const was = expectedOwnership(kind, before);
		const is = expectedOwnership(kind, after);
		if (was !== is) return [`${KINDS[kind]}: ${was} → ${is}`];
		// What a learner has set is another value perhaps than the reference's.
		return before.values[kind] === after.values[kind]
			? []
			: [`${KINDS[kind]}: ${is}, and set by your code`];
	});
}

/** What a container should have of one kind. In a new root, /proc is an empty directory until a procfs is mounted there. */
export function expectedOwnership(
	kind: Kind,
	{ own }: Pick<Isolation, "own">,
): Ownership {
	if (own.includes(kind)) return "own";
	return kind === "proc" && own.includes("root") ? "none" : "shared";
}
