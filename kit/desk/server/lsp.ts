/**
 * TypeScript's own language server for the desk's editor. One runs at a time, for
 * the tab that connected last: it takes as much memory as the rest of the desk.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { setPriority } from "node:os";
import { join } from "node:path";
import type { WebSocket } from "ws";
import { HOME } from "../../steps/catalog.ts";
import { CODES } from "./codes.ts";

/** What may wait for a slow page, before the language server is held back. */
const MOST_WAITING = 4 * 1024 * 1024;

/** The memory that Go may keep is traded for its time: a container.ts is small. */
const ENVIRONMENT = { GOGC: "50", GOMAXPROCS: "2" };

let shown: WebSocket | undefined;

export function connectLanguageServer(socket: WebSocket): void {
	shown?.close(CODES.taken);
	shown = socket;
	const server = startServer();
	const end = () => {
		server.kill("SIGKILL");
		if (shown === socket) shown = undefined;
	};
	socket.on("close", end);
	// The page connects again, which starts another one.
	server.on("error", () => socket.close(1011));
	server.on("exit", () => socket.close(1011));

	const { stdin, stdout } = server;
	if (!stdin || !stdout) return;
	stdin.on("error", () => {});
	stdin.on("drain", () => socket.resume());
	socket.on("message", (data: Buffer, binary) => {
		if (binary) return socket.close(CODES.notUnderstood);
		stdin.write(`Content-Length: ${data.length}\r\n\r\n`);
		if (!stdin.write(data)) socket.pause();
	});
	const read = bodyReader((body) =>
		socket.send(body, { binary: false }, () => stdout.resume()),
	);
	stdout.on("data", (chunk: Buffer) => {
		read(chunk);
		if (socket.bufferedAmount > MOST_WAITING) stdout.pause();
	});
}

/** The program itself: the script in node_modules/.bin is Node, which would only wait for it. */
function startServer(): ChildProcess {
	const platform = `typescript-${process.platform}-${process.arch}`;
	const server = spawn(
		join(HOME, "node_modules/@typescript", platform, "lib/tsc"),
		["--lsp", "--stdio"],
		{
			cwd: HOME,
			env: { ...process.env, ...ENVIRONMENT },
			stdio: ["pipe", "pipe", "ignore"],
		},
	);
	// The grader comes first.
	if (server.pid) setPriority(server.pid, 5);
	return server;
}

/** Takes a stream of messages with their headers apart. */
export function bodyReader(
	found: (body: Buffer) => void,
): (chunk: Buffer) => void {
	let chunks: Buffer[] = [];
	let [size, wanted] = [0, 0];
	return (chunk) => {
		chunks.push(chunk);
		size += chunk.length;
		// A long body comes in many chunks, which are joined once it is complete.
		while (size > 0 && size >= wanted) {
			const all = Buffer.concat(chunks);
			const end = all.indexOf("\r\n\r\n");
			chunks = [all];
			if (end < 0) return;
			const [, length] =
				/^Content-Length: (\d+)/im.exec(all.toString("latin1", 0, end)) ?? [];
			const [from, to] = [end + 4, end + 4 + Number(length)];
			wanted = to;
			if (size < to) return;
			found(all.subarray(from, to));
			chunks = [all.subarray(to)];
			size -= to;
			wanted = 0;
		}
	};
}
