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
import {
	afterAll,
	beforeAll,
	describe,
	expect,
	onTestFinished,
	test,
	vi,
} from "vitest";
import { follow } from "../look/follow.ts";
import { run, until } from "../testing/kit.ts";
import { copyKit, resultsOf } from "./fixtures/pages.ts";
import { openLive } from "./live.ts";
import { bookServer } from "./serve.ts";
import { makeSite } from "./site.ts";

const KIT = copyKit();
const PAGES = join(KIT, "notes");
vi.setConfig({ testTimeout: 60_000 });
const LAUNCH = ["kit/launch.cjs", "book"];
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
				/@import|url\(|<link(?! rel="icon" href="data:)|<script [^>]*src|\bfetch\(|<img(?! src="data:image\/png;base64,)|<iframe/,
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

describe("the live page", () => {
	const live = openLive();
	const site = () => makeSite(undefined, PAGES, live.picture);
	const server = bookServer(site, undefined, live);
	let port = 0;
	beforeAll(async () => {
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		port = (server.address() as AddressInfo).port;
	});
	afterAll(() => {
		server.close();
		server.closeAllConnections();
	});

	/** A browser's end of the stream: the pictures that have come. */
	async function listen(headers = {}) {
		const asked = request({ port, path: "/live/events", headers });
		asked.on("error", () => {}).end();
		onTestFinished(() => void asked.destroy());
		const [response] = (await once(asked, "response")) as [IncomingMessage];
		const pictures: string[] = [];
		let unread = "";
		response.setEncoding("utf8").on("data", (text) => {
			const events = `${unread}${text}`.split("\n\n");
			unread = events.pop() ?? "";
			for (const event of events) {
				const [, data] = /^data: (.*)$/m.exec(event) ?? [];
				if (data) pictures.push(JSON.parse(data));
			}
		});
		response.on("error", () => {});
		return { response, pictures };
	}

	test("is one of the pages, with the picture of this moment, and may fetch from this server alone", async () => {
		const { status, headers, body } = await ask(port, "/live");
		expect(status).toBe(200);
		expect(headers["content-security-policy"]).toContain("connect-src 'self'");
		expect(body).toMatch(/<div class="live"><svg class="house /);
		const index = await ask(port, "/");
		expect(index.body).toContain('href="live"');
	});

	test("a book written to files has none", () => {
		const { documents, policy } = makeSite();
		expect([...documents.keys()]).not.toContain("live");
		expect(policy).not.toContain("connect-src");
		expect(documents.get("index.html")?.()).not.toContain('href="live"');
	});

	test("its stream has the picture at once, and another when something changes: to forty browsers", async () => {
		const browsers = await Promise.all(
			Array.from({ length: 40 }, () => listen()),
		);
		for (const { response } of browsers) {
			expect(response.statusCode).toBe(200);
			expect(response.headers["content-type"]).toBe("text/event-stream");
		}
		await until(() => browsers.every(({ pictures }) => pictures.length > 0));
		const container = run("solution", ["5", "sh", "-c", "sleep 2; : word"]);
		const shows = (words: string) =>
			browsers.every(({ pictures }) => pictures.at(-1)?.includes(words));
		await until(() => shows(">Step 5 · "));
		await until(() => shows(">sleep "));
		expect((await container).status).toBe(0);
		await until(() => shows(">ended<"));
		// The pictures are the same for all.
		const [first] = browsers;
		for (const { pictures } of browsers)
			expect(pictures.at(-1)).toBe(first?.pictures.at(-1));
	});

	test("one who reads slowly gets the latest picture in the end, and keeps nobody waiting", async () => {
		const slow = await listen();
		const quick = await listen();
		slow.response.pause();
		await run("solution", [
			"2",
			"sh",
			"-c",
			"for i in 1 2 3 4 5 6; do sleep 0.3; done",
		]);
		await until(() => quick.pictures.at(-1)?.includes(">ended<") ?? false);
		slow.response.resume();
		await until(() => slow.pictures.at(-1) === quick.pictures.at(-1));
	});

	test("it tells no argument and no variable of a process", async () => {
		const { pictures } = await listen();
		const container = run(
			"solution",
			["1", "sh", "-c", "exec 9</etc/passwd; sleep 1; : --token=42"],
			{
				env: { ...process.env, SECRET_OF_MINE: "swordfish" },
			},
		);
		await until(() =>
			/house running.*>Step 1 .*>sleep /.test(pictures.at(-1) ?? ""),
		);
		const view = follow()();
		await container;
		for (const told of [
			...pictures,
			JSON.stringify(view),
			(await ask(port, "/live")).body,
		])
			expect(told).not.toMatch(/token|swordfish|SECRET|passwd|launch\.js/);
	});

	test("another site's name, and what is not GET, get nothing", async () => {
		for (const path of ["/live", "/live/events"]) {
			const stranger = await ask(port, path, { Host: "evil.example" });
			expect(stranger.status).toBe(403);
			for (const method of ["POST", "PUT", "DELETE"])
				expect((await ask(port, path, {}, method)).status).toBe(405);
		}
		expect((await ask(port, "/live/events/")).status).toBe(404);
		expect((await ask(port, "/live/../live/events")).status).toBe(404);
	});

	test("the same view is drawn once", async () => {
		let looks = 0;
		let readings = 0;
		const view = {
			container: { pid: 1, supervisor: 0, start: 0 },
			title: "",
			others: 0,
			ended: false,
			mounts: { inside: [], outside: [] },
			processes: [],
			get rows() {
				readings++;
				return [];
			},
		};
		const same = openLive(() => {
			looks++;
			return view;
		});
		const own = bookServer(() => makeSite(), undefined, same);
		own.listen(0, "127.0.0.1");
		await once(own, "listening");
		const { port } = own.address() as AddressInfo;
		const asked = request({ port, path: "/live/events" }).end();
		asked.on("error", () => {});
		await once(asked, "response");
		const drawn = readings;
		await until(() => looks > 3);
		expect(readings).toBe(drawn);
		expect(drawn).toBeGreaterThan(0);
		asked.destroy();
		own.close();
	});

	test("without a browser nobody looks", async () => {
		let looks = 0;
		const counting = openLive(() => {
			looks++;
			return undefined;
		});
		const own = bookServer(() => makeSite(), undefined, counting);
		own.listen(0, "127.0.0.1");
		await once(own, "listening");
		const { port } = own.address() as AddressInfo;
		const asked = request({ port, path: "/live/events" }).end();
		asked.on("error", () => {});
		await once(asked, "response");
		await until(() => looks > 2);
		asked.destroy();
		await new Promise((resolve) => setTimeout(resolve, 500));
		const before = looks;
		await new Promise((resolve) => setTimeout(resolve, 500));
		expect(looks).toBe(before);
		own.close();
	});
});
