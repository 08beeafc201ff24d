/**
 * Lets the supervisor look at a container just before its command begins. A
 * command may end within a millisecond, so the child waits until the supervisor
 * has looked: over a pair of sockets it sends "ready" and waits for "seen".
 */

import { Socket } from "node:net";
import { SyscallError } from "../../runtime/errors.ts";
import { closeSync, readSync, writeSync } from "../../runtime/fs.ts";
import { hooks } from "../../runtime/hooks.ts";
import { setCloseOnExec } from "../../runtime/inherit.ts";
import { cfunction, lastErrno } from "../../runtime/libc.ts";
import { tellChild } from "./handover.ts";

/** The supervisor's part: calls `look` with the PID of each child, just before the child becomes its command. */
export function onHandshake(look: (pid: number) => void): void {
	hooks.beforeSpawn = () => {
		const [ours, theirs] = socketPair();
		setCloseOnExec(ours, true);
		tellChild({ handshake: String(theirs) });
		return (pid) => {
			closeSync(theirs);
			if (pid === undefined) return closeSync(ours);
			const socket = new Socket({ fd: ours });
			socket
				.on("error", () => {})
				.once("data", () => {
					look(pid);
					socket.end("seen");
				});
		};
	};
}

/** The child's part. The command does not inherit the descriptor. */
export function awaitLook(descriptor: number): void {
	setCloseOnExec(descriptor, true);
	hooks.beforeExec = () => {
		writeSync(descriptor, "ready");
		// Returns at the answer, or at end of file if the supervisor died.
		readSync(descriptor, Buffer.alloc(1));
	};
}

/** @see socketpair(2), unix(7) */
function socketPair(): [number, number] {
	const AF_UNIX = 1;
	const SOCK_STREAM = 1;
	const ends = new Int32Array(2);
	const made: number = cfunction(
		"int socketpair(int domain, int type, int protocol, int *ends)",
	)(AF_UNIX, SOCK_STREAM, 0, ends);
	if (made === -1)
		throw new SyscallError(
			"socketpair",
			["AF_UNIX", "SOCK_STREAM", "0"],
			lastErrno(),
		);
	const [one = -1, other = -1] = ends;
	return [one, other];
}
