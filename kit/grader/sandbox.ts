/**
 * Runs a learner's container where it can do no harm, and lets the grader observe
 * it from outside: a mount, UTS, PID, IPC and network namespace around it, everything
 * read-only but a throwaway layer over the places one may write to and a cgroup
 * for the steps that need one, and `/` made shared, so that a mount which is not
 * private shows.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { Duplex, Readable } from "node:stream";
import { closeOtherDescriptors } from "../../runtime/inherit.ts";
import { commandOf } from "../proc/process.ts";
import { read, words } from "../proc/procfs.ts";
import { childrenOf, familyOf } from "../proc/table.ts";
import { HOME } from "../steps/catalog.ts";
import { readText } from "../steps/files.ts";
import { needsOf } from "../steps/needs.ts";
import { admit, type GroupPlace, makeGroup } from "./group.ts";
import {
	type Configuration,
	FOREIGN_GROUP,
	imageFile,
	layImage,
} from "./image.ts";
import { type Overrun, watchTime } from "./limits.ts";
import { switchLoopbackOn } from "./network.ts";
import type { Outcome } from "./outcome.ts";
import { keepOutput, TOKEN } from "./output.ts";
import { Starved } from "./slots.ts";
import { type Subject, standIn, stepOf } from "./subject.ts";

export interface Sandbox {
	/** The sandbox's first process, by its PID outside. It stands in for the dev container. */
	init: number;
	/** The directory of the container's cgroup, which the container makes. Undefined in a step that has none. */
	group: string | undefined;
	/** Starts the container. */
	start(): void;
	/** Waits until the container has written this word to stdout, has ended, or its time is up. Returns whether it wrote the word. */
	waitForWord(word: string): Promise<boolean>;
	/** Types a line into the container. */
	type(line: string): void;
	/**
	 * Waits for the supervisor's end. The sandbox still exists afterwards.
	 *
	 * @throws Starved if the machine had no time for it
	 */
	ended(): Promise<Outcome>;
	/** Ends everything in the sandbox, and waits until it is gone. */
	close(): Promise<void>;
}

/** The sandbox's host name. Its own, since a learner may have renamed the dev container by mistake, and one that nobody has. */
const DEV_CONTAINER = `dev-container-${TOKEN}`;

/**
 * Starts a subject's npm script, such as `npm run step N`, with a command in a new sandbox.
 *
 * @param configuration of the grader's image, in a step that makes its container from one
 */
export async function startSandbox(
	subject: Subject,
	command: string[],
	configuration: Configuration = "plain",
): Promise<Sandbox> {
	const { scripts } = JSON.parse(
		readFileSync(join(HOME, "package.json"), "utf8"),
	);
	const [, ...line] = scripts[subject.role].split(" ");
	const step = stepOf(subject);
	const { number, id } = step;
	const needs = needsOf(step);
	const hasGroup = needs.includes("cgroup");
	const place = makeGroup(hasGroup);
	const hasImage = needs.includes("image");
	// Descriptors that an editor's terminal left open must not count as the learner's leak.
	closeOtherDescriptors();
	const child = spawn(
		"setpriv",
		[
			"--pdeathsig=KILL",
			...(hasImage ? [`--groups=${FOREIGN_GROUP}`] : []),
			...["unshare", "--mount", "--uts", "--ipc", "--net", "--pid", "--fork"],
			"--kill-child",
			// Not by its name: a checkout may have given the script CRLF line ends.
			...["sh", "-c", script("sandbox.sh"), "sh", script("contained.sh")],
			...[HOME, id, standIn(subject), DEV_CONTAINER],
			// A container that changes the root by pivot_root would find under its own what the layer covers.
			needs.includes("pivot_root") ? "read-only" : "writable",
			hasGroup ? (place?.path ?? "") : "",
			...[process.execPath, ...line, String(number), ...command],
		],
		{
			stdio: ["pipe", "pipe", "pipe", "pipe", "pipe"],
			detached: true,
			env: {
				...ownEnvironment(),
				WORKSHOP_CGROUP: hasGroup ? place?.container : undefined,
				WORKSHOP_IMAGE: hasImage ? imageFile(configuration) : undefined,
			},
		},
	);
	const sandbox = await attach(child, place);
	if (hasImage) layImage(sandbox.init);
	return sandbox;
}

