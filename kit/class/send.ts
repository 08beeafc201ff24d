/** Sends a message to the board. Loaded by whoever has joined, and by nobody else. */

import { type RequestOptions, request } from "node:http";
import type { Board } from "./member.ts";

/** A message takes no longer. A board that is gone must not be felt. */
export const SEND_MS = 300;

/** The board's answers to a message: it has it, and: the instructor has seen to the raised hand in it. */
export const TAKEN = 204;
export const SEEN_TO = 205;

/** @returns the answer's status; undefined if there was none in time */
export function send(
	board: Board,
	text: string,
	limit = SEND_MS,
): Promise<number | undefined> {
	return ask(board, { method: "POST", path: "/message" }, text, limit);
}

/** Asks the board to forget a learner. */
export function sendFarewell(
	board: Board,
	id: string,
	limit = SEND_MS,
): Promise<number | undefined> {
	return ask(board, { method: "DELETE", path: `/message/${id}` }, "", limit);
}

function ask(
	{ host, port, word }: Board,
	options: RequestOptions,
	body: string,
	limit: number,
): Promise<number | undefined> {
	return new Promise((resolve) => {
		const asked = request({
			...options,
			host,
			port,
			// Neither a connection that is kept nor a proxy out of the environment.
			agent: false,
			headers: {
				Authorization: `Bearer ${encodeURIComponent(word)}`,
				"Content-Type": "application/json",
				"Content-Length": Buffer.byteLength(body),
			},
		});
		const timer = setTimeout(() => asked.destroy(), limit);
		asked.on("response", (response) => {
			resolve(response.statusCode);
			response.resume();
			asked.destroy();
		});
		asked.on("error", () => {});
		asked.on("close", () => {
			clearTimeout(timer);
			resolve(undefined);
		});
		asked.end(body);
	});
}
