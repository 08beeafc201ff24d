/** What the local network can do to the board: real requests to a real server. */

import { once } from "node:events";
import { request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { aClass, idOf, learner } from "../fixtures/learners.ts";
import { LONGEST, type Message } from "../message.ts";
import { send, sendFarewell } from "../send.ts";
import { newWord, receiver } from "./receive.ts";
import { MOST_LEARNERS, openRoster } from "./roster.ts";

const WORD = "kolibu";
const NOW = Date.now();

async function open(now = () => NOW) {
	const roster = openRoster();
	const heard: string[] = [];
	const server = receiver(
		WORD,
		roster,
		{
			received: ({ name }) => heard.push(name),
			forgot: (id) => heard.push(`forgot ${id}`),
			reachedAs: () => {},
		},
		now,
	);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	onTestFinished(() => {
		server.close();
		server.closeAllConnections();
	});
	const { port } = server.address() as AddressInfo;
	const board = { host: "127.0.0.1", port, word: WORD };
	const post = (body: unknown, word = WORD) =>
		send(
			{ ...board, word },
			typeof body === "string" ? body : JSON.stringify(body),
			5_000,
		);
	return { roster, heard, board, post, port };
}

test("a message is kept, the next one replaces it, and a farewell removes it", async () => {
	const { roster, heard, board, post } = await open();
	expect(await post(learner(0, 2, NOW))).toBe(204);
	expect(await post(learner(0, 3, NOW))).toBe(204);
	expect(roster.learners().map(({ message }) => message.step)).toEqual([3]);
	expect(await sendFarewell(board, idOf(0), 5_000)).toBe(204);
	expect(roster.learners()).toEqual([]);
	expect(heard).toEqual(["Ana", "Ana", `forgot ${idOf(0)}`]);
});

test("a wrong word is refused, and nobody can try many", async () => {
	const { roster, board, post } = await open();
	expect(await post(learner(0, 2, NOW), "wrong")).toBe(403);
	expect(await sendFarewell({ ...board, word: "" }, idOf(0), 5_000)).toBe(403);
	let refused = 0;
	while ((await post(learner(0, 2, NOW), newWord())) === 403) refused++;
	expect(refused).toBe(58);
	// Whoever knows the word is not kept out by those who don't.
	expect(await post(learner(0, 2, NOW), "KOLIBU")).toBe(204);
	expect(roster.learners()).toHaveLength(1);
});

test("what is no message is refused", async () => {
	const { roster, post } = await open();
	const good = learner(0, 2, NOW);
	const bad: unknown[] = [
		"",
		"{",
		"null",
		"[]",
		{ ...good, name: "" },
		{ ...good, name: " blank" },
		{ ...good, name: "x".repeat(41) },
		{ ...good, name: "a\u001b[2Jb" },
		{ ...good, id: "../../etc" },
		{ ...good, code: "export function run() {}" },
		{ ...good, step: 1.5 },
		{ ...good, time: "yesterday" },
		{ ...good, steps: [{ step: 1 }] },
		{ ...good, steps: Array(41).fill(good.steps[0]) },
		{ ...good, __proto__: null, constructor: 1 },
	];
	for (const body of bad) expect([body, await post(body)]).toEqual([body, 400]);
	expect(await post("x".repeat(LONGEST + 1))).toBe(413);
	expect(await post("x".repeat(5_000_000))).not.toBe(204);
	expect(roster.learners()).toEqual([]);
	expect(await post(good)).toBe(204);
});

test("a learner sends at a bounded rate, and does not slow the others", async () => {
	let now = NOW;
	const { post } = await open(() => now);
	const statuses = [];
	for (let count = 0; count < 25; count++)
		statuses.push(await post(learner(0, 2, NOW)));
	expect(statuses.filter((it) => it === 204)).toHaveLength(20);
	expect(statuses.slice(20)).toEqual(Array(5).fill(429));
	expect(await post(learner(1, 2, NOW))).toBe(204);
	now += 1_000;
	expect(await post(learner(0, 2, NOW))).toBe(204);
});

test("forty at once, and as many again", async () => {
	const { roster, post } = await open();
	const forty = Array.from({ length: 40 }, (_, it) => learner(it, 2, NOW));
	for (let round = 0; round < 2; round++)
		expect(new Set(await Promise.all(forty.map((it) => post(it))))).toEqual(
			new Set([204]),
		);
	expect(roster.learners()).toHaveLength(40);
});

test("a class has an end, and whoever is in it stays", async () => {
	let now = NOW;
	const { roster, post } = await open(() => now);
	const [some] = aClass(NOW) as [Message, ...Message[]];
	for (let count = 0; count < MOST_LEARNERS; count++) {
		now += 100;
		expect(await post({ ...some, id: idOf(count) })).toBe(204);
	}
	expect(await post({ ...some, id: idOf(9999) })).toBe(503);
	expect(await post({ ...some, id: idOf(7) })).toBe(204);
	expect(roster.learners()).toHaveLength(MOST_LEARNERS);
});

test("a browser is told what to type, and gets nothing else: no names, no files", async () => {
	const { port, post } = await open();
	await post(learner(0, 2, NOW));
	const get = async (path: string, headers = {}) => {
		const asked = request({ host: "127.0.0.1", port, path, headers });
		const [response] = await once(asked.end(), "response");
		let body = "";
		for await (const chunk of response) body += chunk;
		return { status: response.statusCode, body, headers: response.headers };
	};
	const home = await get("/", { Host: "192.168.1.20:4100" });
	expect(home.body).toContain("npm run join 192.168.1.20 WORD NAME");
	expect(home.body).not.toMatch(/kolibu|Ana/);
	// A QR code has the word with it; whether it is right, the page does not know.
	expect((await get("/?word=kolibu")).body).toContain(" kolibu NAME");
	const other = await get("/?word=%3Cb%3E", { Host: "192.168.1.20" });
	expect(other.body).toContain("npm run join 192.168.1.20 WORD NAME");
	const forged = await get("/", { Host: "<script>alert(1)</script>" });
	expect(forged.body).toContain("npm run join ADDRESS WORD NAME");
	for (const path of [
		"/message",
		"/events/board",
		"/class.csv",
		"/../x",
		"/?a",
	])
		expect((await get(path)).status).toBe(404);
});

test("what is no HTTP, or never ends, keeps nobody out", async () => {
	const { port, post } = await open();
	const garbage = connect(port, "127.0.0.1");
	garbage.on("error", () => {});
	garbage.write("\u0000\u0001 garbage\r\n\r\n");
	await once(garbage, "close");
	const slow = connect(port, "127.0.0.1");
	slow.write("POST /message HTTP/1.1\r\nContent-Length: 4000\r\n");
	expect(await post(learner(0, 2, NOW))).toBe(204);
	slow.destroy();
});
