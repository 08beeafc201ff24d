/** Who is in the class, and what each said last. It is bounded: a class has not more than two hundred learners. */

import type { Message } from "../message.ts";

export const MOST_LEARNERS = 200;

export interface Learner {
	message: Message;
	/** When it came, by the board's clock. Milliseconds. */
	received: number;
	/** The raised hand that the instructor has seen to: its `hand`. */
	seen?: string;
}

export interface Roster {
	/** @returns false if the class is full */
	receive(message: Message, now: number): boolean;
	forget(id: string): void;
	/** The instructor has been there. */
	see(id: string): void;
	/** Whether the instructor has been there for a message's raised hand. */
	hasSeen(message: Message): boolean;
	learners(): Learner[];
}

export function openRoster(learners: Learner[] = []): Roster {
	const known = new Map(learners.map((it) => [it.message.id, it]));
	return {
		receive(message, received) {
			const before = known.get(message.id);
			if (!before && known.size >= MOST_LEARNERS) return false;
			known.set(message.id, { ...before, message, received });
			return true;
		},
		forget: (id) => void known.delete(id),
		see(id) {
			const learner = known.get(id);
			if (learner) learner.seen = learner.message.hand;
		},
		hasSeen: ({ id, hand }) =>
			hand !== undefined && known.get(id)?.seen === hand,
		learners: () => [...known.values()],
	};
}
