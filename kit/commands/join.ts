/** `npm run join ADDRESS WORD NAME`: from now on each check tells the instructor's board where the learner is. */

import { randomBytes } from "node:crypto";
import { lookup } from "node:dns/promises";
import {
	type Board,
	keepMembership,
	membership,
	SENT,
	USUAL_PORT,
} from "../class/member.ts";
import { messageOf, textOf } from "../class/message.ts";
import { SEEN_TO, send, TAKEN } from "../class/send.ts";
import {
	CommandError,
	colours,
	wrapToTerminal,
	write,
} from "../cli/terminal.ts";
import { parseWords } from "../steps/request.ts";

const USAGE = "npm run join ADDRESS WORD NAME";

const LONGEST_NAME = 40;

/** Somebody waits for this answer, as nobody does for those after it. */
const ANSWER_MS = 5_000;

export async function main(args: string[]): Promise<number> {
	const { words } = parseWords(args, [], USAGE);
	const [address, word, ...rest] = words;
	const name = readName(rest.join(" "));
	if (!address || !word || !name)
		throw new CommandError(
			2,
			`The address and the word are on the instructor's screen; the name is yours.\nUsage: ${USAGE}`,
		);
	const board = await findBoard(address, word);
	const id = membership()?.id ?? randomBytes(8).toString("hex");
	const member = { ...membership(), id, name, board };
	const status = await send(board, textOf(messageOf(member)), ANSWER_MS);
	if (status !== TAKEN && status !== SEEN_TO)
		throw new CommandError(1, refusal(status, board));
	try {
		keepMembership(member);
	} catch (error) {
		throw new CommandError(
			1,
			`steps/.class.json can't be written: ${(error as Error).message}`,
		);
	}
	const { bold, cyan } = colours(1);
	write(
		1,
		wrapToTerminal(
			1,
			`${bold(`You have joined the class as ${name}.`)}\nEach check and each hint sends to ${shown(board)}: ${SENT}.\nIn npm run watch, the key u raises your hand. To leave: ${cyan("npm run leave")}\n`,
		),
	);
	return 0;
}

/** Without control characters, as the board accepts it. */
export function readName(text: string): string {
	const name = text.replace(/\p{C}/gu, "").trim();
	return [...name].slice(0, LONGEST_NAME).join("").trim();
}

export function shown({ host, port }: Board): string {
	return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The board at an address as it stands on the screen, or as a browser's address bar has it. */
async function findBoard(address: string, word: string): Promise<Board> {
	const text = /^https?:\/\//.test(address) ? address : `http://${address}`;
	if (!URL.canParse(text))
		throw new CommandError(
			2,
			`${JSON.stringify(address)} is no address.\nUsage: ${USAGE}`,
		);
	const { hostname, port } = new URL(text);
	try {
		const found = await lookup(hostname.replace(/^\[(.*)\]$/, "$1"));
		return { host: found.address, port: Number(port) || USUAL_PORT, word };
	} catch (error) {
		throw new CommandError(
			1,
			`There is no host ${hostname} here (${(error as NodeJS.ErrnoException).code}). Use the number that the instructor's screen shows.`,
		);
	}
}

function refusal(status: number | undefined, board: Board): string {
	if (status === undefined)
		return `No board answers at ${shown(board)}. Are you in the same network as the instructor? Where the network keeps its clients apart, type: npm run result NAME`;
	if (status === 403)
		return `The board at ${shown(board)} does not know the word ${JSON.stringify(board.word)}. Read it again from the instructor's screen.`;
	if (status === 429) return "The board is busy. Try again in a minute.";
	if (status === 503) return "The board is full. Tell your instructor.";
	return `What answers at ${shown(board)} is no board, or one of another version (status ${status}).`;
}
