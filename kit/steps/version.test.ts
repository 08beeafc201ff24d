import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyKit, run } from "../testing/kit.ts";

/** A copy as in the dev container: a mounted steps/, and the README.md that the image was built with. */
function builtWith(edit: (text: string) => string): string {
	const kit = copyKit();
	const text = readFileSync(join(kit, "steps/README.md"), "utf8");
	writeFileSync(join(kit, ".built-with.md"), edit(text));
	return kit;
}

const LINE =
	/^The image has version 0\.9\.0-\w+, and steps\/ has version \S+\. .*docker compose build$/m;

test.each([
	["start", [], "stdout"],
	["step", ["1", "true"], "stderr"],
	["solution", ["1", "true"], "stderr"],
	["check", ["1"], "stderr"],
] as const)(
	"%s says in one line that the image and steps/ are of two versions",
	async (name, args, stream) => {
		const older = builtWith((text) => text.replace(/\d+\.\d+\.\d+-/, "0.9.0-"));
		const outcome = await run(name, [...args], {
			kit: older,
			env: { ...process.env, COLUMNS: "200" },
		});
		expect(outcome[stream]).toMatch(LINE);

		const same = builtWith((text) => text);
		const { stdout, stderr } = await run(name, [...args], { kit: same });
		expect(stdout + stderr).not.toContain("version");
	},
);

test("the doctor has a line for it, and what to do", async () => {
	const older = builtWith((text) => text.replace(/\d+\.\d+\.\d+-/, "0.9.0-"));
	expect((await run("doctor", [], { kit: older })).stdout).toMatch(
		/✘ one version .*0\.9\.0.*\n.*different versions.*\n.*docker compose build/,
	);
	const same = builtWith((text) => text.replaceAll("\n", "\r\n"));
	expect((await run("doctor", [], { kit: same })).stdout).toMatch(
		/^✔ one version/m,
	);
});

test("a steps/ without a version gives no warning", async () => {
	const kit = builtWith((text) => text);
	rmSync(join(kit, "steps/README.md"));
	expect((await run("start", [], { kit })).stdout).not.toContain("version");
});
