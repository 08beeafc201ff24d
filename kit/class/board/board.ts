/** One class: who is in it, the plan's clock, and what its pages show. */

import { randomBytes } from "node:crypto";
import { byNeed, type Standing } from "./need.ts";
import { listPlans, type Plan } from "./plan.ts";
import { newWord } from "./receive.ts";
import { type Learner, openRoster, type Roster } from "./roster.ts";
import type { Saved } from "./saved.ts";
import { type Row, tally } from "./tally.ts";

export interface Board {
	word: string;
	key: string;
	roster: Roster;
	/** "192.168.1.20:4100", as far as it is known. Undefined where nobody can join. */
	address: string | undefined;
	began: number | undefined;
	plan: number;
}

/** What the pages are drawn from. */
export interface View {
	word: string;
	address: string | undefined;
	standings: Standing[];
	rows: Row[];
	plan: Plan | undefined;
	plans: number;
	/** Minutes since the clock was started. */
	minutes: number | undefined;
	now: number;
}

export function openBoard(
	saved?: Partial<Saved>,
	learners: Learner[] = saved?.learners ?? [],
): Board {
	return {
		word: saved?.word ?? newWord(),
		key: saved?.key ?? randomBytes(16).toString("hex"),
		roster: openRoster(learners),
		address: undefined,
		began: saved?.began,
		plan: saved?.plan ?? 0,
	};
}

export function toSave({ word, key, began, plan, roster }: Board): Saved {
	return { word, key, began, plan, learners: roster.learners() };
}

export function viewOf(board: Board, now: number): View {
	const { word, address, roster, began, plan } = board;
	const plans = listPlans();
	const learners = roster.learners();
	return {
		...{ word, address, now },
		standings: byNeed(learners, now),
		rows: tally(learners.map(({ message }) => message)),
		plan: plans[plan] ?? plans[0],
		plans: plans.length,
		minutes: began === undefined ? undefined : (now - began) / 60_000,
	};
}
