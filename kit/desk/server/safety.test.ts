/** Who may talk to the desk, and how much. */

import { once } from "node:events";
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyKit } from "../../testing/kit.ts";
import {
	openPage,
	openTerminalPage,
	type Started,
	showTerminal,
	startDesk,
	stop,
} from "../fixtures/desk.ts";

const COPY = copyKit(() => {});
let desk: Started;
beforeAll(async () => {
	desk = await startDesk(COPY, { WORKSHOP_SANDBOX: "vm" });
});
afterAll(async () => {
	await stop(desk);
	rmSync(COPY, { recursive: true });
});

/** The status of an answer that opens no WebSocket. */
async function refusal(path: string, headers: object): Promise<number> {
	const socket = desk.socket(path, headers);
	const [, { statusCode }] = await once(socket, "unexpected-response");
	return statusCode;
}

/** The code with which the server ends a socket after a message. */
async function endOf(path: string, message: string | Buffer): Promise<number> {
	const socket = desk.socket(path);
	await once(socket, "open");
	socket.send(message);
	const [code] = await once(socket, "close");
	return code;
}

describe("the key", () => {
	test("is exchanged for a cookie that no script and no other site gets", async () => {
		const { status, headers } = await desk.get(`/?key=${desk.key}`, {
			cookie: "",
		});
		expect({ status, location: headers.location }).toEqual({
			status: 303,
			location: "/",
		});
		const [cookie = ""] = headers["set-cookie"] ?? [];
		expect(cookie).toMatch(
			/^desk-[\w-]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
		);
		expect(cookie).not.toContain(desk.key);
	});

	test.each([
		["no key", "/", ""],
		["a wrong key", "/?key=0000", ""],
		["an empty key", "/?key=", ""],
		["a key on another path", "/desk.js?key=KEY", ""],
		["a wrong cookie", "/", "desk=KEY"],
		["the key as a cookie", "/", "NAME=KEY"],
	])("%s opens nothing", async (_, path, cookie) => {
		const fill = (text: string) =>
			text
				.replace("KEY", desk.key)
				.replace("NAME", desk.cookie.split("=")[0] ?? "");
		const { status, body, headers } = await desk.get(fill(path), {
			cookie: fill(cookie),
		});
		expect(status).toBe(403);
		expect(body).toContain("?key=");
		expect(headers["set-cookie"]).toBeUndefined();
	});

	test("opens no book, no pictures and no socket when it is missing", async () => {
		for (const path of [
			"/index.html",
			"/03-hostname.html",
			"/live",
			"/live/events",
			"/page/03-hostname",
			"/desk.js",
		])
			expect((await desk.get(path, { cookie: "" })).status, path).toBe(403);
		for (const path of ["/desk", "/terminal/1", "/lsp"])
			expect(await refusal(path, { cookie: "" }), path).toBe(403);
	});
});

