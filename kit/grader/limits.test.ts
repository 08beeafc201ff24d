import { spawn } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../testing/kit.ts";
import {
	countedOf,
	overrun,
	processorTime,
	waitsForMachine,
} from "./limits.ts";

test("time without a processor does not count; time in which nobody wants one does", () => {
	const starved = { elapsed: 500, given: 20, waits: true };
	expect(countedOf(starved)).toBe(20);
	const hanging = { elapsed: 500, given: 0, waits: false };
	expect(countedOf(hanging)).toBe(500);
	const spinning = { elapsed: 500, given: 1000, waits: true };
	expect(countedOf(spinning)).toBe(1000);
	// The grader itself came back late.
	expect(countedOf({ ...hanging, elapsed: 60_000 })).toBe(1000);
});

test("a run is stuck by the time that counts, and starved by the clock", () => {
	const limit = { counted: 10_000, elapsed: 60_000 };
	expect(overrun({ counted: 9999, elapsed: 59_999 }, limit)).toBeUndefined();
	expect(overrun({ counted: 10_000, elapsed: 90_000 }, limit)).toBe("stuck");
	expect(overrun({ counted: 900, elapsed: 60_000 }, limit)).toBe("starved");
});

test("a process that spins wants a processor, and gets it; one that sleeps does not", async () => {
	const [spinning = 0, sleeping = 0] = [":", "sleep 60"].map((words) => {
		const child = spawn("sh", ["-c", `while :; do ${words}; done`], {
			stdio: "ignore",
			detached: true,
		});
		onTestFinished(() => void process.kill(-(child.pid ?? 0), "SIGKILL"));
		return child.pid ?? 0;
	});
	await until(() => processorTime([spinning]) >= 50);
	expect(waitsForMachine(spinning)).toBe(true);
	await until(() => !waitsForMachine(sleeping));
	expect(processorTime([sleeping])).toBeLessThan(50);
});
