/**
 * How the supervisor learns why a container did not start. The child may have
 * changed its root, its mounts and its user by then: the kit's files and the
 * learner's are out of its reach, and a descriptor that leads back to them would
 * be a way out for the command. So the child sends what it knows of the error
 * through a pipe, and the supervisor, which is outside, finds the words. runc does
 * the same.
 */

import { createRequire } from "node:module";
import { SyscallError } from "../../runtime/errors.ts";
import { closeSync, readFileSync, writeSync } from "../../runtime/fs.ts";
import { hooks } from "../../runtime/hooks.ts";
import { setCloseOnExec } from "../../runtime/inherit.ts";
import { cfunction, lastErrno } from "../../runtime/libc.ts";
import { tellChild } from "./handover.ts";

/** The statuses that `docker run` gives as well. */
const [NOT_STARTED, NOT_RUNNABLE, NOT_FOUND] = [125, 126, 127];

/** The exit status of a container that an error kept from starting. */
export function statusOf(error: unknown): number {
	if (!(error instanceof SyscallError && error.command)) return NOT_STARTED;
	return error.code === "ENOENT" ? NOT_FOUND : NOT_RUNNABLE;
}

/** An error as text. A pipe takes 64 KiB without a reader: long parts are cut. */
interface Failure {
	name: string;
	message: string;
	/** The lines of the stack, without the message. */
	stack: string;
	code?: string | undefined;
	/** Of a SyscallError. */
	syscall?: string | undefined;
	args?: string[] | undefined;
	errno?: number | undefined;
	command?: string[] | undefined;
}

/** The supervisor's part: calls `tell` with the error of each child that could not become its command. */
export function onFailure(tell: (error: unknown) => void): void {
	const pipes = new Map<number, number>();
	const before = hooks.beforeSpawn;
	hooks.beforeSpawn = () => {
		const tellBefore = before?.();
		const [ours, theirs] = pipe();
		setCloseOnExec(ours, true);
		tellChild({ failure: String(theirs) });
		return (pid) => {
			closeSync(theirs);
			if (pid === undefined) closeSync(ours);
			else pipes.set(pid, ours);
			tellBefore?.(pid);
		};
	};
	hooks.afterEnd = (pid) => {
		const ours = pipes.get(pid);
		if (ours === undefined) return;
		pipes.delete(pid);
		// Nobody else has the other end: this does not wait.
		const text = readFileSync(ours, "utf8");
		closeSync(ours);
		if (text) tell(revive(JSON.parse(text)));
	};
}

/** The child's part: writes what is known of an error to the pipe. Reads no file. */
export function sendFailure(descriptor: number, error: unknown): void {
	try {
		writeSync(descriptor, JSON.stringify(failureOf(error)));
	} catch {
		// The supervisor has died, and nobody reads this.
	}
}

function failureOf(error: unknown): Failure {
	if (!(error instanceof Error))
		return { name: "", message: cut(describeThrown(error)), stack: "" };
	const { name, message, stack = "" } = error;
	const { code, syscall, args, errno, command } = error as SyscallError;
	const frames = stack.slice(stack.indexOf(message) + message.length);
	const failure = { name, message: cut(message), stack: cut(frames), code };
	if (!(error instanceof SyscallError)) return failure;
	return {
		...failure,
		syscall,
		args: args.map((it) => cut(it, 500)),
		errno,
		command: command?.slice(0, 1).map((it) => cut(it, 500)),
	};
}

/** The error that a child sent, as far as the words need it. */
function revive(failure: Failure): unknown {
	const { name, message, stack, code, syscall, args = [], errno = 0 } = failure;
	if (name === "") return new Thrown(message);
	const error = syscall
		? new SyscallError(syscall, args, errno, failure.command)
		: name === "SyntaxError"
			? new SyntaxError(message)
			: new Error(message);
	return Object.assign(error, { name, message, stack, ...(code && { code }) });
}

/** Something thrown that is no Error, in words: `"text"`, `{ a: 1n }`. */
export class Thrown {
	words: string;
	constructor(words: string) {
		this.words = words;
	}
}

/** A value as one would write it. JSON has no words for a symbol, and refuses a bigint. */
export function describeThrown(value: unknown): string {
	if (value instanceof Thrown) return value.words;
	if (typeof value === "string") return JSON.stringify(value);
	const { inspect }: typeof import("node:util") = createRequire(
		import.meta.url,
	)("node:util");
	return inspect(value, { customInspect: false, depth: 1, breakLength: 1000 });
}

function cut(text: string, length = 3000): string {
	return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** @see pipe(2) */
function pipe(): [number, number] {
	const ends = new Int32Array(2);
	const made: number = cfunction("int pipe(int *ends)")(ends);
	if (made === -1) throw new SyscallError("pipe", [], lastErrno());
	const [ours = -1, theirs = -1] = ends;
	return [ours, theirs];
}
