/** Runs a step's container again with other commands, to see how they end. */

import { hostnameOf } from "../proc/namespaces.ts";
import {
	type ProcessSnapshot,
	readFamily,
	readProcess,
} from "../proc/process.ts";
import { readStatus, type Status } from "../proc/status.ts";
import { begins } from "./begin.ts";
import { NotEnded, NotSeen } from "./errors.ts";
import { findCommand, survivorsIn } from "./family.ts";
import { countsOf } from "./group.ts";
import { type Container, LINE, READY } from "./observe.ts";
import { hasCrashed, type Outcome } from "./outcome.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";
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
	}, hasCrashed);
}

/** A command that waits for a line. */
export const WAIT = ["sh", "-c", `echo ${READY}; read -r line || sleep 5`];

/** Runs a container with a command that waits, and calls `act` while it waits. */
export async function runWaiting(
	subject: Subject,
	act: (container: Container) => void,
): Promise<Ended> {
	const once = () =>
		waiting(
			() => startSandbox(subject, WAIT),
			(family) => findCommand(family, WAIT),
			(container) => {
				act(container);
				return true;
			},
		);
	const first = await once();
	// On a slow machine it may be missed: the container of before has begun the same command.
	const { seen, ...ended } = first.seen ? first : await once();
	if (!seen) throw new NotSeen("a command that waits for a line did not begin");
	return ended;
}

/** A container that was killed while it waited, and the host name that it had. */
export interface Killed extends Ended {
	name: string;
}

/** Runs a container with a command that waits, and kills the command. */
export async function runKilled(subject: Subject): Promise<Killed> {
	let name = "";
	const ended = await runWaiting(subject, ({ command }) => {
		name = hostnameOf(command.pid) ?? "";
		process.kill(command.pid, "SIGKILL");
	});
	return { ...ended, name };
}

/** A container that was made from the grader's configured image. */
export interface EndedImage extends Ended {
	/** The command as it was while it waited, and its status fields. Undefined if it never ran. */
	began?: { command: ProcessSnapshot; status: Status };
}

/**
 * Runs a container from the grader's image with a user, an entrypoint and all else.
 *
 * @param command `WAIT`, or nothing: then the image names the command
 */
export async function runImage(
	subject: Subject,
	command: string[],
): Promise<EndedImage> {
	const { seen, ...ended } = await waiting(
		() => startSandbox(subject, command, "configured"),
		// Its words are what is to be judged: it is found by its PID namespace.
		([, supervisor, ...below]) =>
			below.find(
				({ parent, namespaces }) =>
					parent === supervisor?.pid &&
					namespaces.pid !== supervisor.namespaces.pid,
			),
		({ command }, sandbox) => {
			const status = readStatus(command.pid) ?? new Map();
			sandbox.type(LINE);
			return { command, status };
		},
	);
	return { ...ended, ...(seen && { began: seen }) };
}

/** Runs a container to its end, and looks at it while its command waits for a line. */
function waiting<What>(
	startIt: () => Promise<Sandbox>,
	find: (family: ProcessSnapshot[]) => ProcessSnapshot | undefined,
	look: (container: Container, sandbox: Sandbox) => What,
): Promise<Ended & { seen: What | undefined }> {
	return withSlot(async () => {
		const sandbox = await startIt();
		const { init } = sandbox;
		const stdout = readProcess(init)?.descriptors.get(1);
		sandbox.start();
		await begins(sandbox, READY, find, stdout);
		const family = readFamily(init);
		const command = find(family);
		const supervisor = family.find(({ parent }) => parent === init);
		const seen =
			command && supervisor
				? look({ init, supervisor, command, group: sandbox.group }, sandbox)
				: undefined;
		const outcome = await sandbox.ended();
		const survivors = await survivorsIn(init, true);
		const counted = countsOf(sandbox.group);
		await sandbox.close();
		return { ...endedBy(WAIT, outcome), survivors, counted, seen };
	}, hasCrashed);
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
