import { expect, test } from "vitest";
import { agree } from "./agree.ts";

test("a process that came between two readings is read in both the next time", async () => {
	const readings = [
		[1, 2],
		[2, 1],
		[2, 2],
		[3, 3],
	];
	const look = () => readings.shift() ?? [];
	const equal = ([one, other]: number[]) => one === other;
	expect(await agree(look, equal)).toEqual([2, 2]);
});

test("what never agrees is told as it is", async () => {
	expect(
		await agree(
			() => [1, 2],
			() => false,
		),
	).toEqual([1, 2]);
});
