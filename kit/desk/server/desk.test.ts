/** The desk's messages: files, verdicts, hints, the difference, where the learner was. */

import {
	chmodSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { listSteps } from "../../steps/catalog.ts";
import { writeStarters } from "../../steps/starters.ts";
import { copyKit } from "../../testing/kit.ts";
import {
	openPage,
	type Page,
	type Started,
	startDesk,
	stop,
	waitFor,
} from "../fixtures/desk.ts";

const COPY = copyKit(() => {});
const STEPS = join(COPY, "steps");
const FILE = join(STEPS, "02-uts-namespace/container.ts");
const step = "02-uts-namespace";
const SOLUTION = readFileSync(listSteps()[1]?.solution ?? "", "utf8");

let desk: Started;
let page: Page;
beforeAll(async () => {
	desk = await startDesk(COPY, { WORKSHOP_SANDBOX: "vm" });
});
afterAll(async () => {
	await stop(desk);
	rmSync(COPY, { recursive: true });
});
beforeEach(async () => {
	removeSteps();
	writeStarters(STEPS);
	page = await openPage(desk);
});

/** The desk may write a file while the folder is being removed. */
function removeSteps(): void {
	while (existsSync(STEPS))
		try {
			rmSync(STEPS, { recursive: true });
		} catch {}
}

async function open(by = page) {
	by.send({ type: "open", step });
	return by.next("file", ({ why }) => why === "opened");
}

test("greets with the steps, and with where the learner was", async () => {
	const hello = await page.next("hello");
	expect(hello.steps.map(({ id }) => id)).toEqual(
		listSteps().map(({ id }) => id),
	);
	expect(hello.steps[1]).toMatchObject({
		number: 2,
		part: 1,
		title: "A place for a host name",
		state: "not started",
	});
	const place = { step, column: 4 };
	page.send({ type: "place", place });
	await waitFor(() => readdirSync(STEPS).includes(".desk.json"), "the place");
	expect((await (await openPage(desk)).next("hello")).place).toEqual(place);
});

test("opens a step with its text, its hints and its verdict", async () => {
	expect(await open()).toMatchObject({
		step,
		text: readFileSync(FILE, "utf8"),
	});
	expect(await page.next("hints")).toMatchObject({ step, given: [] });
	expect(await page.next("verdict")).toMatchObject({
		result: { state: "not started" },
	});
});

test("saves a text, grades it, and tells the other tab of it", async () => {
	const { version } = await open();
	const other = await openPage(desk);
	await open(other);
	chmodSync(FILE, 0o600);
	page.send({ type: "save", step, text: SOLUTION, version });
	const saved = await page.next("file", ({ why }) => why === "saved");
	expect(readFileSync(FILE, "utf8")).toBe(SOLUTION);
	expect(statSync(FILE).mode & 0o777).toBe(0o600);
	expect(readdirSync(join(FILE, ".."))).toEqual(["container.ts"]);
	expect(await other.next("file", ({ why }) => why === "outside")).toEqual({
		...saved,
		why: "outside",
	});
	const verdict = await page.next(
		"verdict",
		(it) => it.version === saved.version,
	);
	expect(verdict.result).toMatchObject({ state: "passed", firstPass: true });
	await page.next("steps", ({ steps }) => steps[1]?.state === "done");
	await other.next("verdict", ({ result }) => result.state === "passed");

	// It is remembered, and a save without a change keeps it.
	const third = await openPage(desk);
	await open(third);
	expect(await third.next("verdict")).toEqual(verdict);
});

test("tells of an edit from outside, once, and grades it", async () => {
	await open();
	writeFileSync(FILE, SOLUTION.replaceAll("\n", "\r\n"));
	const { text, version } = await page.next(
		"file",
		(it) => it.why === "outside",
	);
	expect(text).toBe(SOLUTION);
	const { result } = await page.next("verdict", (it) => it.version === version);
	expect(result.state).toBe("passed");
});

test("writes nothing where the disk has another text, and then what the learner chooses", async () => {
	const { version } = await open();
	writeFileSync(FILE, "// theirs\n");
	page.send({ type: "save", step, text: "// mine\n", version });
	const conflict = await page.next("conflict");
	expect(conflict.text).toBe("// theirs\n");
	expect(readFileSync(FILE, "utf8")).toBe("// theirs\n");
	page.send({
		type: "save",
		step,
		text: "// mine\n",
		version: conflict.version,
	});
	await page.next("file", ({ why }) => why === "saved");
	expect(readFileSync(FILE, "utf8")).toBe("// mine\n");
});

test("keeps the text of a step whose folder was removed, and writes it again", async () => {
	const { text } = await open();
	removeSteps();
	const gone = await page.next("file", ({ why }) => why === "outside");
	expect(gone).toMatchObject({ version: "missing", text: "" });
	await page.next("steps", ({ steps }) => steps[1]?.state === "missing");
	page.send({ type: "save", step, text, version: "missing" });
	await page.next("file", ({ why }) => why === "saved");
	expect(readFileSync(FILE, "utf8")).toBe(text);
	await page.next("steps", ({ steps }) => steps[1]?.state === "not started");
	// Later edits are noticed in the new folder, too.
	writeFileSync(FILE, "// again\n");
	await page.next("file", (it) => it.text === "// again\n");
});

test("outlives steps that vanish and come back again and again", async () => {
	await open();
	for (let n = 0; n < 100; n++) {
		removeSteps();
		page.send({ type: "open", step });
		await new Promise((resolve) => setTimeout(resolve, 5));
		writeStarters(STEPS);
		page.send({ type: "open", step });
		await openPage(desk).then(({ socket }) => socket.terminate());
	}
	await open(await openPage(desk));
});

test("reads and writes regular files in steps/ and nothing else", async () => {
	const elsewhere = join(COPY, "elsewhere.ts");
	writeFileSync(elsewhere, "// elsewhere\n");
	const kinds: Record<string, () => void> = {
		"symbolic link": () => symlinkSync(elsewhere, FILE),
		"not a file": () => mkdirSync(FILE),
		"too large": () => writeFileSync(FILE, "x".repeat(300_000)),
	};
	for (const [words, make] of Object.entries(kinds)) {
		rmSync(FILE, { recursive: true });
		make();
		page.send({ type: "open", step });
		const { text } = await page.next("refused", ({ of }) => of === "open");
		expect(text).toContain(words);
		page.send({ type: "save", step, text: "x", version: "missing" });
		await page.next("refused", ({ of }) => of === "save");
	}
	const folder = join(FILE, "..");
	renameSync(folder, join(COPY, "moved"));
	symlinkSync(join(COPY, "moved"), folder);
	page.send({ type: "open", step });
	const { text } = await page.next("refused", ({ of }) => of === "open");
	expect(text).toContain("symbolic link");
	expect(readFileSync(elsewhere, "utf8")).toBe("// elsewhere\n");
	rmSync(join(COPY, "moved"), { recursive: true });
});

test("gives one hint more each time, and goes on where the hint command was", async () => {
	await open();
	writeFileSync(join(STEPS, ".hints.json"), JSON.stringify({ [step]: 1 }));
	page.send({ type: "hint", step });
	const hints = await page.next("hints", ({ given }) => given.length > 0);
	expect(hints.given).toHaveLength(2);
	expect(hints.given[0]).toMatch(/^<p>/);
	for (let n = 0; n < 9; n++) page.send({ type: "hint", step });
	await page.next("hints", ({ given, of }) => given.length === of);
});

test("shows the difference when it is asked for twice, or the step passes", async () => {
	await open();
	page.send({ type: "diff", step });
	expect((await page.next("diff")).lines).toBeUndefined();
	page.send({ type: "diff", step });
	const { lines = [] } = await page.next("diff");
	expect(lines).toContainEqual({
		mark: "+",
		text: expect.stringMatching(/unshare/),
	});
	const first = "01-exec";
	const file = join(STEPS, first, "container.ts");
	writeFileSync(file, readFileSync(listSteps()[0]?.solution ?? ""));
	page.send({ type: "open", step: first });
	await page.next("verdict", ({ result }) => result.state === "passed");
	page.send({ type: "diff", step: first });
	expect((await page.next("diff")).lines).toEqual([]);
});
