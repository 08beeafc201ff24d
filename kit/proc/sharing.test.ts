import { expect, test } from "vitest";
import { sharing } from "./sharing.ts";

test("what can't be read is neither the container's own nor shared", () => {
	expect(sharing("uts:[1]", "uts:[2]")).toBe("own");
	expect(sharing("uts:[1]", "uts:[1]")).toBe("shared");
	for (const [outside, inside] of [
		["uts:[1]", ""],
		["", "uts:[1]"],
		["", ""],
	] as const)
		expect(sharing(outside, inside)).toBe("unknown");
});
