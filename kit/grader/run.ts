/** Runs a step's container again with other commands, to see how they end. */

import { type ProcessSnapshot, readFamily } from "../proc/process.ts";
import { findCommand, survivorsIn } from "./family.ts";
import { countsOf } from "./group.ts";
import type { Container } from "./observe.ts";
import { type Outcome, startSandbox } from "./sandbox.ts";
import { withSlot } from "./slots.ts";
import type { Subject } from "./subject.ts";

/** How a run ended, and the processes that outlived the supervisor. */
export interface Ended extends Outcome {
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
		return { ...outcome, survivors, counted };
	});
}

const WAIT = ["sh", "-c", "echo ready; read -r line || sleep 5"];

/** Runs a container with a command that waits, and calls `act` while it waits. */
export function runWaiting(
	subject: Subject,
	act: (container: Container) => void,
): Promise<Ended> {
	return withSlot(async () => {
		const sandbox = await startSandbox(subject, WAIT);
		const { init } = sandbox;
		sandbox.start();
		if (await sandbox.waitForOutput("ready\n")) {
			const family = readFamily(init);
			const command = findCommand(family, WAIT);
			const supervisor = family.find(({ parent }) => parent === init);
			if (command && supervisor)
				act({ init, supervisor, command, group: sandbox.group });
		}
		const outcome = await sandbox.ended();
		const survivors = await survivorsIn(init, true);
		const counted = countsOf(sandbox.group);
		await sandbox.close();
		return { ...outcome, survivors, counted };
	});
}
