import { once } from "node:events";
import { rmSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
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
import { ask } from "./fixtures/ask.ts";
import { copyKit } from "./fixtures/pages.ts";
import { openLive } from "./live.ts";
import { bookServer } from "./serve.ts";
import { makeSite } from "./site.ts";

const COPY = copyKit();
const PAGES = join(COPY, "notes");
vi.setConfig({ testTimeout: 60_000 });
afterAll(() => rmSync(COPY, { recursive: true }));

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

	/** A browser's end of the stream: the pictures that it has received. */
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
		expect(body).toMatch(/<div class="live">.*<svg class="house /s);
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

	test("a slow reader gets the latest picture in the end, and delays no other", async () => {
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

	test("it shows no argument and no variable of a process", async () => {
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
			powers: [],
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

	test("without a browser, nothing is read", async () => {
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
