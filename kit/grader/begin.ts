/** Waits until a command in a container has begun. */

import { setTimeout } from "node:timers/promises";
import { type ProcessSnapshot, readFamily } from "../proc/process.ts";
import type { Sandbox } from "./sandbox.ts";

/**
 * Waits until a command says that it has begun, or runs and can't say it, or everything has ended.
 *
 * @param word what it says
 * @param find the command, among the processes of the sandbox
 * @param stdout where its output should go: with a lost stdout it can't say anything
 * @returns whether it said so
 */
export async function begins(
	sandbox: Sandbox,
	word: string,
	find: (family: ProcessSnapshot[]) => ProcessSnapshot | undefined,
	stdout: string | undefined,
): Promise<boolean> {
	let waiting = true;
	const mute = async (): Promise<false> => {
		for (let seen = 0; waiting && seen < 2; ) {
			await setTimeout(500, undefined, { ref: false });
			const found = find(readFamily(sandbox.init));
			seen = found && found.descriptors.get(1) !== stdout ? seen + 1 : 0;
		}
		return false;
	};
	const says = await Promise.race([sandbox.waitForWord(word), mute()]);
	waiting = false;
	return says;
}
