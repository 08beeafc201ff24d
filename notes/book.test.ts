import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { copyKit, resultsOf } from "./fixtures/pages.ts";
import { bookServer } from "./serve.ts";
import { makeSite } from "./site.ts";

const KIT = copyKit();
const PAGES = join(KIT, "notes");
vi.setConfig({ testTimeout: 60_000 });
const LAUNCH = ["runtime/launch.cjs", "notes/book.ts"];
afterAll(() => rmSync(KIT, { recursive: true }));

interface Answer {
	status: number | undefined;
	headers: IncomingMessage["headers"];
	body: string;
}

/** A request as it is written: no client tidies its path. */
async function ask(
	port: number,
	path: string,
	headers = {},
	method = "GET",
): Promise<Answer> {
	const asked = request({ port, host: "127.0.0.1", path, method, headers });
	asked.end();
	const [response] = (await once(asked, "response")) as [IncomingMessage];
	let body = "";
	for await (const chunk of response) body += chunk;
	return { status: response.statusCode, headers: response.headers, body };
}

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

	test("answers to one more name where it was told so, and to any on all addresses", async () => {
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

describe("npm run book", () => {
	/** Started as npm starts it; resolves when it has said where the book is. */
	async function start(args: string[]) {
		const book = spawn(process.execPath, [...LAUNCH, ...args], { cwd: KIT });
		let said = "";
		for await (const chunk of book.stdout) {
			said += chunk;
			if (said.includes("Ctrl-C")) break;
		}
		return { book, port: Number(/localhost:(\d+)/.exec(said)?.[1]) };
	}

	test("serves until Ctrl-C, with the learner's progress", async () => {
		const results = join(KIT, "steps", ".progress.json");
		writeFileSync(results, resultsOf(KIT, "01-exec", true));
		const { book, port } = await start(["--port", "0"]);
		const { body } = await ask(port, "/03-hostname.html", {
			connection: "keep-alive",
		});
		expect(body.match(/\(passed\)/g)).toHaveLength(1);
		rmSync(results);
		expect((await ask(port, "/")).body).not.toContain("(passed)");
		book.kill("SIGINT");
		expect(await once(book, "exit")).toEqual([0, null]);
	});

	test("says it when the port is taken", async () => {
		const taken = createServer().listen(0, "127.0.0.1");
		await once(taken, "listening");
		const { port } = taken.address() as AddressInfo;
		const { status, stderr } = spawnSync(
			process.execPath,
			[...LAUNCH, "--port", String(port)],
			{ cwd: KIT, encoding: "utf8" },
		);
		expect({ status, stderr }).toEqual({
			status: 1,
			stderr: `Port ${port} is in use. Another one: npm run book -- --port ${port + 1}\n`,
		});
		taken.close();
	});

	test("refuses wrong words", () => {
		for (const args of [["--port", "x"], ["--out", ""], ["word"]]) {
			const { status, stderr } = spawnSync(
				process.execPath,
				[...LAUNCH, ...args],
				{ cwd: KIT, encoding: "utf8" },
			);
			expect({ args, status }).toEqual({ args, status: 2 });
			expect(stderr).toContain("Usage: npm run book");
		}
	});

	test("writes files that need nothing but themselves", () => {
		const out = mkdtempSync(join(tmpdir(), "book-"));
		const { status, stdout } = spawnSync(
			process.execPath,
			[...LAUNCH, "--out", join(out, "new/dir")],
			{ cwd: KIT, encoding: "utf8" },
		);
		expect(status).toBe(0);
		expect(stdout).toContain(join(out, "new/dir/index.html"));
		const names = readdirSync(join(out, "new/dir"));
		expect(names).toHaveLength(10);
		for (const name of names) {
			const html = readFileSync(join(out, "new/dir", name), "utf8");
			// A link may lead out when it is followed; nothing is fetched.
			expect(html.replace(/<a [^>]*>/g, "")).not.toMatch(
				/\b(src|href|srcset|poster|data)="(?!data:)/,
			);
			expect(html).not.toMatch(
				/@import|url\(|<link(?! rel="icon" href="data:)|<script [^>]*src|\bfetch\(|<img|<iframe/,
			);
			expect(html).not.toMatch(/ style="| on\w+="/);
			for (const [, target = ""] of html.matchAll(
				/<a [^>]*href="(?!https?:)([^"#]*)/g,
			))
				expect(["", ...names]).toContain(target);
			expect(html).not.toContain("(passed)");
		}
		rmSync(out, { recursive: true });
	});

	test("says why it can't write there", () => {
		const { status, stderr } = spawnSync(
			process.execPath,
			[...LAUNCH, "--out", "package.json"],
			{ cwd: KIT, encoding: "utf8" },
		);
		expect(status).toBe(1);
		expect(stderr).toContain("can't be written to package.json");
	});
});
