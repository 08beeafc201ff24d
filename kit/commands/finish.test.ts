import {
	chownSync,
	copyFileSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { HOME, listSteps } from "../steps/catalog.ts";
import { readPage } from "../steps/page.ts";
import { listParts } from "../steps/parts.ts";
import { copyKit, execute, type Outcome, run } from "../testing/kit.ts";

const steps = listSteps();
const partOne = listParts()[0]?.steps ?? [];
const last = partOne.at(-1);

/** A kit in which the first steps are solved and checked. */
async function kitWith(solved: number): Promise<string> {
	const kit = copyKit();
	for (const { id, solution } of steps.slice(0, solved))
		copyFileSync(solution, join(kit, "steps", id, "container.ts"));
	expect((await run("check", [], { kit })).stdout).not.toContain("✘");
	return kit;
}

/** A copy of the finished folder somewhere else, and what runs a command of it where no kit, no packages and no root file system are. */
function takeAlong(kit: string): (...words: string[]) => Promise<Outcome> {
	const folder = mkdtempSync(join(tmpdir(), "taken-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	cpSync(join(kit, "steps/finished"), folder, { recursive: true });
	const empty = [kit, HOME, "/var/lib/containers-from-scratch", "/rootfs"];
	const script = `
		for path in ${empty.map((path) => `'${path}'`).join(" ")}; do
			[ ! -d "$path" ] || mount -t tmpfs none "$path"
		done
		exec node container.mjs "$@"`;
	// So that there is something to cover; the tmpfs goes with the namespace.
	mkdirSync("/var/lib/containers-from-scratch", { recursive: true });
	const { WORKSHOP_SANDBOX, WORKSHOP_ROOTFS, ...env } = process.env;
	return (...words) =>
		execute(["unshare", "--mount", "sh", "-c", script, "sh", ...words], {
			cwd: folder,
			env,
		});
}

test("the finished container runs by itself, in an empty place without the kit", {
	timeout: 90_000,
}, async () => {
	const kit = await kitWith(partOne.length);
	chownSync(join(kit, "steps"), 1234, 1234);
	const { status, stdout } = await run("finish", [], { kit });
	expect(status).toBe(0);
	expect(stdout).toContain(
		`Your container of step ${last?.number} is in steps/finished`,
	);
	expect(statSync(join(kit, "steps/finished/node_modules/koffi")).uid).toBe(
		1234,
	);

	const finished = takeAlong(kit);
	const container = await finished(
		...["run", "sh", "-c"],
		'hostname; echo "PID $$"; cat /CONTAINER_ROOT; echo /proc/[0-9]*; exit 7',
	);
	expect(container).toMatchObject({ status: 7, stderr: "" });
	expect(container.stdout).toMatch(
		/^container\nPID 1\nThe container's root file system.*\n\/proc\/1( \/proc\/\d+)?\n$/,
	);
	expect((await finished("run", "no-such-command")).status).toBe(127);
	expect(await finished()).toMatchObject({
		status: 2,
		stderr: "Usage: sudo node container.mjs run [command]\n",
	});
});

test("the report says what was done and when, and what is the container's own", {
	timeout: 90_000,
}, async () => {
	const kit = await kitWith(partOne.length);
	await run("finish", [], { kit });
	const report = readFileSync(join(kit, "steps/finished/report.md"), "utf8");
	const today = new Date().toISOString().slice(0, 10);
	const { version } = JSON.parse(
		readFileSync(join(HOME, "package.json"), "utf8"),
	);
	expect(report).toContain(`version ${version}.`);
	for (const { number, name, page } of partOne)
		expect(report).toContain(
			`| ${number} · ${name} | ${readPage(page).proved} | ${today.slice(0, 8)}`,
		);
	expect(report).toMatch(/^│ UTS +┃ own: container +│$/m);
	expect(report).toContain(readFileSync(last?.solution ?? "", "utf8"));

	// Again, after a change: the new one takes the place of the old.
	writeFileSync(join(kit, "steps/finished/old"), "");
	await run("finish", [], { kit });
	expect(() => statSync(join(kit, "steps/finished/old"))).toThrow();
});

test("earlier, it finishes the last step that is done, with or without those before; where none is, it says so", {
	timeout: 90_000,
}, async () => {
	const kit = await kitWith(3);
	await run("reset", ["2"], { kit });
	expect((await run("finish", [], { kit })).stdout).toContain(
		"Your container of step 3 ",
	);
	const finished = takeAlong(kit);
	expect(await finished("run", "hostname")).toMatchObject({
		status: 0,
		stdout: "container\n",
		stderr: "",
	});
	expect(await run("finish", [], { kit: copyKit() })).toMatchObject({
		status: 1,
		stdout: "",
		stderr:
			"No step is done, so there is no container to finish: npm run check 1\n",
	});
});

test("after the last step of Part one, start says what was made, with the picture, and how to keep it", {
	timeout: 60_000,
}, async () => {
	const kit = await kitWith(partOne.length);
	const { stdout } = await run("start", [], { kit });
	expect(stdout).toMatch(
		/^What you have built is a container\. (\S.*?\. ){1}\S.*?\.$/m,
	);
	expect(stdout).toMatch(/^│ UTS +┃ own: container +│$/m);
	expect(stdout).toMatch(/npm run finish .*\n.*npm run notes next /);
	const { stdout: page } = await run("notes", ["next"], { kit });
	expect(page).toContain("What is still shared");
});
