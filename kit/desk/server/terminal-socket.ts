/** A page's connection to a terminal. */

import type { WebSocket } from "ws";
import type { ToTerminal } from "../protocol.ts";
import { CODES } from "./codes.ts";
import { readTerminalMessage } from "./messages.ts";
import type { Terminal, Viewer } from "./terminals.ts";

export function connectTerminal(
	socket: WebSocket,
	terminal: Terminal | undefined,
): void {
	if (!terminal) {
		socket.close(CODES.noTerminal);
		return;
	}
	const say = (message: ToTerminal) => socket.send(JSON.stringify(message));
	const viewer: Viewer = {
		show: (output) => socket.send(output),
		ended(status) {
			say({ type: "ended", status });
			socket.close(CODES.noTerminal);
		},
		taken: () => socket.close(CODES.taken),
	};
	const shown = terminal.view(viewer);
	say({ type: "begin", replay: shown.length });
	if (shown.length > 0) socket.send(shown);

	socket.on("message", (data: Buffer, binary) => {
		if (binary) return terminal.type(data);
		const message = readTerminalMessage(String(data));
		if (!message) return socket.close(CODES.notUnderstood);
		if (message.type === "ack") terminal.acknowledge(message.bytes);
		else terminal.resize(message.columns, message.rows);
	});
	socket.on("close", () => terminal.leave(viewer));
}
