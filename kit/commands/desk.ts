/** `npm run desk`: the whole workshop in one browser tab, served on this machine. */

import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { isInDocker, readPort, serveUntilEnd } from "../book/listen.ts";
import { CommandError, wrapToTerminal, write } from "../cli/terminal.ts";
import { loadBundle } from "../desk/bundle.ts";
import { deskServer } from "../desk/server/serve.ts";
import { OPEN, requireHost } from "../host/requirements.ts";
import { prepareRootfs } from "../host/rootfs.ts";
import { rejectOptionsTakenByNpm } from "../steps/request.ts";

const USAGE = "npm run desk   or   npm run desk -- [--port N] [--host NAME]";

/** The command that opens the dev container with the desk in it. */
const UP = "docker compose up";

/** The container can't see whether its port is published. */
const PUBLISHED = `The address works on your machine if the dev container was opened with its port. Leave the container, and type: ${UP}
`;

const TO_OTHERS = `With --host, other machines may reach the desk, too. Whoever reaches it and has the key is root here. The key and all that you type cross the network as plain text: use it only in a network that you trust.
`;

export async function main(args: string[]): Promise<number> {
	const { port, host } = parse(args);
	requireDevContainer();
	prepareRootfs(() => write(2, "Making a root file system, once…\n"));
	const { key, ended, published } = readEnvironment();
	const notice = ended && `${ended} Terminals that were open are gone.`;
	const bundle = await loadBundle();
	const { server, close } = deskServer({ key, host }, bundle, notice);

	const service = { name: "desk", command: "npm run desk" };
	const begin = (address: string) => {
		const there = published
			? address.replace(/:\d+$/, `:${published}`)
			: address;
		if (ended) write(2, wrapToTerminal(2, `${ended}\n`));
		write(1, `The desk: ${there}/?key=${key}\n`);
		if (isInDocker() && !published) write(1, wrapToTerminal(1, PUBLISHED));
		if (host) write(2, wrapToTerminal(2, TO_OTHERS));
		write(1, "Open it in a browser. End it with Ctrl-C.\n");
	};
	process.once("SIGHUP", close);
	try {
		return await serveUntilEnd(server, service, { port, host }, begin, close);
	} catch (error) {
		close();
		throw error;
	}
}

function parse(args: string[]): { port: number; host?: string } {
	rejectOptionsTakenByNpm(["port", "host"], USAGE);
	try {
		const { port, host } = parseArgs({
			args,
			options: {
				port: { type: "string", default: "4000" },
				host: { type: "string" },
			},
		}).values;
		if (host === "") throw new Error("--host needs a value");
		return { host, port: readPort(port) };
	} catch (error) {
		const [problem] = (error as Error).message.split(". ");
		throw new CommandError(2, `${problem}.\nUsage: ${USAGE}`);
	}
}

/** As for a step. The dev container that has the desk is opened by another command. */
function requireDevContainer(): void {
	try {
		requireHost();
	} catch (error) {
		if (!(error instanceof CommandError)) throw error;
		const { exitStatus, message } = error;
		throw new CommandError(exitStatus, message.replaceAll(OPEN, UP));
	}
}

/** What the dev container's PID 1 and compose.yaml tell the desk. No process that it starts inherits that. */
function readEnvironment(): {
	key: string;
	ended?: string;
	published?: string;
} {
	const { WORKSHOP_KEY, WORKSHOP_ENDED, WORKSHOP_PORT } = process.env;
	delete process.env.WORKSHOP_KEY;
	delete process.env.WORKSHOP_ENDED;
	delete process.env.WORKSHOP_PORT;
	return {
		key: WORKSHOP_KEY || randomUUID(),
		ended: WORKSHOP_ENDED || undefined,
		published: WORKSHOP_PORT || undefined,
	};
}
