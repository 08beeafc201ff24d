/** `npm run leave`: ends `npm run join`. Nothing is sent any more, and the board forgets the learner. */

import { endMembership, membership } from "../class/member.ts";
import { sendFarewell } from "../class/send.ts";
import { CommandError, write } from "../cli/terminal.ts";
import { parseWords } from "../steps/request.ts";

const USAGE = "npm run leave";

const ANSWER_MS = 2_000;

export async function main(args: string[]): Promise<number> {
	const { words } = parseWords(args, [], USAGE);
	if (words.length > 0)
		throw new CommandError(2, `It takes no words.\nUsage: ${USAGE}`);
	const member = membership();
	endMembership();
	const left = "You have left the class. Nothing is sent any more.";
	if (!member?.board) {
		write(1, member ? `${left}\n` : "You are in no class.\n");
		return 0;
	}
	const status = await sendFarewell(member.board, member.id, ANSWER_MS);
	write(
		1,
		status === 204
			? `${left} The board has forgotten you.\n`
			: `${left} The board did not answer: it may still show you.\n`,
	);
	return 0;
}
