/** A class from its beginning to its end: the instructor's command, and the learners'. */

import {
	copyFileSync,
	existsSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { aClass, learner, NAMES } from "../class/fixtures/learners.ts";
import { askBoard, openClass } from "../class/fixtures/open.ts";
import { listSteps } from "../steps/catalog.ts";
import { copyKit, run } from "../testing/kit.ts";

function folder(): string {
	const made = mkdtempSync(join(tmpdir(), "class-"));
	onTestFinished(() => rmSync(made, { recursive: true, force: true }));
	return made;
}

test("a learner joins, is seen after a check, and leaves", async () => {
	const board = await openClass(["--port", "0"]);
	const page = async () =>
		(await askBoard(board.boardPort, "/", board.key)).body;
	expect(await page()).toContain("Nobody is here yet");

	const kit = copyKit();
	const address = `127.0.0.1:${board.port}`;
	const joining = (...words: string[]) => run("join", words, { kit });
	const wrong = await joining(address, "wrong", "Ana");
	expect([wrong.status, wrong.stderr]).toEqual([
		1,
		`The board at ${address} does not know the word "wrong". Read it again from the instructor's screen.\n`,
	]);
	expect(existsSync(join(kit, "steps/.class.json"))).toBe(false);
	expect((await joining(address, board.word)).status).toBe(2);
	expect((await joining("127.0.0.1:1", board.word, "Ana")).stderr).toContain(
		"npm run result NAME",
	);
	const joined = await joining(
		`http://${address}/`,
		board.word.toUpperCase(),
		"Ana",
		"<b>María</b>",
	);
	expect([joined.status, joined.stderr]).toEqual([0, ""]);
	const sent =
		/your name, .* the IDs of those that failed, .* Never your code/s;
	expect(joined.stdout).toMatch(sent);
	const started = await run("start", [], { kit });
	expect(started.stdout).toContain(
		`You have joined the class at 127.0.0.1, port ${board.port}, as Ana <b>María</b>.`,
	);
	expect(started.stdout).toMatch(sent);
	expect(await page()).toContain(
		"<strong>Ana &lt;b&gt;María&lt;/b&gt;</strong>",
	);

	const [one] = listSteps();
	const file = join(kit, "steps", one?.id ?? "", "container.ts");
	const text = readFileSync(one?.solution ?? "", "utf8");
	writeFileSync(file, text.replace("return reexec", "await reexec"));
	for (let checks = 0; checks < 3; checks++) await run("check", ["1"], { kit });
	expect(await page()).toMatch(/<li class="stuck">[\s\S]*fails in 3 checks/);
	// Another name would rename the learner on the board.
	const renamed = await run("result", ["Bo"], { kit });
	expect([renamed.status, renamed.stderr]).toEqual([
		2,
		"You have joined the class as Ana <b>María</b>. Type npm run result, without a name.\n",
	]);
	// A raised hand that was seen to is down with the next check.
	const memberFile = join(kit, "steps/.class.json");
	const member = () => JSON.parse(readFileSync(memberFile, "utf8"));
	const raised = new Date().toISOString();
	const hand = { step: one?.id, raised };
	writeFileSync(memberFile, JSON.stringify({ ...member(), hand }));
	await run("check", ["1"], { kit });
	expect(member().hand).toEqual(hand);
	const [, seen] = /data-id="(\w+)"/.exec(await page()) ?? [];
	await askBoard(board.boardPort, `/seen/${seen}`, board.key, {
		method: "POST",
		headers: { Origin: `http://localhost:${board.boardPort}` },
	});
	await run("check", ["1"], { kit });
	expect(member().hand).toBeUndefined();
	expect(member().name).toBe("Ana <b>María</b>");

	copyFileSync(one?.solution ?? "", file);
	await run("check", ["1"], { kit });
	expect(await page()).toMatch(/<ol class="needy">\s*<\/ol>/);
	expect(await page()).toContain("1 of 1 are through");

	const left = await run("leave", [], { kit });
	expect(left.stdout).toContain("The board has forgotten you.");
	expect(await page()).not.toContain("María");
	expect((await run("start", [], { kit })).stdout).not.toContain("joined");
	expect((await run("leave", [], { kit })).stdout).toBe(
		"You are in no class.\n",
	);
	expect((await board.end("SIGINT")).status).toBe(0);
});

test("the board is for the instructor's browser alone", async () => {
	const { boardPort, key, send, url } = await openClass(["--port", "0"]);
	await send(learner(0, 2, Date.now()));
	const pages = [
		...["/", "/room", "/summary", "/class.csv", "/events/board", "/board.js"],
	];
	for (const path of pages) {
		expect((await askBoard(boardPort, path)).status).toBe(403);
		expect((await askBoard(boardPort, path, "0".repeat(32))).status).toBe(403);
		const headers = { Host: "evil.example" };
		expect((await askBoard(boardPort, path, key, { headers })).status).toBe(
			403,
		);
	}
	const entered = await askBoard(boardPort, `/?${new URL(url).searchParams}`);
	expect([entered.status, entered.headers.location]).toEqual([303, "/"]);
	expect(entered.headers["set-cookie"]).toEqual([
		expect.stringMatching(/HttpOnly; SameSite=Strict/),
	]);
	const board = await askBoard(boardPort, "/", key);
	expect(board.body).toContain("Ana");
	expect(board.headers["content-security-policy"]).toContain(
		"script-src 'self'",
	);
	// The room's page and the summary have no name.
	for (const path of ["/room", "/summary"]) {
		const { status, body } = await askBoard(boardPort, path, key);
		expect(status).toBe(200);
		expect(body).not.toContain("Ana");
	}
	// Another site's page can't act.
	const act = (origin: string, path = "/clock") =>
		askBoard(boardPort, path, key, {
			method: "POST",
			headers: { Origin: origin },
		});
	expect((await act("http://evil.example")).status).toBe(403);
	expect((await act(`http://localhost:${boardPort}`)).status).toBe(204);
	expect((await act(`http://localhost:${boardPort}`, "/x")).status).toBe(404);
	expect((await askBoard(boardPort, "/clock", key)).status).toBe(404);
	expect((await askBoard(boardPort, "/../../etc/passwd", key)).status).toBe(
		404,
	);
});

test("a saved board that is killed comes back whole, and its end writes what to keep", async () => {
	const dir = folder();
	const file = join(dir, "class.json");
	const first = await openClass(["--port", "0", "--save", file]);
	const messages = aClass(Date.now());
	for (const message of messages) expect(await first.send(message)).toBe(204);
	await expect
		.poll(() => readFileSync(file, "utf8").includes("Désirée"))
		.toBe(true);
	await first.end("SIGKILL");

	const second = await openClass(["--port", "0", "--save", file]);
	expect([second.word, second.key]).toEqual([first.word, first.key]);
	const { body } = await askBoard(second.boardPort, "/", first.key);
	for (const name of NAMES) expect(body).toContain(`<strong>${name}</strong>`);
	await second.send({ ...learner(40, 2, Date.now()), name: "=1+1" });
	const { status, last } = await second.end("SIGTERM");
	expect(status).toBe(0);
	expect(last).toContain(`${dir}/class.csv`);
	const csv = readFileSync(join(dir, "class.csv"), "utf8").split("\r\n");
	expect(csv[0]).toBe(
		"name,kit,last heard,step,state,passed,of,failing,failed before,hints,opinion",
	);
	expect(csv.filter((line) => line.startsWith("Chidi,"))).toHaveLength(4);
	expect(csv.some((line) => line.startsWith("'=1+1,"))).toBe(true);
	const summary = readFileSync(join(dir, "class.html"), "utf8");
	expect(summary).toContain("26 of 31 are through.");
	expect(summary).toMatch(
		/the command starts in \/ of the new root<\/strong>: .*No <code>chdir/s,
	);
	for (const name of NAMES.filter((it) => it.length > 3))
		expect(summary).not.toContain(name);
});

test("a board that nobody saves leaves nothing", async () => {
	const kit = copyKit();
	const board = await openClass(["--port", "0"], kit);
	await board.send(learner(0, 2, Date.now()));
	expect((await board.end("SIGINT")).last).toBe("");
	const again = await openClass(["--port", "0"], kit);
	expect(again.word).not.toBe(board.word);
	const { body } = await askBoard(again.boardPort, "/", again.key);
	expect(body).toContain("Nobody is here yet");
});

test("--from draws the board of files: results, pasted lines, a saved board", async () => {
	const dir = folder();
	const now = Date.parse("2026-03-01T10:00:00Z");
	const [ana, bo, chidi] = aClass(now);
	const old = {
		...chidi,
		time: "2026-03-01T09:00:00.000Z",
		step: 1,
		steps: [],
	};
	writeFileSync(join(dir, "ana.json"), JSON.stringify(ana, null, "\t"));
	writeFileSync(
		join(dir, "chat.txt"),
		`10:01 Bo: ${JSON.stringify(bo)}\n\nhello\n${JSON.stringify(chidi)}\n${JSON.stringify(old)}\n`,
	);
	const broken = JSON.stringify(learner(21, 3, now)).replace(
		/.{40}/g,
		"$&\r\n",
	);
	writeFileSync(join(dir, "broken.txt"), `10:02 Vera: ${broken}\n`);
	const save = join(dir, ".saved.json");
	const board = await openClass(["--port", "0", "--from", dir, "--save", save]);
	expect(board.said).toContain("4 learners in ");
	expect(board.said).toContain("chat.txt:3 holds no result");
	const page = async ({ boardPort, key } = board) =>
		(await askBoard(boardPort, "/", key)).body;
	expect(await page()).toMatch(/Bo<[\s\S]*Ana<[\s\S]*Chidi/);
	expect(await page()).toContain("the same fails for 6 min");
	const wei = { ...learner(22, 3, now), name: "Wei" };
	writeFileSync(join(dir, "wei.json"), JSON.stringify(wei));
	await expect.poll(page, { timeout: 10_000 }).toContain("Wei");
	await board.end("SIGINT");
	expect(existsSync(join(dir, ".saved.csv"))).toBe(true);

	const saved = await openClass(["--port", "0", "--from", save]);
	expect(saved.said).toContain("5 learners in ");
	expect(await page(saved)).toContain("the same fails for 6 min");
});

test.each([
	[["--port", "x"], 2, "--port x is not a port"],
	[["--save", ""], 2, "--save needs a value"],
	[["--save", "/nowhere/class.json"], 1, "--save /nowhere/class.json: "],
	[["--from", "/nowhere"], 1, "/nowhere: "],
	[["--from", "package.json"], 1, "package.json is no saved board"],
	[["--what"], 2, "Usage: npm run class"],
])("wrong words: %s", async (args, status, says) => {
	const outcome = await run("class", ["--port", "0", ...args]);
	expect(outcome.status).toBe(status);
	expect(outcome.stderr).toContain(says);
});

test("a port that is taken is named", async () => {
	const { port } = await openClass(["--port", "0"]);
	const { status, stderr } = await run("class", ["--port", String(port)]);
	expect(status).toBe(1);
	expect(stderr).toContain(`Port ${port} is in use.`);
});
