/** `npm run book`: the pages as a small book, served on this machine or written to a folder. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { isInDocker, readPort, serveUntilEnd } from "../book/listen.ts";
import { openLive } from "../book/live.ts";
import { bookServer } from "../book/serve.ts";
import { makeSite } from "../book/site.ts";
import { CommandError, wrapToTerminal, write } from "../cli/terminal.ts";
import { stateOf } from "../steps/progress.ts";
import { rejectOptionsTakenByNpm } from "../steps/request.ts";

const USAGE =
	"npm run book   or   npm run book -- [--port N] [--host NAME]   or   npm run book -- --out DIR";

/** The container can't see whether its port is published. */
const PUBLISHED = `The address works on your machine if the dev container was opened with its port:
  docker compose run --rm --service-ports dev
Docker may give it another port, up to 4019: docker ps shows which.
`;

export async function main(args: string[]): Promise<number> {
	const { out, port, host } = parse(args);
	if (out !== undefined) return writeBook(out);
	return serveBook(port, host);
}

function parse(args: string[]): { out?: string; port: number; host?: string } {
	rejectOptionsTakenByNpm(["out", "port", "host"], USAGE);
	try {
		const { out, port, host } = parseArgs({
			args,
			options: {
				out: { type: "string" },
				port: { type: "string", default: "4000" },
				host: { type: "string" },
			},
		}).values;
		if (out === "" || host === "")
			throw new Error(`--${out === "" ? "out" : "host"} needs a value`);
		return { out, host, port: readPort(port) };
	} catch (error) {
		const [problem] = (error as Error).message.split(". ");
		throw new CommandError(2, `${problem}.\nUsage: ${USAGE}`);
	}
}

function writeBook(out: string): number {
	const documents = [...makeSite().documents].map(
		([name, make]) => [name, make()] as const,
	);
	try {
		mkdirSync(out, { recursive: true });
		for (const [name, html] of documents) writeFileSync(join(out, name), html);
	} catch (error) {
		throw new CommandError(
			1,
			`The book can't be written to ${out}: ${(error as Error).message}`,
		);
	}
	write(
		1,
		`${documents.length} files. Open ${resolve(out, "index.html")} in a browser.\n`,
	);
	return 0;
}

async function serveBook(port: number, host?: string): Promise<number> {
	// Report a faulty page now, and not to the first reader.
	for (const make of makeSite().documents.values()) make();
	const live = openLive();
	const site = () =>
		makeSite(({ step }) => step && stateOf(step), undefined, live.picture);
	const server = bookServer(site, host, live);

	const service = { name: "book", command: "npm run book" };
	const begin = (address: string) => {
		write(1, `The book: ${address}/\n`);
		if (isInDocker()) write(1, wrapToTerminal(1, PUBLISHED));
		write(1, "End it with Ctrl-C.\n");
	};
	return serveUntilEnd(server, service, { port, host }, begin, () => {
		server.close();
		server.closeAllConnections();
	});
}
