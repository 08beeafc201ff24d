/** `npm run result [NAME]`: what the board would be sent, in a file and as one line, for a network that keeps its clients apart. */

import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { keepMembership, membership } from "../class/member.ts";
import { messageOf, textOf } from "../class/message.ts";
import {
	CommandError,
	colours,
	isTerminal,
	wrapToTerminal,
	write,
} from "../cli/terminal.ts";
import { HOME } from "../steps/catalog.ts";
import { writeAsOwner } from "../steps/files.ts";
import { parseWords } from "../steps/request.ts";
import { readName } from "./join.ts";

const USAGE = "npm run result [NAME]";

const FILE = join(HOME, "steps/result.json");

export function main(args: string[]): number {
	const { words } = parseWords(args, [], USAGE);
	const before = membership();
	const name = readName(words.join(" ")) || before?.name;
	if (!name)
		throw new CommandError(
			2,
			"Whose result is it? Say your name, once: npm run result NAME",
		);
	if (before?.board && name !== before.name)
		throw new CommandError(
			2,
			`You have joined the class as ${before.name}. Type npm run result, without a name.`,
		);
	const id = before?.id ?? randomBytes(8).toString("hex");
	const member = { ...before, id, name };
	const line = `${textOf(messageOf(member))}\n`;
	try {
		keepMembership(member);
		rmSync(FILE, { force: true });
		writeAsOwner(FILE, line);
	} catch (error) {
		write(
			2,
			`steps/result.json can't be written: ${(error as Error).message}\n`,
		);
	}
	write(1, line);
	if (isTerminal(1)) {
		const { dim } = colours(2);
		const said =
			"The line is in steps/result.json, too. Give your instructor the file, or paste the line. It holds no code.";
		write(2, dim(wrapToTerminal(2, `${said}\n`)));
	}
	return 0;
}
