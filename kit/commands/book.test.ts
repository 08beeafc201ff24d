import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { ask } from "../book/fixtures/ask.ts";
import { copyKit, resultsOf } from "../book/fixtures/pages.ts";
import { listSteps } from "../steps/catalog.ts";

const COPY = copyKit();
const _PAGES = join(COPY, "notes");
vi.setConfig({ testTimeout: 60_000 });
const LAUNCH = ["kit/launch.cjs", "book"];
afterAll(() => rmSync(COPY, { recursive: true }));

describe("npm run book", () => {
	/** Starts it as npm does; resolves when it has printed the book's address. */
	async function start(args: string[]) {
		const book = spawn(process.execPath, [...LAUNCH, ...args], { cwd: COPY });
		let said = "";
		for await (const chunk of book.stdout) {
			said += chunk;
			if (said.includes("Ctrl-C")) break;
		}
		return { book, port: Number(/localhost:(\d+)/.exec(said)?.[1]) };
	}

	test("serves until Ctrl-C, with the learner's progress", async () => {
		const results = join(COPY, "steps", ".progress.json");
		writeFileSync(results, resultsOf(COPY, "01-exec", true));
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
			{ cwd: COPY, encoding: "utf8" },
		);
		expect({ status, stderr }).toEqual({
			status: 1,
			stderr: `Port ${port} is in use. Choose another one: npm run book -- --port ${port + 1}\n`,
		});
		taken.close();
	});

	test("refuses wrong words", () => {
		for (const args of [["--port", "x"], ["--out", ""], ["word"]]) {
			const { status, stderr } = spawnSync(
				process.execPath,
				[...LAUNCH, ...args],
				{ cwd: COPY, encoding: "utf8" },
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
			{ cwd: COPY, encoding: "utf8" },
		);
		expect(status).toBe(0);
		expect(stdout).toContain(join(out, "new/dir/index.html"));
		const names = readdirSync(join(out, "new/dir"));
		expect(names).toHaveLength(5 + listSteps().length);
		for (const name of names) {
			const html = readFileSync(join(out, "new/dir", name), "utf8");
			// Links may lead outside, but nothing is fetched.
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
			{ cwd: COPY, encoding: "utf8" },
		);
		expect(status).toBe(1);
		expect(stderr).toContain("can't be written to package.json");
	});
});
