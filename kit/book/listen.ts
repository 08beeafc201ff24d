/** How the book and the desk are served: on which address, until when. */

import type { AddressInfo, Server } from "node:net";
import { CommandError } from "../cli/terminal.ts";

/** @throws an Error with words for the learner */
export function readPort(port: string): number {
	if (!/^\d+$/.test(port) || Number(port) > 65535)
		throw new Error(`--port ${port} is not a port: 1 to 65535`);
	return Number(port);
}

/** What is served, in the words of its messages: "book" and "npm run book". */
export interface Service {
	name: string;
	command: string;
}

/**
 * Serves until Ctrl-C or a signal.
 *
 * @param begin called when it listens, with its address: "http://localhost:4000"
 * @param end closes what the server needs
 */
export function serveUntilEnd(
	server: Server,
	{ name, command }: Service,
	{ port, host }: { port: number; host?: string },
	begin: (address: string) => void,
	end: () => void,
): Promise<number> {
	// In Docker, connections come from the container's network: the port is published
	// on the host's loopback address only. Elsewhere only this machine may connect.
	const address = isInDocker() ? "0.0.0.0" : (host ?? "127.0.0.1");
	return new Promise((done, fail) => {
		server.on("error", ({ code, message }: NodeJS.ErrnoException) =>
			fail(
				new CommandError(
					1,
					code === "EADDRINUSE"
						? `Port ${port} is in use. Choose another one: ${command} -- --port ${port + 1}`
						: `The ${name} can't be served on ${address}, port ${port}: ${message}`,
				),
			),
		);
		server.listen(port, address, () => {
			const { port } = server.address() as AddressInfo;
			const wildcard =
				host === undefined || host === "0.0.0.0" || host === "::";
			const known = wildcard ? "localhost" : host;
			const shown = known.includes(":") ? `[${known}]` : known;
			begin(`http://${shown}:${port}`);
		});
		server.once("close", () => done(0));
		process.once("SIGINT", end);
		process.once("SIGTERM", end);
	});
}

export function isInDocker(): boolean {
	return process.env.WORKSHOP_SANDBOX === "docker";
}
