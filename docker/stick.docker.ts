/** The stick for a room without a network: written, and used with the network cut. */

import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { HOME } from "../kit/steps/catalog.ts";
import { execute } from "../kit/testing/kit.ts";
import { learnersFolder, runWords } from "./dev-container.ts";
import { ask, IMAGE } from "./engine.ts";

const PART_ONE = 6;

test("from the stick, with no network, all of Part one works, and apt-get installs ps", async () => {
	const stick = mkdtempSync(join(tmpdir(), "stick-"));
	onTestFinished(() => rmSync(stick, { recursive: true }));
	const written = await execute(["docker/stick", stick], {
		cwd: HOME,
		env: { ...process.env, STICK_IMAGE: IMAGE },
	});
	expect(written.status, written.stderr).toBe(0);
	expect(existsSync(join(stick, "containers-from-scratch/preflight"))).toBe(
		true,
	);
	expect(existsSync(join(stick, "book/index.html"))).toBe(true);
	expect(readdirSync(join(stick, "packages"))).toContain("procps.deb");
	expect(
		readFileSync(join(stick, "START.txt"), "utf8").match(/^docker /gm),
	).toHaveLength(3);

	// The first two of the three lines; a third tag, so that no learner's image is touched.
	const [file = ""] = readdirSync(stick).filter((name) =>
		/^image-.*\.tar$/.test(name),
	);
	ask("load", "-i", join(stick, file));
	onTestFinished(() => void ask("rmi", "containers-from-scratch:stick"));

	const words = runWords({
		steps: learnersFolder(PART_ONE),
		add: ["--network", "none"],
		without: ["-it"],
	}).map((word) => (word === IMAGE ? "containers-from-scratch:stick" : word));
	const graded = await execute([...words, "npm", "run", "--silent", "check"]);
	expect(graded.stdout + graded.stderr).toMatch(/6 of 6|Part one/);
	expect(graded.status, graded.stdout + graded.stderr).toBe(0);
	const ps = await execute([
		...words,
		"npm",
		"run",
		"--silent",
		"solution",
		"6",
		"--",
		"sh",
		"-c",
		"apt-get install -y procps >/dev/null 2>&1; ps -o comm=",
	]);
	expect(ps.stdout.trim().split("\n")).toEqual(["sh", "ps"]);
});
