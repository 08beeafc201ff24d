import { once } from "node:events";
import { rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ask } from "./fixtures/ask.ts";
import { copyKit } from "./fixtures/pages.ts";
import { bookServer } from "./serve.ts";
import { makeSite } from "./site.ts";

const COPY = copyKit();
const PAGES = join(COPY, "notes");
vi.setConfig({ testTimeout: 60_000 });
afterAll(() => rmSync(COPY, { recursive: true }));

describe("the server", () => {
	const server = bookServer(() => makeSite(undefined, PAGES));
	let port = 0;
	beforeAll(async () => {
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		port = (server.address() as AddressInfo).port;
	});
	afterAll(() => server.close());

	test("has the pages, and says how they may be used", async () => {
		for (const path of [
			"/",
			"/index.html",
			"/03-hostname.html?x#y",
			"/%30%33-hostname.html",
		]) {
			const { status, headers } = await ask(port, path);
			expect(status).toBe(200);
			expect(headers["content-type"]).toBe("text/html; charset=utf-8");
			expect(headers["content-security-policy"]).toMatch(
				/^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+';.*frame-ancestors 'none'$/,
			);
			expect(headers["x-content-type-options"]).toBe("nosniff");
		}
	});

	test("has nothing else, whatever the path says", async () => {
		for (const path of [
			"/package.json",
			"/../package.json",
			"/..%2f..%2fetc/passwd",
			"/%2e%2e/%2e%2e/etc/passwd",
			"//etc/passwd",
			"/....//etc/passwd",
			"/..\\package.json",
			"/03-hostname.html/",
			"/03-hostname.md",
			"/site.css",
			"/%",
			"/%00",
			"/constructor",
			"/__proto__",
			"http://localhost/etc/passwd",
		]) {
			const { status, body } = await ask(port, path);
			expect(status, path).toBe(404);
			expect(body).toContain("There is no such page");
			expect(body).not.toMatch(/root:x:|"scripts"/);
		}
	});

	test("answers HEAD as GET without the body, and no other method", async () => {
		const get = await ask(port, "/03-hostname.html");
		const head = await ask(port, "/03-hostname.html", {}, "HEAD");
		expect(head.status).toBe(200);
		expect(head.body).toBe("");
		expect(head.headers["content-length"]).toBe(get.headers["content-length"]);
		expect(Buffer.byteLength(get.body)).toBe(
			Number(get.headers["content-length"]),
		);
		for (const method of [
			"POST",
			"PUT",
			"DELETE",
			"OPTIONS",
			"PATCH",
			"TRACE",
		]) {
			const { status, headers } = await ask(port, "/", {}, method);
			expect({ method, status, allow: headers.allow }).toEqual({
				method,
				status: 405,
				allow: "GET, HEAD",
			});
		}
	});

	test("answers to loopback names only", async () => {
		for (const host of [
			"localhost",
			"LOCALHOST:4000",
			"127.0.0.1:4000",
			"[::1]:4000",
		])
			expect((await ask(port, "/", { host })).status, host).toBe(200);
		for (const host of [
			"evil.example",
			"localhost.evil.example",
			"127.0.0.1.evil.example:4000",
			"192.168.1.5",
			"localhost@evil.example",
		]) {
			const { status, body } = await ask(port, "/", { host });
			expect(status, host).toBe(403);
			expect(body).toContain("--host");
		}
	});

	test("answers to the name of --host, and to any name on all addresses", async () => {
		for (const [name, other] of [
			["book.example", 403],
			["0.0.0.0", 200],
		] as const) {
			const named = bookServer(() => makeSite(undefined, PAGES), name).listen(
				0,
				"127.0.0.1",
			);
			await once(named, "listening");
			const { port } = named.address() as AddressInfo;
			expect((await ask(port, "/", { host: `${name}:4000` })).status).toBe(200);
			expect((await ask(port, "/", { host: "other.example" })).status).toBe(
				other,
			);
			named.close();
		}
	});

	test("shows a page's author what is wrong with it", async () => {
		const broken = bookServer(() => {
			throw new Error("A page includes x.ts#y, and x.ts declares no y.");
		}).listen(0, "127.0.0.1");
		await once(broken, "listening");
		const answer = await ask((broken.address() as AddressInfo).port, "/");
		expect(answer).toMatchObject({
			status: 500,
			body: "A page includes x.ts#y, and x.ts declares no y.\n",
		});
		broken.close();
	});
});
