import { expect, test } from "vitest";
import { listSteps } from "../../steps/catalog.ts";
import { readHints } from "../../steps/page.ts";
import { at, failing, idOf, learner, passed } from "../fixtures/learners.ts";
import type { Message } from "../message.ts";
import { byNeed, standingOf } from "./need.ts";

const MINUTE = 60_000;
const NOW = Date.parse("2026-03-01T10:00:00Z");

/** How a message that came so many minutes ago stands now. */
function stand(message: Message, minutesAgo = 0) {
	const received = NOW - minutesAgo * MINUTE;
	const { need, since } = standingOf({ message, received }, NOW);
	return [need, (NOW - since) / MINUTE];
}

test("stuck: the same requirements for five minutes, or three checks, or no hint left", () => {
	const on = (report: Parameters<typeof failing>[2]) =>
		stand(learner(0, 4, NOW, { report: failing(4, ["root"], report) }));
	const ago = (minutes: number) => at(NOW - minutes * MINUTE);
	expect(on({ since: ago(4.9), checks: 2 })).toEqual(["working", 0]);
	expect(on({ since: ago(5), checks: 1 })).toEqual(["stuck", 5]);
	expect(on({ since: ago(1), checks: 3 })).toEqual(["stuck", 1]);
	const step = listSteps()[3];
	const hints = step ? readHints(step.page).length : 0;
	expect(hints).toBeGreaterThan(1);
	expect(on({ since: ago(1), hints: hints - 1 })).toEqual(["working", 0]);
	expect(on({ since: ago(1), hints })).toEqual(["stuck", 1]);
});

test("who does nothing more becomes stuck, too, and is not quiet besides", () => {
	const report = failing(2, ["uts"], { since: at(NOW - MINUTE) });
	const message = learner(0, 2, NOW, { report });
	expect(stand(message, 3)).toEqual(["working", 3]);
	expect(stand(message, 4)).toEqual(["stuck", 5]);
	expect(stand(message, 20)).toEqual(["stuck", 21]);
});

test("a learner's clock may be wrong by hours", () => {
	for (const hours of [-7, 9]) {
		const theirs = NOW + hours * 60 * MINUTE;
		const report = failing(2, ["uts"], { since: at(theirs - 6 * MINUTE) });
		const hand = at(theirs - 2 * MINUTE);
		expect(stand(learner(0, 2, theirs, { report }))).toEqual(["stuck", 6]);
		expect(stand(learner(0, 2, theirs, { report, hand }))).toEqual(["hand", 2]);
	}
});

test("quiet: nothing for eight minutes, but for those who are through", () => {
	expect(stand(learner(0, 2, NOW), 7.9)).toEqual(["working", 7.9]);
	expect(stand(learner(0, 2, NOW), 8)).toEqual(["quiet", 8]);
	const all = [1, 2, 3, 4, 5, 6].map((it) => passed(it));
	const through = learner(0, 7, NOW, { steps: all });
	expect(stand(through, 30)[0]).toBe("done");
	const goneOn = learner(0, 7, NOW, {
		steps: [...all, failing(7, ["mount"], { since: at(NOW) })],
	});
	expect(stand(goneOn, 1)[0]).toBe("working");
	expect(stand(goneOn, 30)[0]).toBe("stuck");
});

test("a hand that was seen to is down, and up again when it is raised again", () => {
	const [first, second] = [at(NOW - 3 * MINUTE), at(NOW - MINUTE)];
	const message = (hand: string) => learner(0, 2, NOW, { hand });
	const standing = (hand: string, seen?: string) =>
		standingOf(
			{ message: message(hand), received: NOW, ...(seen && { seen }) },
			NOW,
		).need;
	expect(standing(first)).toBe("hand");
	expect(standing(first, first)).toBe("working");
	expect(standing(second, first)).toBe("hand");
});

test("those in need come first, and of them those who wait longest", () => {
	const stuckFor = (minutes: number) =>
		failing(3, ["name"], { since: at(NOW - minutes * MINUTE) });
	const messages = [
		learner(0, 5, NOW),
		learner(1, 3, NOW, { report: stuckFor(6) }),
		learner(2, 3, NOW, { report: stuckFor(9) }),
		learner(3, 2, NOW, { hand: at(NOW - MINUTE) }),
		learner(4, 2, NOW),
	];
	const learners = messages.map((message) => ({ message, received: NOW }));
	learners.push({ message: learner(5, 1, NOW), received: NOW - 9 * MINUTE });
	const order = byNeed(learners, NOW).map(({ need, learner }) => [
		need,
		learner.message.id,
	]);
	expect(order).toEqual([
		["hand", idOf(3)],
		["stuck", idOf(2)],
		["stuck", idOf(1)],
		["quiet", idOf(5)],
		["working", idOf(4)],
		["working", idOf(0)],
	]);
});
