/**
 * What the local network reaches: it takes the learners' messages, and tells
 * whoever asks with a browser what to type. It has nothing to read.
 */

import { createHash, randomInt, timingSafeEqual } from "node:crypto";
import {
	createServer,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from "node:http";
import { escapeHtml } from "../../book/escape.ts";
import { withoutUsualPort } from "../member.ts";
import { LONGEST, type Message } from "../message.ts";
import { SEEN_TO, TAKEN } from "../send.ts";
import { readMessage } from "./accept.ts";
import { type Rate, rate } from "./rate.ts";
import { MOST_LEARNERS, type Roster } from "./roster.ts";

/** A learner may send this often; a check takes longer. */
const PER_LEARNER = () => rate(20, 1);

/** All of them together. */
const ALL = () => rate(400, 100);

/** Wrong words: enough for thirty typing errors, too few to guess one. */
const WRONG_WORDS = () => rate(60, 1);

/** A request that takes longer is given up. */
const PATIENCE_MS = 5_000;

const CONNECTIONS = 400;

interface Events {
	received(message: Message): void;
	forgot(id: string): void;
	/** Under which name a learner has reached this machine. */
	reachedAs(host: string): void;
}

export function receiver(
	word: string,
	roster: Roster,
	events: Events,
	now: () => number = Date.now,
): Server {
	const rates = new Map<string, Rate>();
	const [all, wrongWords] = [ALL(), WRONG_WORDS()];
	const server = createServer(
		{
			requestTimeout: PATIENCE_MS,
			headersTimeout: PATIENCE_MS,
			connectionsCheckingInterval: 1_000,
			maxHeaderSize: 4096,
		},
		(request, response) => {
			const { method, url = "" } = request;
			const [path, query] = url.split("?");
			if (method === "GET" && path === "/" && /^(word=|$)/.test(query ?? ""))
				return sayWhatToType(new URLSearchParams(query).get("word"));
			const [, id] = /^\/message(?:\/([0-9a-f]{16}))?$/.exec(url) ?? [];
			const sends = method === "POST" && url === "/message";
			if (!sends && !(method === "DELETE" && id))
				return answer(response, 404, "There is no such page.\n");
			if (!knowsWord(request, word))
				return wrongWords.take(now())
					? answer(response, 403, "The word is wrong.\n")
					: answer(response, 429, "Too many wrong words.\n");
			if (!all.take(now())) return answer(response, 429, "Too much.\n");
			events.reachedAs(hostOf(request));
			if (id) {
				roster.forget(id);
				rates.delete(id);
				events.forgot(id);
				return answer(response, 204);
			}
			readBody(request, (text) => take(response, text));

			function sayWhatToType(given: string | null) {
				answer(response, 200, invitation(request, given), "text/html");
			}
		},
	);
	server.maxConnections = CONNECTIONS;
	server.on("clientError", (_, socket) => socket.destroy());
	return server;

	function take(response: ServerResponse, text: string | undefined) {
		if (text === undefined)
			return answer(response, 413, `A message has ${LONGEST} bytes at most.\n`);
		const message = readMessage(text);
		if (!message) return answer(response, 400, "This is no message.\n");
		const own = rates.get(message.id) ?? PER_LEARNER();
		if (rates.size < 2 * MOST_LEARNERS) rates.set(message.id, own);
		if (!own.take(now())) return answer(response, 429, "Too much.\n");
		if (!roster.receive(message, now()))
			return answer(response, 503, "The class is full.\n");
		events.received(message);
		answer(response, roster.hasSeen(message) ? SEEN_TO : TAKEN);
	}
}

/** A word that is easily said and typed: "kolibu". */
export function newWord(): string {
	const pick = (letters: string) => letters[randomInt(letters.length)] ?? "";
	const syllable = () => pick("bdfgklmnprstvz") + pick("aeiou");
	return `${syllable()}${syllable()}${syllable()}`;
}

function knowsWord({ headers }: IncomingMessage, word: string): boolean {
	const hash = (text: string) => createHash("sha256").update(text).digest();
	const given = (headers.authorization ?? "").toLowerCase();
	return timingSafeEqual(
		hash(given),
		hash(`bearer ${encodeURIComponent(word)}`.toLowerCase()),
	);
}

/** @param done gets undefined for a body that is too long */
function readBody(
	request: IncomingMessage,
	done: (text: string | undefined) => void,
) {
	const chunks: Buffer[] = [];
	let length = 0;
	request.on("data", (chunk: Buffer) => {
		length += chunk.length;
		if (length > LONGEST) {
			request.removeAllListeners("data");
			request.resume();
			return done(undefined);
		}
		chunks.push(chunk);
	});
	request.on("end", () => {
		if (length <= LONGEST) done(Buffer.concat(chunks).toString("utf8"));
	});
	request.on("error", () => {});
}

function answer(
	response: ServerResponse,
	status: number,
	body = "",
	type = "text/plain",
): void {
	response.writeHead(status, {
		"Content-Type": `${type}; charset=utf-8`,
		"Content-Security-Policy":
			"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
		"X-Content-Type-Options": "nosniff",
		"Cache-Control": "no-store",
		// A connection that is kept takes one of few.
		Connection: "close",
	});
	response.end(body);
}

/** The host's name or number, with its port, as the client has it. */
function hostOf({ headers }: IncomingMessage): string {
	const { host = "" } = headers;
	return /^[\w.:[\]-]{1,255}$/.test(host) ? host : "";
}

/** What the QR code leads to. The word is the one that the code had, right or wrong. */
function invitation(request: IncomingMessage, given: string | null): string {
	const word = /^[a-z]{1,20}$/.exec(given ?? "")?.[0];
	const address = escapeHtml(withoutUsualPort(hostOf(request))) || "ADDRESS";
	return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Join the class</title>
<style>body { font: 1.2rem/1.5 sans-serif; margin: 2rem auto; padding: 0 1rem; max-width: 40rem } code { font-size: 1.2em; overflow-wrap: anywhere }</style>
<h1>Join the class</h1>
<p>Type this in your dev container. ${word ? "" : "The word is on the instructor's screen. "}In place of NAME, write yours:</p>
<p><code>npm run join ${address} ${word ?? "WORD"} NAME</code></p>
<p>From then on, each check sends where you are: your name, your steps, and which requirements failed. It never sends your code. <code>npm run leave</code> ends it.</p>
</html>
`;
}
