/**
 * Looks at a step's container from outside while it runs, and keeps what the
 * kernel showed. The checks judge that; what a container prints about itself is
 * never their only evidence.
 */

import { randomInt } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { type Mount, mountsOf } from "../proc/mounts.ts";
import { hostnameOf, interfacesOf } from "../proc/namespaces.ts";
import {
	type ProcessSnapshot,
	readFamily,
	readProcess,
} from "../proc/process.ts";
import { sharing } from "../proc/sharing.ts";
import { begins } from "./begin.ts";
import { chain, findCommand, findExactly, survivorsIn } from "./family.ts";
import type { Outcome } from "./outcome.ts";
import { TOKEN, wordFor } from "./output.ts";
import { NoSandbox, type Sandbox, startSandbox } from "./sandbox.ts";
import type { Subject } from "./subject.ts";

/** Arguments that a shell in between would break. */
export const ARGUMENTS = [
	"two words",
	" padded\t",
	"",
	"'single' \"double\" `tick` $HOME *",
	"line\nbreak",
	"ñ 容器 🐳",
	"--",
	"-x",
];

/** The command's exit status: one that no container.ts has by itself. */
export const STATUS = randomInt(3, 100);

/** The line that the grader types whenever the command waits. */
export const LINE = `a line ${TOKEN}`;

/** What it says when it has begun. */
export const READY = wordFor("ready");

/** A moment at which a requirement reads evidence: when the command begins, or after it has run `inside`. */
export interface Moment {
	inside?: string;
	see?(container: Container): unknown | Promise<unknown>;
}

/** A container that runs. */
export interface Container {
	/** The sandbox's first process. */
	init: number;
	/** The learner's supervisor: the process of `run`. */
	supervisor: ProcessSnapshot;
	/** The command itself. */
	command: ProcessSnapshot;
	/** The directory of its cgroup. Undefined in a step that has none. */
	group: string | undefined;
}

/** What was seen of one step's container. */
export interface Seen {
	/** The words of the command. */
	given: string[];
	/** How it ended: status, output. */
	outcome: Outcome;
	/** The dev container's stand-in: before the learner's code ran, while it ran, and after. */
	before: DevContainer;
	during: DevContainer;
	after: DevContainer;
	/** The dev container's first process, and the learner's supervisor if it was there. */
	init: ProcessSnapshot;
	supervisor: ProcessSnapshot | undefined;
	/** The command itself, as it was at its start. Undefined if it never ran. */
	command: ProcessSnapshot | undefined;
	/** Processes between the supervisor and the command. There should be none. */
	between: ProcessSnapshot[];
	/** What was seen at each moment that came. */
	evidence: Map<Moment, unknown>;
	/** Processes of the container that outlived it, such as a daemon. */
	survivors: ProcessSnapshot[];
}

/** What was seen, of a command that did run. */
export type SeenRunning = Seen & Omit<Container, "init" | "group">;

export interface DevContainer {
	name: string;
	mounts: Mount[];
	/** Its network devices. */
	devices: string[];
	/** The mounts of the grader's own namespace, where others on this machine mount and unmount, too. Read last. */
	host: Mount[];
}

/** Starts a step's container, looks at it at each moment asked for, and ends it. */
export async function observe(
	subject: Subject,
	moments: Moment[],
): Promise<Seen> {
	const given = commandFor(moments);
	const sandbox = await startSandbox(subject, given);
	const { init } = sandbox;
	const outside = readFirst(sandbox);
	const before = devContainer(init, outside.mounts);
	sandbox.start();
	const talks = await begins(
		sandbox,
		READY,
		(family) => findExactly(family, given),
		outside.descriptors.get(1),
	);

	const family = readFamily(init);
	const supervisor = family.find(({ parent }) => parent === init);
	const command = findCommand(family, given);
	const evidence = new Map<Moment, unknown>();
	let during = before;
	if (command && supervisor) {
		const { group } = sandbox;
		const container = { init, supervisor, command, group };
		await seeAtStart(container, moments, evidence);
		during = devContainer(init);
		await seeOnTheWay(sandbox, container, moments, evidence, talks);
	}

	const outcome = await sandbox.ended();
	if (!outcome.timedOut) await devicesGone(init, before.devices);
	const after = outcome.timedOut ? before : devContainer(init);
	const isolated =
		sharing(outside.namespaces.pid, command?.namespaces.pid ?? "") !== "shared";
	const survivors = await survivorsIn(init, isolated);
	await sandbox.close();
	return {
		given,
		outcome,
		before,
		during,
		after,
		init: outside,
		supervisor,
		command,
		between: command ? chain(family, command).slice(2, -1) : [],
		evidence,
		survivors,
	};
}

/** The command that is observed. It starts a daemon, waits for a line at each moment, and ends. */
function commandFor(moments: Moment[]): string[] {
	const lines = stagesOf(moments).map(
		({ inside }, index) => `${inside}; echo ${wordFor(`stage${index}`)}; pause`,
	);
	const script = `
sleep 1000 </dev/null >/dev/null 2>&1 &
pause() { read -r line || sleep 2; }
echo ${READY}; pause
${lines.join("\n")}
exit ${STATUS}
`;
	return ["sh", "-c", script, "sh", ...ARGUMENTS];
}

/** The moments for which the command does something. */
function stagesOf(moments: Moment[]): Moment[] {
	return moments.filter(({ inside }) => inside !== undefined);
}

async function seeAtStart(
	container: Container,
	moments: Moment[],
	evidence: Map<Moment, unknown>,
): Promise<void> {
	for (const moment of moments)
		if (moment.inside === undefined && moment.see)
			evidence.set(moment, await moment.see(container));
}

/** Reads the evidence of each later moment, and lets the command continue. */
async function seeOnTheWay(
	sandbox: Sandbox,
	container: Container,
	moments: Moment[],
	evidence: Map<Moment, unknown>,
	talks: boolean,
): Promise<void> {
	for (const [index, moment] of stagesOf(moments).entries()) {
		sandbox.type(LINE);
		if (!talks) continue; // its output is lost: only let it run to its end
		if (!(await sandbox.waitForWord(wordFor(`stage${index}`)))) return;
		if (moment.see) evidence.set(moment, await moment.see(container));
	}
	sandbox.type(LINE);
}

/** The sandbox's first process. It only waits for others, so it stays the same. */
function readFirst({ init }: Sandbox): ProcessSnapshot {
	const first = readProcess(init);
	if (!first) throw new NoSandbox("its first process has ended");
	return first;
}

function devContainer(init: number, mounts = mountsOf(init)): DevContainer {
	return {
		name: hostnameOf(init) ?? "",
		mounts,
		devices: interfacesOf(init),
		host: mountsOf(process.pid),
	};
}

/** The kernel takes a container's network down some time after its last process ended, and the devices outside with it. */
async function devicesGone(init: number, before: string[]): Promise<void> {
	const added = () =>
		interfacesOf(init).some((device) => !before.includes(device));
	for (let tries = 0; tries < 300 && added(); tries++) await setTimeout(10);
}
