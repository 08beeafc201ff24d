/** The desk's server: the book's, with the desk in the place of its first page, and a lock before all of it. */

import { createHash, randomBytes } from "node:crypto";
import {
	createServer,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from "node:http";
import { openLive } from "../../book/live.ts";
import { answer, answerBook } from "../../book/serve.ts";
import { makeSite, pageOf } from "../../book/site.ts";
import { stateOf } from "../../steps/progress.ts";
import type { Bundle } from "../protocol.ts";
import { type Admission, findRefusal, isKey, setCookie } from "./admit.ts";
import { openDesk } from "./desk.ts";
import { openGrading } from "./grading.ts";
import { acceptSockets } from "./sockets.ts";
import { openTerminals } from "./terminals.ts";

/** More than the tabs of one learner need: a browser opens six for a page. */
const MOST_CONNECTIONS = 100;

/** How long a request may take to arrive, and a connection may rest between two. */
const [ARRIVAL_MS, REST_MS] = [10_000, 5000];

export interface DeskServer {
	server: Server;
	/** Ends the terminals with what runs in them, the grader and all connections. */
	close(): void;
}

/** @param notice what the first tab is told: why the desk began again */
export function deskServer(
	admission: Admission,
	bundle: Bundle,
	notice?: string,
): DeskServer {
	const live = openLive();
	const site = () =>
		makeSite(({ step }) => step && stateOf(step), undefined, live.picture);
	const answerPage = pageRoutes(bundle);
	const server = createServer((request, response) => {
		if (!admit(request, response, admission)) return;
		if (!answerPage(request, response))
			answerBook(request, response, site, live);
	});
	server.maxConnections = MOST_CONNECTIONS;
	server.headersTimeout = ARRIVAL_MS;
	server.requestTimeout = ARRIVAL_MS;
	server.keepAliveTimeout = REST_MS;

	const terminals = openTerminals(() => desk.terminalsChanged());
	const grading = openGrading();
	const names = {
		run: randomBytes(9).toString("base64url"),
		build: hashOf(bundle.js).slice(0, 12),
	};
	const desk = openDesk(terminals, grading, names, notice);
	const endSockets = acceptSockets(server, admission, desk, terminals);
	return {
		server,
		close() {
			desk.close();
			grading.close();
			terminals.closeAll();
			endSockets();
			server.close();
			server.closeAllConnections();
		},
	};
}

/** Answers whoever may not come in, and exchanges the key for the cookie. */
function admit(
	request: IncomingMessage,
	response: ServerResponse,
	admission: Admission,
): boolean {
	const { key } = admission;
	const isRead = request.method === "GET" || request.method === "HEAD";
	const given = isRead && keyIn(request.url);
	if (given && isKey(given, key)) {
		// The cookie is not there yet, and all else must hold.
		const cookie = setCookie(key);
		request.headers.cookie = cookie.slice(0, cookie.indexOf(";"));
	}
	const refusal = findRefusal(request, admission);
	if (refusal !== undefined) {
		answer(request, response, 403, refusal);
		return false;
	}
	if (!given) return true;
	answer(request, response, 303, "The desk is at /\n", {
		Location: "/",
		"Set-Cookie": setCookie(key),
	});
	return false;
}

function keyIn(url = "/"): string | undefined {
	const [path, query] = url.split("?");
	if (path !== "/" || query === undefined) return undefined;
	return new URLSearchParams(query).get("key") ?? undefined;
}

/** The desk's own documents. What is none of them is the book's. */
function pageRoutes({
	html,
	js,
	css,
}: Bundle): (request: IncomingMessage, response: ServerResponse) => boolean {
	return (request, response) => {
		if (request.method !== "GET" && request.method !== "HEAD") return false;
		const [path = "/"] = (request.url ?? "/").split("?");
		const [, page] = /^\/page\/([\w-]+)$/.exec(path) ?? [];
		const send = (body: string | Uint8Array, type: string, policy = POLICY) =>
			answer(request, response, 200, body, {
				"Content-Type": `${type}; charset=utf-8`,
				"Content-Security-Policy": policy,
				"Cross-Origin-Opener-Policy": "same-origin",
				"Cross-Origin-Resource-Policy": "same-origin",
			});
		if (path === "/") {
			const nonce = randomBytes(18).toString("base64url");
			const document = html.replaceAll("__NONCE__", nonce);
			send(document, "text/html", deskPolicy(nonce));
		} else if (path === "/desk.js") send(js, "text/javascript");
		else if (path === "/desk.css") send(css, "text/css");
		else if (page) {
			const found = pageOf(page);
			if (found === undefined)
				answer(request, response, 404, "There is no such page.\n");
			else send(found, "text/html");
		} else return false;
		return true;
	};
}

/** What is no document of its own may do nothing. */
const POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Nothing from outside, no inline script, and no style but those of the terminal and the editor, which make theirs as they run. */
function deskPolicy(nonce: string): string {
	return [
		"default-src 'none'",
		"script-src 'self'",
		`style-src 'self' 'nonce-${nonce}'`,
		"img-src 'self' data:",
		"font-src 'self' data:",
		"connect-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	].join("; ");
}

function hashOf(data: Uint8Array): string {
	return createHash("sha256").update(data).digest("hex");
}
