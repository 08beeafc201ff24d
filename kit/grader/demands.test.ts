import { expect, test } from "vitest";
import { demandsOf } from "./demands.ts";
import { differs } from "./differs.ts";
import { NotSeen } from "./errors.ts";
import type { Requirement } from "./requirement.ts";

const requirement = (id: string, lasts?: true): Requirement => ({
	id,
	title: id,
	...(lasts && { lasts }),
	judge: () => undefined,
});

test("a step is asked for what lasts of those before it, and then for its own", () => {
	const first = {
		together: { id: "all", title: "as before" },
		requirements: [
			requirement("a", true),
			requirement("b"),
			requirement("c", true),
		],
	};
	const second = { requirements: [requirement("d"), requirement("e", true)] };
	const third = { requirements: [requirement("f"), requirement("g", true)] };
	const demands = demandsOf(third, [first, second]);
	expect(demands.map(({ id }) => id)).toEqual(["all", "e", "f", "g"]);
	expect(demands[0]?.requirements.map(({ id }) => id)).toEqual(["a", "c"]);
});

test("what could not be read is never taken for the container's own", () => {
	expect(differs("uts:[1]", "uts:[2]", "its UTS namespace")).toBe(true);
	expect(differs("uts:[1]", "uts:[1]", "its UTS namespace")).toBe(false);
	expect(() => differs("uts:[1]", "", "its UTS namespace")).toThrow(NotSeen);
});
