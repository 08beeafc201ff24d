/**
 * Looks at a step's container from outside while it runs, and keeps what the
 * kernel showed. The checks judge that; what a container prints about itself is
 * never their only evidence.
 */

import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { sethostname } from "../../runtime/syscalls.ts";
import { MARKER } from "../host/rootfs.ts";
import { type Mount, mountsOf } from "../proc/mounts.ts";
import { hostnameOf, withinUts } from "../proc/namespaces.ts";
import {
	type Place,
	type ProcessSnapshot,
	placeOf,
	readFamily,
	readProcess,
} from "../proc/process.ts";
import { type ProcView, procViewOf } from "../proc/procview.ts";
import {
	DEV_CONTAINER,
	NoSandbox,
	type Outcome,
	type Sandbox,
	startSandbox,
} from "./sandbox.ts";

export type Role = "step" | "solution";

/** The words that reach the command, or don't: what a shell in between would break. */
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

/** The command that is looked at. It tells where it is, waits to be told to go on, and ends with this status. */
export const STATUS = 7;
const SCRIPT = `
sleep 1000 </dev/null >/dev/null 2>&1 &
pause() { read -r line || sleep 2; }
echo ready; pause
echo "heard $line"; echo "complained" >&2; pause
cd ../../../../../../..; echo climbed; pause
exit ${STATUS}
`;

/** The whole of it. */
export const COMMAND = ["sh", "-c", SCRIPT, "sh", ...ARGUMENTS];

/** What was seen of one step's container. */
export interface Seen {
	/** How it ended: status, output. */
	outcome: Outcome;
	/** The dev container's stand-in: before the learner's code ran, while it ran, and after. */
	before: DevContainer;
	during: DevContainer;
	after: DevContainer;
	/** The dev container's first process. */
	init: ProcessSnapshot;
	/** The learner's supervisor. Undefined if it never ran, and then no command did. */
	supervisor: ProcessSnapshot | undefined;
	/** The command itself, as it was at its start. Undefined if it never ran. */
	command: ProcessSnapshot | undefined;
	/** Processes between the supervisor and the command: there should be none. */
	between: ProcessSnapshot[];
	/** Whether its root directory holds the file by which a root file system of the workshop is known. */
	marked: boolean;
	/** The name in the command's UTS namespace at its start, and the dev container's then. */
	name: string;
	outerName: string;
	/** Where the command stood after `cd ../../..`. */
	climbed: Place;
	/** Whether a line came from stdin to stdout, and another to stderr. */
	streams: { heard: boolean; complained: boolean };
	/** What /proc is in the container's own root. */
	proc: ProcView;
	/** The PIDs, by the container's own count, of all processes in its PID namespace. */
	members: number[];
	/** Processes of the container that outlived it, its daemon say. */
	survivors: ProcessSnapshot[];
}

export interface DevContainer {
	name: string;
	mounts: Mount[];
}

/** Starts a step's container, looks at it at each stage of its life, and ends it. */
export async function observe(role: Role, step: number): Promise<Seen> {
	const command = COMMAND;
	const sandbox = await startSandbox(role, step, command);
	const { init } = sandbox;
	const first = readFirst(sandbox);
	const before = { name: DEV_CONTAINER, mounts: mountsOf(init) };
	sandbox.start();
	const look = () => readFamily(init);
	const ready = sandbox.waitForOutput("ready\n");
	// A command whose stdout is lost can't say that it is ready.
	let waiting = true;
	const mute = async (): Promise<false> => {
		while (waiting) {
			await setTimeout(500, undefined, { ref: false });
			const found = findExactly(look(), command);
			if (found && found.descriptors.get(1) !== first.descriptors.get(1)) break;
		}
		return false;
	};
	const talks = await Promise.race([ready, mute()]);
	waiting = false;

	const family = look();
	const supervisor = family.find(({ parent }) => parent === init);
	const found = supervisor && findCommand(family, command);
	const seen: Omit<Seen, "outcome" | "after" | "survivors"> = {
		before,
		during: before,
		// Now that it waits for the supervisor, its stdin is the sandbox's.
		init: readProcess(init) ?? first,
		supervisor,
		command: found,
		between: found ? chain(family, found).slice(2, -1) : [],
		marked: existsSync(`/proc/${found?.pid}/root/${MARKER}`),
		name: "",
		outerName: DEV_CONTAINER,
		climbed: { path: "", id: "" },
		streams: { heard: false, complained: false },
		proc: { listed: [], first: [], namespace: "", knowsReader: false },
		members: [],
	};
	if (found) await follow(sandbox, found, seen, talks);

	const outcome = await sandbox.ended();
	const after = outcome.timedOut ? before : devContainer(init);
	const isolated = found?.namespaces.pid !== seen.init.namespaces.pid;
	const survivors = await survivorsIn(sandbox, isolated);
	await sandbox.close();
	return { ...seen, outcome, after, survivors };
}

