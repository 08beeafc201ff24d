/** The networks of the sandbox and of the container: what is configured there, and whether a connection comes about. */

import { closeSync } from "../../runtime/fs.ts";
import { cfunction } from "../../runtime/libc.ts";
import { openNetwork, setUp } from "../../runtime/network.ts";
import { within } from "../proc/enter.ts";
import { read } from "../proc/procfs.ts";

/** A network namespace is born with its loopback switched off. Where CAP_NET_ADMIN is missing, it stays so. */
export function switchLoopbackOn(pid: number): void {
	within("net", pid, () => {
		const network = openNetwork();
		try {
			setUp(network, "lo");
		} catch {
			// The steps before the network's do without it.
		} finally {
			close(network.socket);
			closeSync(network.namespace);
		}
	});
}

/** Whether a process's network has a default route. */
export function hasDefaultRoute(pid: number): boolean {
	const [, ...routes] = (read(`/proc/${pid}/net/route`) ?? "").split("\n");
	return routes.some((line) => {
		const [, destination, , , , , , mask] = line.split("\t");
		return destination === "00000000" && mask === "00000000";
	});
}

/**
 * Whether a TCP connection from one process's network to an address of another's comes about. The sockets are the
 * grader's own: a socket belongs to the namespace that it was made in. The kernel answers a connection before
 * anybody accepts it.
 */
export function connects(from: number, to: number, address: string): boolean {
	const listener = within("net", to, () => listenAt(address));
	if (listener === undefined) return false;
	try {
		if (listener.port === 0) return false;
		return (
			within("net", from, () => connectTo(address, listener.port)) ?? false
		);
	} finally {
		close(listener.socket);
	}
}

const [AF_INET, SOCK_STREAM, SOL_SOCKET, SO_SNDTIMEO] = [2, 1, 1, 21];
const SOCK_CLOEXEC = 0o2000000;

/** A connection that nobody answers is given up after this time. */
const LIMIT_SECONDS = 3;

// In a worker thread, Node's own close complains of a descriptor that Node did not open.
const close = (socket: number) => cfunction("int close(int fd)")(socket);
const openSocket = (): number =>
	cfunction("int socket(int domain, int type, int protocol)")(
		AF_INET,
		SOCK_STREAM | SOCK_CLOEXEC,
		0,
	);

function listenAt(address: string): { socket: number; port: number } {
	const socket = openSocket();
	const name = socketAddress(address, 0);
	const bound =
		cfunction("int bind(int fd, void *address, uint length)")(
			socket,
			name,
			name.length,
		) === 0 && cfunction("int listen(int fd, int backlog)")(socket, 1) === 0;
	const length = Uint32Array.of(name.length);
	cfunction("int getsockname(int fd, void *address, void *length)")(
		socket,
		name,
		length,
	);
	return { socket, port: bound ? name.readUInt16BE(2) : 0 };
}

function connectTo(address: string, port: number): boolean {
	const socket = openSocket();
	// struct timeval
	const limit = BigInt64Array.of(BigInt(LIMIT_SECONDS), 0n);
	cfunction(
		"int setsockopt(int fd, int level, int name, void *value, uint length)",
	)(socket, SOL_SOCKET, SO_SNDTIMEO, limit, limit.byteLength);
	const name = socketAddress(address, port);
	const connected =
		cfunction("int connect(int fd, void *address, uint length)")(
			socket,
			name,
			name.length,
		) === 0;
	close(socket);
	return connected;
}

/** struct sockaddr_in */
function socketAddress(address: string, port: number): Buffer {
	const name = Buffer.alloc(16);
	name.writeUInt16LE(AF_INET, 0);
	name.writeUInt16BE(port, 2);
	Buffer.from(address.split(".").map(Number)).copy(name, 4);
	return name;
}
