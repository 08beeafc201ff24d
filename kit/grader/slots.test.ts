import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { Starved, TooBusy, withSlot } from "./slots.ts";

test("what was starved is repeated once, with no other beside it", async () => {
	let running = 0;
	let tries = 0;
	const others = () =>
		Array.from({ length: 6 }, () =>
			withSlot(async () => {
				running++;
				await setTimeout(20);
				running--;
			}),
		);
	const before = others();
	const starved = withSlot(async () => {
		tries++;
		if (tries === 1) throw new Starved();
		expect(running).toBe(0);
		await setTimeout(20);
		expect(running).toBe(0);
		return "done";
	});
	const after = others();
	expect(await starved).toBe("done");
	expect(tries).toBe(2);
	await Promise.all([...before, ...after]);
});

test("a doubtful result is made again once, and then it stands", async () => {
	const results = [139, 127];
	const next = async () => results.shift() ?? 0;
	expect(await withSlot(next, (it) => it === 139)).toBe(127);
	results.push(139, 139, 127);
	expect(await withSlot(next, (it) => it === 139)).toBe(139);
	expect(results).toEqual([127]);
});

test("starved twice, it is not judged; another error is passed on", async () => {
	let tries = 0;
	const starving = async () => {
		tries++;
		throw new Starved();
	};
	await expect(withSlot(starving)).rejects.toThrow(TooBusy);
	expect(tries).toBe(2);
	const failing = async () => {
		throw new RangeError("no");
	};
	await expect(withSlot(failing)).rejects.toThrow(RangeError);
	expect(await withSlot(async () => 1)).toBe(1);
});
