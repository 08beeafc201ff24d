/** The desk's WebSockets: which may be opened, how large their messages are, and when a silent one ends. */

import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { type Admission, findRefusal } from "./admit.ts";
import { CODES } from "./codes.ts";
import { type Desk, LIMITS, type Tab } from "./desk.ts";
import { connectLanguageServer } from "./lsp.ts";
import { readDeskMessage } from "./messages.ts";
import { connectTerminal } from "./terminal-socket.ts";
import type { Terminals } from "./terminals.ts";

/** A tab has three or more; a few tabs are enough. */
const MOST_SOCKETS = 32;

/** A page that answers no ping for so long is gone, without a goodbye. */
const PING_MS = 15_000;

/** What may wait to be sent: a page that reads nothing for so long is gone, too. */
const MOST_WAITING = 8 * 1024 * 1024;

export function acceptSockets(
	server: Server,
	admission: Admission,
	desk: Desk,
	terminals: Terminals,
): () => void {
	const [desks, terms, languages] = [
		LIMITS.desk,
		LIMITS.terminal,
		LIMITS.lsp,
	].map(
		(maxPayload) =>
			new WebSocketServer({
				noServer: true,
				maxPayload,
				perMessageDeflate: false,
			}),
	) as [WebSocketServer, WebSocketServer, WebSocketServer];
	const open = new Set<WebSocket>();

	server.on("upgrade", (request: IncomingMessage, socket: Duplex, head) => {
		socket.on("error", () => socket.destroy());
		const refusal = request.headers.origin
			? findRefusal(request, admission)
			: "A WebSocket without an Origin is no browser's.\n";
		if (refusal !== undefined) return refuse(socket, "403 Forbidden", refusal);
		const { url = "" } = request;
		const [, id] = /^\/terminal\/(\w+)$/.exec(url) ?? [];
		const accept = (sockets: WebSocketServer, use: (it: WebSocket) => void) =>
			sockets.handleUpgrade(request, socket, head, (it) => {
				it.on("error", () => it.terminate());
				if (open.size >= MOST_SOCKETS) return it.close(CODES.tooMany);
				keep(open, it);
				use(it);
			});
		if (url === "/desk") accept(desks, (it) => connectTab(it, desk));
		else if (url === "/lsp") accept(languages, connectLanguageServer);
		else if (id) accept(terms, (it) => connectTerminal(it, terminals.find(id)));
		else refuse(socket, "404 Not Found", "There is no such WebSocket.\n");
	});
	return () => {
		for (const it of open) it.terminate();
	};
}

/** Ends a socket whose page is gone. */
function keep(open: Set<WebSocket>, socket: WebSocket): void {
	let answered = true;
	open.add(socket);
	socket.on("pong", () => {
		answered = true;
	});
	const timer = setInterval(() => {
		if (!answered || socket.bufferedAmount > MOST_WAITING)
			return socket.terminate();
		answered = false;
		socket.ping();
	}, PING_MS);
	socket.on("close", () => {
		clearInterval(timer);
		open.delete(socket);
	});
}

function refuse(socket: Duplex, status: string, words: string): void {
	socket.end(
		`HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(words)}\r\nConnection: close\r\n\r\n${words}`,
	);
}

function connectTab(socket: WebSocket, desk: Desk): void {
	const tab: Tab = {
		send: (message) => socket.send(JSON.stringify(message)),
	};
	socket.on("message", (data, binary) => {
		const message = binary ? undefined : readDeskMessage(String(data));
		if (message) desk.receive(tab, message);
		else
			socket.close(CODES.notUnderstood, "This is none of the desk's messages.");
	});
	socket.on("close", () => desk.leave(tab));
	desk.connect(tab);
}
