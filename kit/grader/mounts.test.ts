import { expect, test } from "vitest";
import type { Mount } from "../proc/mounts.ts";
import { lostMounts, unsharedMounts } from "./mounts.ts";

const mount = (id: string, target: string, fields = ""): Mount => ({
	...{ id, target, type: "overlay", source: "overlay" },
	line: `${id} 1 0:1 / ${target} rw ${fields}- overlay overlay rw`,
});
const machine = (mounts: Mount[], host: Mount[]) => ({
	...{ name: "it", mounts, devices: [], host },
});

test("what the machine has lost by itself, no container has unmounted", () => {
	const before = machine(
		[mount("1", "/"), mount("2", "/merged"), mount("3", "/shm")],
		[mount("11", "/"), mount("12", "/merged"), mount("13", "/shm")],
	);
	const removed = machine(
		[mount("1", "/"), mount("3", "/shm")],
		[mount("11", "/"), mount("13", "/shm")],
	);
	expect(lostMounts(before, removed)).toEqual([]);
	const unmounted = machine([mount("1", "/")], removed.host);
	expect(lostMounts(before, unmounted).map(({ target }) => target)).toEqual([
		"/shm",
	]);
});

test("a mount that is no longer shared has changed; one that is gone has not", () => {
	const before = machine(
		[mount("1", "/", "shared:7 "), mount("2", "/a", "shared:8 ")],
		[],
	);
	expect(unsharedMounts(before, before)).toEqual([]);
	const after = machine([mount("1", "/")], []);
	expect(unsharedMounts(before, after).map(({ id }) => id)).toEqual(["1"]);
});
