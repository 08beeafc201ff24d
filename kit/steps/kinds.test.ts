import { expect, test } from "vitest";
import { ALL_KINDS, accumulate, expectedOwnership } from "./kinds.ts";

test("every step keeps what those before it added, in the table's order", () => {
	const isolations = accumulate([
		{ isolates: [], sets: {} },
		{ isolates: ["root", "uts"], sets: {} },
		{ isolates: ["uts"], sets: { uts: "container" } },
		{ isolates: ["time"], sets: {} },
	]);
	expect(isolations.map(({ own }) => own)).toEqual([
		[],
		["uts", "root"],
		["uts", "root"],
		["uts", "root", "time"],
	]);
	// A kind that is isolated twice is new once; a value that is set is new.
	expect(isolations.map(({ added }) => added)).toEqual([
		[],
		["uts", "root"],
		["uts"],
		["time"],
	]);
	expect(isolations.map(({ first }) => first)).toEqual([
		true,
		false,
		false,
		false,
	]);
	expect(isolations.at(-1)?.values).toEqual({ uts: "container" });
});

test("a new root has an empty /proc, until a procfs is mounted there", () => {
	const of = (isolates: Parameters<typeof accumulate>[0][0]["isolates"]) =>
		accumulate([{ isolates, sets: {} }])[0] ?? { own: [] };
	expect(expectedOwnership("proc", of([]))).toBe("shared");
	expect(expectedOwnership("proc", of(["root"]))).toBe("none");
	expect(expectedOwnership("proc", of(["root", "proc"]))).toBe("own");
	for (const kind of ALL_KINDS)
		expect(expectedOwnership(kind, of(ALL_KINDS))).toBe("own");
});
