/** The book's server. It serves documents from memory and never opens a path from a request. */

import {
	createServer,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from "node:http";
import type { Live } from "./live.ts";
import type { Site } from "./site.ts";

/** Where the live page's pictures come from. */
const STREAM = "/live/events";

/**
 * @param site called for each request, so that a reload shows a saved page
 * @param host a host name that requests may use besides the loopback names
 * @param live the live page's pictures, if the book has that page
 */
export function bookServer(
	site: () => Site,
	host?: string,
	live?: Live,
): Server {
	return createServer((request, response) => {
		if (isAllowedHost(request.headers.host, host))
			return answerBook(request, response, site, live);
		answer(
			request,
			response,
			403,
			"The book is for this machine only. To read it under another name: npm run book -- --host NAME\n",
		);
	});
}

/** Answers a request for a document of the book, or for the live page's pictures. */
export function answerBook(
	request: IncomingMessage,
	response: ServerResponse,
	site: () => Site,
	live?: Live,
): void {
	if (request.method !== "GET" && request.method !== "HEAD") {
		const headers = { Allow: "GET, HEAD" };
		answer(request, response, 405, "Only GET and HEAD.\n", headers);
		return;
	}
	if (live && request.url === STREAM && request.method === "GET") {
		live.stream(response);
		return;
	}

	try {
		const { documents, policy } = site();
		const name = documentName(request.url ?? "/");
		const found = name === undefined ? undefined : documents.get(name);
		const make = found ?? documents.get("404.html");
		answer(request, response, found ? 200 : 404, make?.() ?? "", {
			"Content-Type": "text/html; charset=utf-8",
			"Content-Security-Policy": `${policy}; frame-ancestors 'none'`,
		});
	} catch (error) {
		// A page can't be read: show its author why, in the place of the page.
		answer(request, response, 500, `${(error as Error).message}\n`);
	}
}

/** Answers with a body, or for HEAD with what would be said of it. */
export function answer(
	request: IncomingMessage,
	response: ServerResponse,
	status: number,
	body: string | Uint8Array,
	headers: Record<string, string> = {},
): void {
	response.writeHead(status, {
		"Content-Type": "text/plain; charset=utf-8",
		"Content-Length": Buffer.byteLength(body),
		"X-Content-Type-Options": "nosniff",
		"Referrer-Policy": "no-referrer",
		"Cache-Control": "no-store",
		...headers,
	});
	response.end(request.method === "HEAD" ? undefined : body);
}

/** The document a URL names: a key to look up, never a path to open. */
function documentName(url: string): string | undefined {
	try {
		const [path = "/"] = url.split(/[?#]/);
		const name = decodeURIComponent(path).replace(/^\//, "");
		return name === "" ? "index.html" : name;
	} catch {
		return undefined;
	}
}

/** Refuses other host names (DNS rebinding): the browser would let that site read the answers. */
export function isAllowedHost(
	header: string | undefined,
	host: string | undefined,
): boolean {
	if (host === "0.0.0.0" || host === "::") return true;
	const name = (header ?? "").replace(/:\d+$/, "").toLowerCase();
	const names = ["localhost", "127.0.0.1", "[::1]"];
	if (host) names.push(host.toLowerCase(), `[${host.toLowerCase()}]`);
	return names.includes(name);
}
