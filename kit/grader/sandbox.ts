/**
 * Runs a learner's container where it can do no harm, and lets the grader observe
 * it from outside: a mount, UTS, PID, IPC and network namespace around it, everything
 * read-only but a throwaway layer over the places one may write to and a cgroup
 * for the steps that need one, and `/` made shared, so that a mount which is not
 * private shows.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { closeOtherDescriptors } from "../../runtime/inherit.ts";
import { familyOf } from "../proc/table.ts";
import { HOME } from "../steps/catalog.ts";
import { readText } from "../steps/files.ts";
import { needsOf } from "../steps/needs.ts";
import { type GroupPlace, makeGroup } from "./group.ts";
import { switchLoopbackOn } from "./network.ts";
import { type Subject, standIn, stepOf } from "./subject.ts";

/** How long one run may take. */
const LIMIT_MS = 10_000;

/** How much of what a container writes is kept. The rest is read and dropped. */
const KEPT_BYTES = 64 * 1024;

/** How a run ended. */
export interface Outcome {
	/** The supervisor's exit status. Undefined if it was killed, or the sandbox did not start. */
	status: number | undefined;
	timedOut: boolean;
	stdout: string;
	stderr: string;
}

export interface Sandbox {
	/** The sandbox's first process, by its PID outside. It stands in for the dev container. */
	init: number;
	/** The directory of the container's cgroup, which the container makes. Undefined in a step that has none. */
	group: string | undefined;
	/** Starts the container. */
	start(): void;
	/** Waits until the container has written this text to stdout, has ended, or its time is up. Returns whether it wrote the text. */
	waitForOutput(text: string): Promise<boolean>;
	/** Types a line into the container. */
	type(line: string): void;
	/** Waits for the supervisor's end. The sandbox still exists afterwards. */
	ended(): Promise<Outcome>;
	/** Ends everything in the sandbox, and waits until it is gone. */
	close(): Promise<void>;
}

/** The sandbox's host name. Its own, since a learner may have renamed the dev container by mistake. */
export const DEV_CONTAINER = "dev-container";

/** Starts a subject's npm script, such as `npm run step N`, with a command in a new sandbox. */
export async function startSandbox(
	subject: Subject,
	command: string[],
): Promise<Sandbox> {
	const { scripts } = JSON.parse(
		readFileSync(join(HOME, "package.json"), "utf8"),
	);
	const [, ...words] = scripts[subject.role].split(" ");
	const step = stepOf(subject);
	const { number, id } = step;
	const place = needsOf(step).includes("cgroup") ? makeGroup() : undefined;
	// Descriptors that an editor's terminal left open must not count as the learner's leak.
	closeOtherDescriptors();
	const child = spawn(
		"setpriv",
		[
			"--pdeathsig=KILL",
			...["unshare", "--mount", "--uts", "--ipc", "--net", "--pid", "--fork"],
			"--kill-child",
			// Not by its name: a checkout may have given the script CRLF line ends.
			...["sh", "-c", readText(join(import.meta.dirname, "sandbox.sh")), "sh"],
			...[HOME, id, standIn(subject), DEV_CONTAINER],
			...[process.execPath, ...words, String(number), ...command],
		],
		{
			stdio: ["pipe", "pipe", "pipe", "pipe", "pipe"],
			detached: true,
			env: { ...process.env, WORKSHOP_CGROUP: place?.group },
		},
	);
	return attach(child, place);
}

/** A sandbox that could not be made: the grader itself can't work here. */
export class NoSandbox extends Error {}

/** Follows the sandbox: its output, and what its first process writes to descriptor 3. */
async function attach(
	child: ChildProcess,
	place: GroupPlace | undefined,
): Promise<Sandbox> {
	const control = child.stdio[3] as Duplex;
	const outcome: Outcome = {
		status: undefined,
		timedOut: false,
		stdout: "",
		stderr: "",
	};
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
			told += data;
			wake();
		});
	const streams = { stdout: child.stdout, stderr: child.stdio[4] as Duplex };
	for (const name of ["stdout", "stderr"] as const)
		streams[name]?.setEncoding("utf8").on("data", (text: string) => {
			if (outcome[name].length < KEPT_BYTES) outcome[name] += text;
			wake();
		});
	let complaint = "";
	child.stderr?.on("data", (text) => {
		complaint += text;
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

	const close = async () => {
		clearTimeout(limit);
		// The namespace's first process: the kernel ends all the others with it.
		const [, init] = gone ? [] : familyOf(child.pid ?? 0);
		if (init !== undefined) process.kill(init, "SIGKILL");
		await end;
		place?.remove();
	};
	const limit = setTimeout(() => {
		outcome.timedOut = true;
		void close();
	}, LIMIT_MS);

	if (!(await when(() => told.startsWith("up\n")))) {
		await close();
		throw new NoSandbox((complaint + outcome.stderr).trim());
	}
	const status = () => /^up\n(\d+)\n/.exec(told)?.[1];
	const [, init = 0] = familyOf(child.pid ?? 0);
	switchLoopbackOn(init);
	return {
		init,
		group: place?.group,
		start: () => void control.write("go\n"),
		async waitForOutput(text) {
			const said = () => outcome.stdout.includes(text);
			await when(() => said() || status() !== undefined);
			return said();
		},
		type: (line) => void child.stdin?.write(`${line}\n`),
		async ended() {
			await when(() => status() !== undefined);
			if (status() !== undefined) outcome.status = Number(status());
			return outcome;
		},
		close,
	};
}