describe("a request", () => {
	test("comes to a loopback name", async () => {
		for (const host of ["evil.example", "localhost.evil.example:4000"]) {
			expect((await desk.get("/", { host })).status, host).toBe(403);
			const origin = `http://${host}`;
			expect(await refusal("/desk", { host, origin }), host).toBe(403);
		}
		expect((await desk.get("/", { host: "localhost:4000" })).status).toBe(200);
	});

	test("comes from the desk's own page", async () => {
		for (const origin of [
			"http://evil.example",
			"http://localhost:1",
			`http://localhost:${desk.port}`,
			"null",
			"",
		]) {
			expect(await refusal("/desk", { origin }), origin).toBe(403);
			expect(await refusal("/terminal/1", { origin }), origin).toBe(403);
			expect(await refusal("/lsp", { origin }), origin).toBe(403);
		}
		const { status } = await desk.get("/", { origin: "http://evil.example" });
		expect(status).toBe(403);
	});

	test("is GET or HEAD", async () => {
		for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
			for (const path of ["/", "/desk.js", "/page/03-hostname", "/live/events"])
				expect(await desk.get(path, {}, method)).toMatchObject({
					status: 405,
					headers: { allow: "GET, HEAD" },
				});
		const post = await desk.get(`/?key=${desk.key}`, { cookie: "" }, "POST");
		expect(post.status).toBe(403);
		expect((await desk.get("/desk.js", {}, "HEAD")).body).toBe("");
	});

	test("gets a page that may load nothing from outside, and run no inline script", async () => {
		const { body, headers } = await desk.get("/");
		const policy = String(headers["content-security-policy"]);
		const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
		expect(policy.replace(nonce ?? "", "N")).toBe(
			"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-N'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		);
		expect(body).toContain(nonce);
		const again = await desk.get("/");
		expect(again.headers["content-security-policy"]).not.toBe(policy);
		expect(headers).toMatchObject({
			"x-content-type-options": "nosniff",
			"referrer-policy": "no-referrer",
			"cross-origin-opener-policy": "same-origin",
			"cross-origin-resource-policy": "same-origin",
		});
	});

	test("gets the book and the desk's pages, and no file", async () => {
		for (const path of ["/index.html", "/03-hostname.html", "/live"])
			expect((await desk.get(path)).body, path).toMatch(/^<!doctype html>/);
		const { body } = await desk.get("/page/03-hostname");
		expect(body).toMatch(/^<article>/);
		expect((await desk.get("/page/99-nothing")).status).toBe(404);
		for (const path of ["/package.json", "/page/..%2fpackage", "/desk.html"])
			expect((await desk.get(path)).status, path).toBe(404);
	});
});

describe("a socket", () => {
	test("ends at a message that is too large", async () => {
		expect(await endOf("/desk", "x".repeat(256 * 1024 + 1))).toBe(1009);
		const page = await openPage(desk);
		const terminal = await openTerminalPage(desk, page);
		terminal.socket.send(Buffer.alloc(64 * 1024 + 1));
		expect(await terminal.closed).toBe(1009);
		expect(await endOf("/lsp", "x".repeat(1024 * 1024 + 1))).toBe(1009);
	});

	test.each([
		"",
		"null",
		"[]",
		"{",
		'"open"',
		'{"type":"constructor"}',
		'{"type":"open"}',
		'{"type":"open","step":"../../etc/passwd"}',
		'{"type":"open","step":"03-hostname/../04-chroot"}',
		'{"type":"save","step":"03-hostname","text":1,"version":"x"}',
		'{"type":"openTerminal","name":"x","columns":"80","rows":24}',
		'{"type":"place","place":{"step":"03-hostname","more":"MUCH"}}',
	])("ends at a message that is none of the desk's: %s", async (message) => {
		const much = message.replace("MUCH", "x".repeat(5000));
		expect(await endOf("/desk", much)).toBe(1008);
	});

	test("of a terminal or the language server ends at what it does not understand", async () => {
		const page = await openPage(desk);
		const terminal = await openTerminalPage(desk, page);
		terminal.socket.send('{"type":"ack","bytes":"1"}');
		expect(await terminal.closed).toBe(1008);
		expect(await endOf("/desk", Buffer.from("{}"))).toBe(1008);
		expect(await endOf("/lsp", Buffer.from("{}"))).toBe(1008);
	});

	test("is not there under another name", async () => {
		expect(await refusal("/", {})).toBe(404);
		expect(await refusal("/terminal/..", {})).toBe(404);
		expect(await showTerminal(desk, "999").closed).toBe(4004);
	});

	test("is refused where there are too many, and possible again when some have ended", async () => {
		const sockets = Array.from({ length: 40 }, () => desk.socket("/desk"));
		const ends = sockets.map(async (socket) => {
			const [code] = await Promise.race([
				once(socket, "close"),
				once(socket, "message").then(() => [0]),
			]);
			return code;
		});
		const codes = await Promise.all(ends);
		expect(codes.filter((code) => code === 4008).length).toBeGreaterThan(7);
		expect(codes.filter((code) => code === 0).length).toBeGreaterThan(20);
		for (const socket of sockets) socket.terminate();
		await openPage(desk).then((page) => page.next("hello"));
	});
});
