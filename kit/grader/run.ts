/** Runs a step's container again with other commands, to see how they end. */

import {
	type ProcessSnapshot,
	readFamily,
	readProcess,
} from "../proc/process.ts";
import { begins } from "./begin.ts";
import { NotEnded, NotSeen } from "./errors.ts";
import { findCommand, survivorsIn } from "./family.ts";
import { countsOf } from "./group.ts";
import { type Container, READY } from "./observe.ts";
import { type Outcome, startSandbox } from "./sandbox.ts";
import { withSlot } from "./slots.ts";
import type { Subject } from "./subject.ts";

/** How a run ended, and the processes that outlived the supervisor. */
export interface Ended extends Outcome {
	status: number;
	survivors: ProcessSnapshot[];
	/** What the kernel counted in the container's cgroup: a file's text, such as that of pids.events. */
	counted(file: string): string;
}

/** Runs a container with a command to its end. */
export function runToEnd(subject: Subject, command: string[]): Promise<Ended> {
	return withSlot(async () => {
		const sandbox = await startSandbox(subject, command);
		sandbox.start();
		const outcome = await sandbox.ended();
		const survivors = await survivorsIn(sandbox.init, false);
		const counted = countsOf(sandbox.group);
		await sandbox.close();
		return { ...endedBy(command, outcome), survivors, counted };
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
		if (command && supervisor)
			act({ init, supervisor, command, group: sandbox.group });
		const outcome = await sandbox.ended();
		const survivors = await survivorsIn(init, true);
		const counted = countsOf(sandbox.group);
		await sandbox.close();
		if (!acted && !outcome.timedOut)
			throw new NotSeen("a command that waits for a line did not begin");
		return { ...endedBy(WAIT, outcome), survivors, counted };
	});
}

/** Where there is no status, there is nothing to judge a status by. */
function endedBy(
	command: string[],
	outcome: Outcome,
): Outcome & { status: number } {
	if (outcome.timedOut) throw new NotEnded(command, outcome);
	const { status } = outcome;
	if (status === undefined)
		throw new NotSeen("the sandbox was ended from outside, before the command");
	return { ...outcome, status };
}
