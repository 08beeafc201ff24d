/**
 * Tells the board that a learner has joined where the learner is. Whoever has not
 * joined loads this file and member.ts, and sends nothing.
 */

import { createRequire } from "node:module";
import type { Step } from "../steps/catalog.ts";
import {
	keepMembership,
	type Member,
	membership,
	type Opinion,
} from "./member.ts";

const require = createRequire(import.meta.url);

/** A board that did not answer is tried again after this time, by a command that still runs. */
const RETRY_MS = 15_000;

let retry: NodeJS.Timeout | undefined;

/**
 * Sends where the learner is to the board that was joined; without one it does
 * nothing. Nobody waits for it: it takes 300 ms at most, and says nothing.
 */
export function tellClass(): void {
	const member = membership();
	if (!member?.board) return;
	clearTimeout(retry);
	const { send, SEEN_TO } = require("./send.ts") as typeof import("./send.ts");
	const { messageOf, textOf } =
		require("./message.ts") as typeof import("./message.ts");
	try {
		send(member.board, textOf(messageOf(member))).then(
			(status) => (status === SEEN_TO ? lowerHand(member.hand) : again(status)),
			() => {},
		);
	} catch {
		// A file that can't be read: the check has told of it.
	}
}

/** A board that is gone, or busy, gets the next message, or this one later. */
function again(status: number | undefined): void {
	if (status !== undefined && status < 429) return;
	retry = setTimeout(tellClass, RETRY_MS);
	retry.unref();
}

/** The instructor has been there: the hand goes down, unless it was raised anew meanwhile. */
function lowerHand(seen: Member["hand"]): void {
	const member = membership();
	if (member?.hand && member.hand.raised === seen?.raised)
		keep({ ...member, hand: undefined });
}

/** Raises the learner's hand, or takes it down again. */
export function raiseHand(step: Step, up: boolean): void {
	const hand = { step: step.id, raised: new Date().toISOString() };
	change((member) => ({ ...member, hand: up ? hand : undefined }));
}

/** Keeps and sends whether a step was clear. */
export function giveOpinion(step: Step, opinion: Opinion): void {
	change((member) => ({
		...member,
		opinions: { ...member.opinions, [step.id]: opinion },
	}));
}

function change(to: (member: Member) => Member): void {
	const member = membership();
	if (!member) return;
	if (keep(to(member))) tellClass();
}

/** @returns false where the folder is read-only */
function keep(member: Member): boolean {
	try {
		keepMembership(member);
		return true;
	} catch {
		return false;
	}
}
