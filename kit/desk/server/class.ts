/** The class that the learner has joined, as the desk shows it. */

import { handIsUpFor, joinedWords, membership } from "../../class/member.ts";
import type { Class } from "../protocol.ts";

export function classAtHand(): Class {
	const member = membership();
	return {
		type: "class",
		name: member?.name,
		words: joinedWords(member)?.join(" ") ?? "",
		hand: handIsUpFor(member) !== undefined,
		opinions: member?.opinions ?? {},
	};
}
