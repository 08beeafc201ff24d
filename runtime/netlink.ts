/**
 * A netlink socket, by which the kernel's network is configured: what ip(8) uses, too. It belongs to the network
 * namespace that it was opened in, wherever the process moves afterwards. netlink(7), rtnetlink(7)
 */

import { SyscallError } from "./errors.ts";
import { hooks } from "./hooks.ts";
import { cfunction, lastErrno } from "./libc.ts";

const [AF_NETLINK, SOCK_RAW, SOCK_CLOEXEC, NETLINK_ROUTE] = [
	16, 3, 0o2000000, 0,
];
const [NLMSG_ERROR, NLM_F_REQUEST, NLM_F_ACK] = [2, 1, 4];

/** Length, type, flags, sequence number and port of a message. */
const HEADER_BYTES = 16;
const REPLY_BYTES = 32 * 1024;

/** Opens one in the present network namespace. The descriptor is close-on-exec. */
export function openNetlink(): number {
	const fd: number = cfunction(
		"int socket(int domain, int type, int protocol)",
	)(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd === -1)
		throw new SyscallError("socket", ["AF_NETLINK", "SOCK_RAW"], lastErrno());
	return fd;
}

/**
 * Sends one message and waits for the kernel's answer.
 *
 * @param type RTM_NEWLINK, …
 * @param flags NLM_F_CREATE, …
 * @param shown how the request reads, for the trace and for errors
 * @returns the answer's body, where the message asks for one
 */
export function request(
	socket: number,
	type: number,
	flags: number,
	body: Buffer,
	shown: string[],
): Buffer {
	const message = Buffer.alloc(HEADER_BYTES + body.length);
	message.writeUInt32LE(message.length, 0);
	message.writeUInt16LE(type, 4);
	message.writeUInt16LE(NLM_F_REQUEST | NLM_F_ACK | flags, 6);
	body.copy(message, HEADER_BYTES);
	const sent: number = cfunction(
		"intptr_t send(int fd, const void *buf, size_t len, int flags)",
	)(socket, message, message.length, 0);
	const [errno, answer] =
		sent === -1 ? [lastErrno(), Buffer.alloc(0)] : receive(socket);
	hooks.trace?.(`netlink(${shown.join(", ")}) = ${errno === 0 ? "0" : "-1"}`);
	if (errno !== 0) throw new SyscallError("netlink", shown, errno);
	return answer;
}

/** Reads up to the acknowledgement, which is an error message of number 0. */
function receive(socket: number): [errno: number, answer: Buffer] {
	const recv = cfunction(
		"intptr_t recv(int fd, void *buf, size_t len, int flags)",
	);
	let answer = Buffer.alloc(0);
	for (;;) {
		const reply = Buffer.alloc(REPLY_BYTES);
		const length: number = recv(socket, reply, reply.length, 0);
		if (length === -1) return [lastErrno(), answer];
		for (let at = 0; at < length; ) {
			const size = reply.readUInt32LE(at);
			const body = reply.subarray(at + HEADER_BYTES, at + size);
			if (reply.readUInt16LE(at + 4) === NLMSG_ERROR)
				return [-body.readInt32LE(0), answer];
			answer = body;
			at += aligned(size);
		}
	}
}

/** An attribute of a message: length, type, value, and filled up to four bytes. rtnetlink(7) */
export function attribute(type: number, ...values: Buffer[]): Buffer {
	const value = Buffer.concat(values);
	const buffer = Buffer.alloc(aligned(4 + value.length));
	buffer.writeUInt16LE(4 + value.length, 0);
	buffer.writeUInt16LE(type, 2);
	value.copy(buffer, 4);
	return buffer;
}

/** A string as an attribute has it. */
export function text(value: string): Buffer {
	return Buffer.from(`${value}\0`);
}

/** A number as an attribute has it. */
export function uint32(value: number): Buffer {
	const buffer = Buffer.alloc(4);
	buffer.writeUInt32LE(value);
	return buffer;
}

function aligned(length: number): number {
	return (length + 3) & ~3;
}