function script(name: string): string {
	return readText(join(import.meta.dirname, name));
}

/**
 * The environment that this process was started with: vitest has added to it since.
 * Where a Node started this one, its channel to it is no other process's.
 */
function ownEnvironment(): Record<string, string> {
	return Object.fromEntries(
		words(read("/proc/self/environ"))
			.filter((entry) => !entry.startsWith("NODE_CHANNEL_"))
			.map((entry) => {
				const [name = "", ...value] = entry.split("=");
				return [name, value.join("=")];
			}),
	);
}

/** A sandbox that could not be made: the grader itself can't work here. */
export class NoSandbox extends Error {}

/** Follows the sandbox: its output, and what its first process writes to descriptor 3. */
async function attach(
	child: ChildProcess,
	place: GroupPlace | undefined,
): Promise<Sandbox> {
	const control = child.stdio[3] as Duplex;
	let told = "";
	let gone = false;
	let wake = () => {};
	/** Waits until a condition holds, or the sandbox has ended. */
	const when = async (is: () => boolean) => {
		while (!is() && !gone)
			await new Promise<void>((resolve) => {
				wake = resolve;
			});
		return is();
	};

	child.stdin?.on("error", () => {});
	control
		.on("error", () => {})
		.on("data", (data) => {
			told = (told + data).slice(0, 1000);
			wake();
		});
	const stdout = keepOutput(child.stdout as Readable, () => wake());
	const stderr = keepOutput(child.stdio[4] as Duplex, () => wake());
	let complaint = "";
	child.stderr?.on("data", (text) => {
		complaint = (complaint + text).slice(-1000);
	});
	const end = new Promise<void>((resolve) => {
		child.on("error", (error) => {
			complaint += error.message;
		});
		child.on("close", () => {
			gone = true;
			wake();
			resolve();
		});
	});

	// A program that could not be started has no PID.
	const members = () =>
		gone || child.pid === undefined ? [] : familyOf(child.pid);
	const began = performance.now();
	let overrun: Overrun | undefined;
	let seconds = 0;
	let programs: string[][] = [];
	const stopWatching = watchTime(members, (why) => {
		overrun = why;
		seconds = Math.round((performance.now() - began) / 1000);
		// Without unshare(1), the first process and the supervisor.
		programs = members().slice(3).map(commandOf);
		void close();
	});
	const close = async () => {
		stopWatching();
		// The namespace's first process: the kernel ends all the others with it.
		const [, init] = members();
		if (init !== undefined) process.kill(init, "SIGKILL");
		await end;
		place?.remove();
	};

	const first = () =>
		gone || child.pid === undefined ? 0 : childrenOf(child.pid)[0];
	const admitted = (place ? admit(place, first) : Promise.resolve()).then(
		() => true,
		({ message }: Error) => {
			complaint += message;
			return false;
		},
	);
	const isUp = await when(() => told.startsWith("up\n"));
	if (!isUp || !(await admitted)) {
		await close();
		if (overrun === "starved") throw new Starved();
		throw new NoSandbox(
			(complaint + stderr.text()).trim() || "its first process has ended",
		);
	}
	// What this line says is known to the first process and the grader alone.
	const secret = randomBytes(8).toString("hex");
	const status = () => new RegExp(`^up\n${secret} (\\d+)\n`).exec(told)?.[1];
	const [, init = 0] = members();
	switchLoopbackOn(init);
	return {
		init,
		group: place?.container,
		start: () => void control.write(`${secret}\n`),
		async waitForWord(word) {
			await when(() => stdout.told(word) || status() !== undefined);
			return stdout.told(word);
		},
		type: (line) => void child.stdin?.write(`${line}\n`),
		async ended() {
			await when(() => status() !== undefined);
			const said = status();
			if (said === undefined && overrun === "starved") {
				await end;
				throw new Starved();
			}
			return {
				status: said === undefined ? undefined : Number(said),
				timedOut: said === undefined && overrun === "stuck",
				seconds,
				programs,
				stdout: stdout.text(),
				stderr: stderr.text(),
			};
		},
		close,
	};
}