/** Goes through the command's life with it, and fills in what it shows on the way. */
async function follow(
	sandbox: Sandbox,
	command: ProcessSnapshot,
	seen: Pick<
		Seen,
		"name" | "outerName" | "during" | "climbed" | "streams" | "proc" | "members"
	>,
	talks: boolean,
): Promise<void> {
	seen.proc = procViewOf(command.pid);
	seen.members = readFamily(sandbox.init)
		.filter(({ namespaces }) => namespaces.pid === command.namespaces.pid)
		.map(({ pids }) => pids.at(-1) ?? 0);
	seen.name = hostnameOf(command.pid) ?? "";
	seen.outerName = hostnameOf(sandbox.init) ?? "";
	// As root in the container would, by the system call: Docker makes /proc/sys read-only.
	withinUts(command.pid, () => sethostname(RENAMED));
	seen.during = devContainer(sandbox.init);

	if (!talks) {
		sandbox.type("\n\n");
		return;
	}
	sandbox.type("a line");
	seen.streams.heard = await sandbox.waitForOutput("heard a line\n");
	sandbox.type("");
	if (await sandbox.waitForOutput("climbed\n"))
		seen.climbed = placeOf(`/proc/${command.pid}/cwd`);
	sandbox.type("");
	const { stderr } = await sandbox.ended();
	seen.streams.complained = stderr.includes("complained\n");
}

/**
 * Runs a step's container with a command to its end. `meanwhile` gets the
 * command's process and its supervisor's once it has said "ready".
 *
 * @returns how it ended, and the processes that outlived the supervisor
 */
export async function runToEnd(
	role: Role,
	step: number,
	command: string[],
	meanwhile?: (command: ProcessSnapshot, supervisor: ProcessSnapshot) => void,
): Promise<Outcome & { survivors: ProcessSnapshot[] }> {
	const sandbox = await startSandbox(role, step, command);
	sandbox.start();
	if (meanwhile && (await sandbox.waitForOutput("ready\n"))) {
		const family = readFamily(sandbox.init);
		const found = findCommand(family, command);
		const supervisor = family.find(({ parent }) => parent === sandbox.init);
		if (found && supervisor) meanwhile(found, supervisor);
	}
	const outcome = await sandbox.ended();
	const survivors = await survivorsIn(sandbox, meanwhile !== undefined);
	await sandbox.close();
	return { ...outcome, survivors };
}

/** What still runs in a sandbox after the supervisor's end. Where they should end with it, the kernel has a moment to end them. */
async function survivorsIn(
	{ init }: Sandbox,
	shouldEnd: boolean,
): Promise<ProcessSnapshot[]> {
	const running = () =>
		readFamily(init)
			.slice(1)
			.filter(({ command }) => command.length > 0);
	for (let tries = 0; shouldEnd && tries < 20 && running().length > 0; tries++)
		await setTimeout(10);
	return running();
}

/** The name that the grader, as root in the container would, gives it. */
export const RENAMED = "renamed-inside";

function devContainer(init: number): DevContainer {
	return { name: hostnameOf(init) ?? "", mounts: mountsOf(init) };
}

/** The sandbox's first process, as it waits to start the container. */
function readFirst({ init }: Sandbox): ProcessSnapshot {
	const first = readProcess(init);
	if (!first) throw new NoSandbox("its first process has ended");
	return first;
}

/** The process that runs the command: the one with the command's words, or at least its program and its script. */
function findExactly(
	family: ProcessSnapshot[],
	command: string[],
): ProcessSnapshot | undefined {
	const words = command.slice(0, 3).join("\0");
	return family.find((member) => member.command.join("\0").startsWith(words));
}

/** Or, where the words did not arrive whole, the first below the supervisor that goes by the program's name. */
function findCommand(
	family: ProcessSnapshot[],
	command: string[],
): ProcessSnapshot | undefined {
	const [, , ...below] = family;
	return (
		findExactly(family, command) ??
		below.find((member) => member.command[0] === command[0])
	);
}

/** A process's ancestors down to itself, from the sandbox's first. */
function chain(
	family: ProcessSnapshot[],
	last: ProcessSnapshot,
): ProcessSnapshot[] {
	const parent = family.find(({ pid }) => pid === last.parent);
	return parent ? [...chain(family, parent), last] : [last];
}
