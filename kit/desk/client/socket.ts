/** A WebSocket to the desk's server that connects again by itself, as long as the server has not ended it for good. */

import type { Closed } from "../protocol.ts";

export interface Socket {
	/** Sends if there is a connection, and says whether there was. */
	send(data: string | Uint8Array<ArrayBuffer>): boolean;
	/** Connects again, after the server has ended the connection. */
	reconnect(): void;
	/** Ends it for good. */
	close(): void;
}

export interface Handlers {
	opened?(): void;
	received(data: string | ArrayBuffer): void;
	/** `code` is set if the server has ended it for good. */
	lost?(code?: Closed): void;
}

const FOR_GOOD = [4001, 4004, 4008, 1008, 1009];
const [FIRST_RETRY_MS, LAST_RETRY_MS] = [250, 2000];

export function openSocket(path: string, handlers: Handlers): Socket {
	let socket: WebSocket | undefined;
	let wait = FIRST_RETRY_MS;
	let timer = 0;
	let over = false;

	const connect = () => {
		clearTimeout(timer);
		const mine = new WebSocket(path);
		socket = mine;
		mine.binaryType = "arraybuffer";
		mine.onopen = () => {
			wait = FIRST_RETRY_MS;
			handlers.opened?.();
		};
		mine.onmessage = ({ data }) => {
			if (mine === socket) handlers.received(data);
		};
		mine.onclose = ({ code }) => {
			if (over || mine !== socket) return;
			socket = undefined;
			if (FOR_GOOD.includes(code)) return handlers.lost?.(code as Closed);
			handlers.lost?.();
			timer = window.setTimeout(connect, wait);
			wait = Math.min(wait * 2, LAST_RETRY_MS);
		};
	};
	connect();

	return {
		send(data) {
			if (socket?.readyState !== WebSocket.OPEN) return false;
			socket.send(data);
			return true;
		},
		reconnect() {
			if (!socket && !over) connect();
		},
		close() {
			over = true;
			clearTimeout(timer);
			socket?.close();
		},
	};
}
