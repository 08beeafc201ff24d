/**
 * The learner's side of a class: whether one has joined, and as whom. It is kept
 * in steps/, where it outlives the dev container.
 */

import { join } from "node:path";
import { existsSync, rmSync } from "../../runtime/fs.ts";
import { HOME, listSteps, type Step } from "../steps/catalog.ts";
import { readState, stateOf, writeState } from "../steps/progress.ts";

const FILE = join(HOME, "steps", ".class.json");

export const OPINIONS = ["clear", "lost"] as const;

/** How a step was for the learner. */
export type Opinion = (typeof OPINIONS)[number];

export interface Member {
	/** Tells two learners with the same name apart. */
	id: string;
	name: string;
	/** Missing where no board was joined: then nothing is sent, and `npm run result` writes the file. */
	board?: Board;
	/** The step for which the hand is up, and when it was raised. ISO 8601 */
	hand?: { step: string; raised: string };
	/** By step: `{ "03-hostname": "clear" }`. */
	opinions?: Record<string, Opinion>;
}

export interface Board {
	/** An IP address: a host name's look-up could take longer than the message may. */
	host: string;
	port: number;
	word: string;
}

/** What every message holds, in words for the learner. */
export const SENT =
	"your name, a random number in place of an account, the kit's version, the time, your steps with their states, how many requirements hold and the IDs of those that failed, how many hints you used, your hand, and whether a step was clear. Never your code";

/** That a learner has joined a board, as whom; and what it is sent. Undefined where no board was joined. */
export function joinedWords(
	member: Member | undefined,
): [joined: string, sent: string] | undefined {
	if (!member?.board) return undefined;
	const { name, board } = member;
	return [
		`You have joined the class at ${board.host}, port ${board.port}, as ${name}.`,
		`Each check and each hint sends: ${SENT}.`,
	];
}

/** Where a board listens, unless its instructor wants another port. */
export const USUAL_PORT = 4100;

/** An address as short as it may be typed. */
export function withoutUsualPort(address: string): string {
	return address.replace(new RegExp(`:${USUAL_PORT}$`), "");
}

/** Undefined for whoever is in no class. */
export function membership(): Member | undefined {
	if (!existsSync(FILE)) return undefined;
	const { id, name, board, ...more } = readState(FILE);
	if (!id || !name) return undefined;
	return { ...more, id, name, ...(board?.host && { board }) };
}

/** Whether a board was joined. */
export function hasJoined(): boolean {
	return membership()?.board !== undefined;
}

/** @throws an Error with the kernel's code where steps/ can't be written */
export function keepMembership(member: Member): void {
	writeState(FILE, { ...member });
}

export function endMembership(): void {
	rmSync(FILE, { force: true });
}

/** The step for which the hand is up. It goes down when that step passes. */
export function handIsUpFor(member = membership()): Step | undefined {
	const { hand } = member ?? {};
	const step = listSteps().find(({ id }) => id === hand?.step);
	return step && stateOf(step) !== "done" ? step : undefined;
}
