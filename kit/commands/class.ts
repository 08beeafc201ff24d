/** `npm run class`: the instructor's board, with where each learner is, and who needs help. */

import type { Server } from "node:http";
import { type AddressInfo, isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { parseArgs } from "node:util";
import { renderUnicodeCompact } from "uqr";
import { type Board, openBoard, toSave } from "../class/board/board.ts";
import { keepFiles } from "../class/board/files.ts";
import { inviting } from "../class/board/page.ts";
import { receiver } from "../class/board/receive.ts";
import { gather, readSaved } from "../class/board/saved.ts";
import { shower } from "../class/board/show.ts";
import { USUAL_PORT, withoutUsualPort } from "../class/member.ts";
import {
	CommandError,
	colours,
	wrapToTerminal,
	write,
} from "../cli/terminal.ts";
import { isFile } from "../steps/files.ts";
import { rejectOptionsTakenByNpm } from "../steps/request.ts";

const USAGE =
	"npm run class -- [--address ADDRESS] [--save FILE] [--port N]   or   npm run class -- --from FOLDER [--save FILE] [--port N]";

interface Wishes {
	/** Under which address the learners reach this machine. */
	address?: string;
	/** Where the board is kept. */
	save?: string;
	/** A folder of results, instead of a network. */
	from?: string;
	/** The learners' port; the board has the next one. */
	port: number;
}

export async function main(args: string[]): Promise<number> {
	const wishes = parse(args);
	return wishes.from === undefined
		? openClass(wishes)
		: showFiles(wishes.from, wishes);
}

function parse(args: string[]): Wishes {
	rejectOptionsTakenByNpm(["address", "save", "from", "port"], USAGE);
	try {
		const { values } = parseArgs({
			args,
			options: {
				address: { type: "string" },
				save: { type: "string" },
				from: { type: "string" },
				port: { type: "string", default: String(USUAL_PORT) },
			},
		});
		const { port, ...others } = values;
		if (!/^\d+$/.test(port) || Number(port) > 65534)
			throw new Error(`--port ${port} is not a port: 1 to 65534`);
		for (const [name, value] of Object.entries(others))
			if (value === "") throw new Error(`--${name} needs a value`);
		return { ...others, port: Number(port) };
	} catch (error) {
		const [problem] = (error as Error).message.split(". ");
		throw new CommandError(2, `${problem}.\nUsage: ${USAGE}`);
	}
}

/** The board of a class in this room. */
async function openClass({ address, save, port }: Wishes): Promise<number> {
	const board = openBoard(save && isFile(save) ? readSaved(save) : undefined);
	const files = save === undefined ? undefined : keepFiles(save, toSave(board));
	const changed = () => {
		files?.changed(toSave(board));
		soon();
	};
	const { server, refresh } = shower({ board, now: Date.now, changed });
	const soon = onceIn(100, refresh);
	const learners = receiver(board.word, board.roster, {
		received: changed,
		forgot: changed,
		reachedAs: (host) => {
			if (host) board.address ??= host;
		},
	});
	const joinPort = await listen(learners, port, "0.0.0.0");
	const boardPort = await listen(server, port && port + 1, boardAddress());
	board.address = ownAddress(address, joinPort);
	write(1, opening(board, boardPort, save));
	await ending();
	await Promise.all([close(learners), close(server)]);
	if (files) write(1, files.finish(toSave(board)));
	return 0;
}

/** The same board of results that came as files. */
async function showFiles(
	from: string,
	{ port, save }: Wishes,
): Promise<number> {
	let gathered = gather(from);
	const board = openBoard(undefined, gathered.learners);
	const { server, refresh } = shower({
		board,
		now: () => gathered.now,
		changed: () => refresh(),
	});
	const boardPort = await listen(server, port && port + 1, boardAddress());
	const { length } = gathered.learners;
	const refused = gathered.refused.map((name) => `  ${name} holds no result\n`);
	write(
		1,
		`${length} ${length === 1 ? "learner" : "learners"} in ${from}\n${refused.join("")}The board: ${urlOf(board, boardPort)}\nA file that is added is shown, too. End it with Ctrl-C.\n`,
	);
	const files = save === undefined ? undefined : keepFiles(save, toSave(board));
	// Files are added by hand.
	const timer = setInterval(() => {
		gathered = gather(from);
		for (const { message, received } of gathered.learners)
			board.roster.receive(message, received);
		files?.changed(toSave(board));
	}, 2_000);
	await ending();
	clearInterval(timer);
	await close(server);
	if (files) write(1, files.finish(toSave(board)));
	return 0;
}

/** In Docker, connections come from the container's network: Compose publishes the port on the machine's loopback address only. */
function boardAddress(): string {
	return isInDocker() ? "0.0.0.0" : "127.0.0.1";
}

function isInDocker(): boolean {
	return process.env.WORKSHOP_SANDBOX === "docker";
}

/** The given address, else the machine's first one. A container does not know its machine's. */
function ownAddress(
	given: string | undefined,
	port: number,
): string | undefined {
	if (given) return /:\d+$/.test(given) ? given : `${given}:${port}`;
	if (isInDocker()) return undefined;
	const all = Object.values(networkInterfaces()).flatMap((it) => it ?? []);
	const own = all.find(({ internal, address }) => !internal && isIPv4(address));
	return `${own?.address ?? "127.0.0.1"}:${port}`;
}

function urlOf({ key }: Board, port: number): string {
	return `http://localhost:${port}/?key=${key}`;
}

function opening(board: Board, port: number, save?: string): string {
	const { bold, cyan, dim } = colours(1);
	const { address, word } = board;
	const unknown =
		"A container can't see the address of its machine. Look it up (Linux: hostname -I; macOS: ipconfig getifaddr en0; Windows: ipconfig), and add it: --address 192.168.1.20";
	const kept = save
		? `Kept in ${save}: after a restart with it, all are there again.`
		: "Everything is gone when it ends. To keep it: --save steps/class.json";
	return [
		`${bold("The class is open.")}\n\n`,
		`  Learners type  ${cyan(`npm run join ${withoutUsualPort(address ?? "ADDRESS")} ${word} NAME`)}\n`,
		`  The board      ${cyan(urlOf(board, port))}\n\n`,
		address
			? `${code(inviting(address, word))}\n`
			: wrapToTerminal(1, `${unknown}\n`),
		dim(wrapToTerminal(1, `${kept}\nEnd it with Ctrl-C.\n`)),
	].join("");
}

/** Its light modules are drawn: white on black, whatever the terminal's colours. */
function code(text: string): string {
	const { bgBlack, white } = colours(1);
	return renderUnicodeCompact(text, { border: 2 })
		.split("\n")
		.map((line) => `  ${bgBlack(white(line))}\n`)
		.join("");
}

async function listen(
	server: Server,
	port: number,
	address: string,
): Promise<number> {
	return new Promise((done, fail) => {
		server.once("error", ({ code, message }: NodeJS.ErrnoException) =>
			fail(
				new CommandError(
					1,
					code === "EADDRINUSE"
						? `Port ${port} is in use. Is a board open already? Choose another one: npm run class -- --port ${port + 2}`
						: `Nothing can be served on ${address}, port ${port}: ${message}`,
				),
			),
		);
		server.listen(port, address, () =>
			done((server.address() as AddressInfo).port),
		);
	});
}

function ending(): Promise<void> {
	return new Promise((done) => {
		for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
			process.once(signal, () => done());
	});
}

function close(server: Server): Promise<void> {
	return new Promise((done) => {
		server.close(() => done());
		server.closeAllConnections();
	});
}

/** Calls a function a moment after the first of several requests for it. */
function onceIn(delay: number, act: () => void): () => void {
	let waits = false;
	return () => {
		if (waits) return;
		waits = true;
		setTimeout(() => {
			waits = false;
			act();
		}, delay);
	};
}
