/**
 * Serves the board to the instructor's browser, and to nobody else: a request
 * needs one of the machine's own names (DNS rebinding), and the key or its cookie,
 * since in Docker other containers can reach the port.
 */

import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import {
	createServer,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from "node:http";
import { join } from "node:path";
import { type Board, viewOf } from "./board.ts";
import { toCsv } from "./csv.ts";
import { document, draw, type PageName } from "./page.ts";
import { listPlans } from "./plan.ts";
import { summary } from "./summary.ts";

/** How soon a browser that lost the connection tries again. */
const RETRY_MS = 500;

/** Minutes go by, too, and so the pages are drawn this often. */
const REDRAW_MS = 1_000;

const POLICY =
	"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The summary brings its style along, since it is sent round. */
const SUMMARY_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const TEXT = "text/plain; charset=utf-8";
const HTML = "text/html; charset=utf-8";

interface Options {
	board: Board;
	/** The board's time: that of the newest result, where they come from files. */
	now: () => number;
	/** Called when the instructor changed something. */
	changed: () => void;
}

export function shower({ board, now, changed }: Options): {
	server: Server;
	/** Draws the pages in all browsers anew. */
	refresh: () => void;
} {
	/** Each browser with its page, and what it was sent last. */
	const browsers = new Map<ServerResponse, { name: PageName; sent: string }>();
	const refresh = () => {
		const drawn = new Map<PageName, string>();
		for (const [response, browser] of browsers) {
			const { name } = browser;
			const html = drawn.get(name) ?? draw(name, viewOf(board, now()));
			drawn.set(name, html);
			// A slow browser gets the newest page once its buffer is empty.
			if (browser.sent === html || response.writableNeedDrain) continue;
			browser.sent = html;
			response.write(`data: ${JSON.stringify(html)}\n\n`);
		}
	};
	const timer = setInterval(refresh, REDRAW_MS);
	timer.unref();

	const server = createServer((request, response) => {
		const url = request.url ?? "/";
		const [path = "/", query = ""] = url.split("?");
		if (!isOwnName(request))
			return answer(response, 403, "The board is for this machine only.\n");
		const key = new URLSearchParams(query).get("key");
		if (path === "/" && key !== null && isSame(key, board.key)) {
			response.setHeader("Set-Cookie", cookie(board.key));
			response.setHeader("Location", "/");
			return answer(response, 303, "");
		}
		if (!hasCookie(request, board.key))
			return answer(
				response,
				403,
				"Open the address that npm run class printed: it ends with ?key=…\n",
			);
		if (request.method === "POST") return act(path, request, response);
		if (request.method !== "GET")
			return answer(response, 405, "Only GET and POST.\n");
		get(path, response);
	});
	return { server, refresh };

	function get(path: string, response: ServerResponse) {
		const learners = () => board.roster.learners();
		const own = (name: string) =>
			readFileSync(join(import.meta.dirname, name), "utf8");
		if (path === "/" || path === "/room") {
			const name = path === "/" ? "board" : "room";
			return answer(response, 200, document(name, viewOf(board, now())), HTML);
		}
		if (path === "/events/board" || path === "/events/room")
			return stream(path.endsWith("room") ? "room" : "board", response);
		if (path === "/board.css")
			return answer(response, 200, own("board.css"), "text/css; charset=utf-8");
		if (path === "/board.js")
			return answer(
				response,
				200,
				own("board.js"),
				"text/javascript; charset=utf-8",
			);
		if (path === "/class.csv")
			return answer(
				response,
				200,
				toCsv(learners()),
				"text/csv; charset=utf-8",
			);
		if (path === "/summary")
			return answer(response, 200, summary(learners()), HTML, SUMMARY_POLICY);
		answer(response, 404, "There is no such page.\n");
	}

	function act(
		path: string,
		{ headers }: IncomingMessage,
		response: ServerResponse,
	) {
		if (headers.origin !== `http://${headers.host}`)
			return answer(response, 403, "Another site asks.\n");
		const [, id] = /^\/seen\/([0-9a-f]{16})$/.exec(path) ?? [];
		if (path === "/clock") board.began = now();
		else if (path === "/plan")
			board.plan = (board.plan + 1) % Math.max(1, listPlans().length);
		else if (id) board.roster.see(id);
		else return answer(response, 404, "There is no such action.\n");
		answer(response, 204, "");
		refresh();
		changed();
	}

	function stream(name: PageName, response: ServerResponse) {
		response.writeHead(200, {
			"Content-Type": "text/event-stream",
			"Cache-Control": "no-store",
		});
		response.write(`retry: ${RETRY_MS}\n\n`);
		browsers.set(response, { name, sent: "" });
		response.on("close", () => browsers.delete(response));
		refresh();
	}
}

function answer(
	response: ServerResponse,
	status: number,
	body: string,
	type = TEXT,
	policy = POLICY,
): void {
	response.writeHead(status, {
		"Content-Type": type,
		"Content-Security-Policy": policy,
		"X-Content-Type-Options": "nosniff",
		"Referrer-Policy": "no-referrer",
		"Cache-Control": "no-store",
	});
	response.end(body);
}

function isOwnName({ headers }: IncomingMessage): boolean {
	const name = (headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
	return ["localhost", "127.0.0.1", "[::1]"].includes(name);
}

function cookie(key: string): string {
	return `class-board=${key}; Path=/; HttpOnly; SameSite=Strict`;
}

function hasCookie({ headers }: IncomingMessage, key: string): boolean {
	return (headers.cookie ?? "")
		.split(/; */)
		.some((pair) => isSame(pair, `class-board=${key}`));
}

function isSame(a: string, b: string): boolean {
	const hash = (text: string) => createHash("sha256").update(text).digest();
	return timingSafeEqual(hash(a), hash(b));
}
