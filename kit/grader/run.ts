/** Runs a step's container again with other commands, to see how they end. */

import {
	type ProcessSnapshot,
	readFamily,
	readProcess,
} from "../proc/process.ts";
import { begins } from "./begin.ts";
import { findCommand, survivorsIn } from "./family.ts";
import { type Container, READY } from "./observe.ts";
import { NotEnded, NotSeen } from "./requirement.ts";
import { type Outcome, startSandbox } from "./sandbox.ts";
import { withSlot } from "./slots.ts";
import type { Subject } from "./subject.ts";

/** How a run ended, and the processes that outlived the supervisor. */
export interface Ended extends Outcome {
	status: number;
	survivors: ProcessSnapshot[];
}

/** Runs a container with a command to its end. */
export function runToEnd(subject: Subject, command: string[]): Promise<Ended> {
	return withSlot(async () => {
		const sandbox = await startSandbox(subject, command);
		sandbox.start();
		const outcome = await sandbox.ended();
		const survivors = await survivorsIn(sandbox.init, false);
		await sandbox.close();
		return endedBy(command, outcome, survivors);
	});
}

const WAIT = ["sh", "-c", `echo ${READY}; read -r line || sleep 5`];

/** Runs a container with a command that waits, and calls `act` while it waits. */
export function runWaiting(
	subject: Subject,
	act: (container: Container) => void,
): Promise<Ended> {
	return withSlot(async () => {
		const sandbox = await startSandbox(subject, WAIT);
		const { init } = sandbox;
		const stdout = readProcess(init)?.descriptors.get(1);
		sandbox.start();
		await begins(sandbox, READY, WAIT, stdout);
		const family = readFamily(init);
		const command = findCommand(family, WAIT);
		const supervisor = family.find(({ parent }) => parent === init);
		const acted = Boolean(command && supervisor);
		if (command && supervisor) act({ init, supervisor, command });
		const outcome = await sandbox.ended();
		const survivors = await survivorsIn(init, true);
		await sandbox.close();
		if (!acted && !outcome.timedOut)
			throw new NotSeen("a command that waits for a line did not begin");
		return endedBy(WAIT, outcome, survivors);
	});
}

/** Where there is no status, there is nothing to judge a status by. */
function endedBy(
	command: string[],
	outcome: Outcome,
	survivors: ProcessSnapshot[],
): Ended {
	if (outcome.timedOut) throw new NotEnded(command, outcome);
	const { status } = outcome;
	if (status === undefined)
		throw new NotSeen("the sandbox was ended from outside, before the command");
	return { ...outcome, status, survivors };
}
