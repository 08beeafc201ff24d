/**
 * A network namespace's devices, addresses and routes. No ip(8) is started for them: after
 * unshare(CLONE_NEWPID) it would become PID 1 of the container.
 */

import { expectString } from "./arguments.ts";
import { openSync } from "./fs.ts";
import { attribute, openNetlink, request, text, uint32 } from "./netlink.ts";

/** Message types, from <linux/rtnetlink.h>. */
const RTM = { NEWLINK: 16, GETLINK: 18, NEWADDR: 20, NEWROUTE: 24 };
/** NLM_F_CREATE, and NLM_F_EXCL: it must not be there yet. */
const CREATE = 0x400 | 0x200;

/** Attributes, from <linux/if_link.h>, <linux/veth.h>, <linux/if_addr.h> and <linux/rtnetlink.h>. */
const IFLA = { IFNAME: 3, LINKINFO: 18, NET_NS_FD: 28 };
const INFO = { KIND: 1, DATA: 2 };
const VETH_INFO_PEER = 1;
const IFA = { ADDRESS: 1, LOCAL: 2 };
const RTA_GATEWAY = 5;

const [AF_INET, IFF_UP] = [2, 1];

/** A name for the outer end of this container's cable, that no other container's has. At most 15 bytes. */
export const VETH = `veth${process.pid}`;

/** The cable's network of four addresses, 10.x.y.z/30, counted by this process's PID: a PID has at most 22 bits. */
const base = 4 * process.pid;
const dotted = (last: number) =>
	`10.${base >> 16}.${(base >> 8) & 255}.${(base & 255) + last}`;

/** The address of the outer end, which is the container's way out, and that of the inner end. */
export const [GATEWAY, ADDRESS] = [dotted(1), dotted(2)];

/** A network namespace that can be configured from wherever this process goes. */
export interface Network {
	/** A netlink socket in it. */
	socket: number;
	/** The namespace itself, open: /proc/PID/ns/net. */
	namespace: number;
}

/**
 * Keeps a hold on the network namespace that this process is in now.
 *
 * @see network_namespaces(7), netlink(7)
 */
export function openNetwork(): Network {
	return {
		socket: openNetlink(),
		namespace: openSync("/proc/thread-self/ns/net", "r"),
	};
}

/**
 * Makes a pair of virtual Ethernet devices, the two ends of one cable: what goes in at one comes out at the other.
 *
 * @param network where the one end is
 * @param name that end's name, at most 15 bytes
 * @param peerNetwork where the other end is
 * @param peerName the other end's name
 * @throws SyscallError EEXIST: a device has that name. EPERM: without CAP_NET_ADMIN.
 * @see veth(4)
 */
export function addVeth(
	network: Network,
	name: string,
	peerNetwork: Network,
	peerName: string,
): void {
	const shape = "addVeth(network, name, peerNetwork, peerName)";
	expectString(shape, "name", name);
	expectString(shape, "peerName", peerName);
	const peer = attribute(
		VETH_INFO_PEER,
		linkMessage(),
		attribute(IFLA.IFNAME, text(peerName)),
		attribute(IFLA.NET_NS_FD, uint32(peerNetwork.namespace)),
	);
	const info = attribute(
		IFLA.LINKINFO,
		attribute(INFO.KIND, text("veth")),
		attribute(INFO.DATA, peer),
	);
	request(
		network.socket,
		RTM.NEWLINK,
		CREATE,
		Buffer.concat([linkMessage(), attribute(IFLA.IFNAME, text(name)), info]),
		["RTM_NEWLINK", `veth ${name} peer ${peerName}`],
	);
}

/**
 * Switches a device on, and gives it an address. The kernel adds the route to that address's network.
 *
 * @param name "lo", "eth0", …
 * @param address an IPv4 address with the length of its network's prefix: "10.0.0.2/24". lo gets its own from the kernel.
 * @throws SyscallError ENODEV: no device has that name. EPERM: without CAP_NET_ADMIN. EEXIST: it has the address already.
 * @see rtnetlink(7)
 */
export function setUp(network: Network, name: string, address?: string): void {
	expectString("setUp(network, name, address)", "name", name);
	request(
		network.socket,
		RTM.NEWLINK,
		0,
		Buffer.concat([linkMessage(IFF_UP), attribute(IFLA.IFNAME, text(name))]),
		["RTM_NEWLINK", `${name} up`],
	);
	if (address !== undefined) addAddress(network, name, address);
}

/**
 * Adds the default route: what goes to no network of its own goes to this gateway.
 *
 * @param gateway an IPv4 address that a device of the namespace reaches: "10.0.0.1"
 * @throws SyscallError ENETUNREACH: no device reaches the gateway.
 * @see rtnetlink(7)
 */
export function addDefaultRoute(network: Network, gateway: string): void {
	const [RT_TABLE_MAIN, RTPROT_BOOT, RT_SCOPE_UNIVERSE, RTN_UNICAST] = [
		254, 3, 0, 1,
	];
	const [bytes] = parseAddress(
		"addDefaultRoute(network, gateway)",
		`${gateway}/32`,
	);
	const message = Buffer.alloc(12);
	message.writeUInt8(AF_INET, 0);
	message.writeUInt8(RT_TABLE_MAIN, 4);
	message.writeUInt8(RTPROT_BOOT, 5);
	message.writeUInt8(RT_SCOPE_UNIVERSE, 6);
	message.writeUInt8(RTN_UNICAST, 7);
	request(
		network.socket,
		RTM.NEWROUTE,
		CREATE,
		Buffer.concat([message, attribute(RTA_GATEWAY, bytes)]),
		["RTM_NEWROUTE", `default via ${gateway}`],
	);
}

function addAddress(network: Network, name: string, address: string): void {
	const [bytes, prefix] = parseAddress(
		"setUp(network, name, address)",
		address,
	);
	const message = Buffer.alloc(8);
	message.writeUInt8(AF_INET, 0);
	message.writeUInt8(prefix, 1);
	message.writeUInt32LE(indexOf(network, name), 4);
	request(
		network.socket,
		RTM.NEWADDR,
		CREATE,
		Buffer.concat([
			message,
			attribute(IFA.LOCAL, bytes),
			attribute(IFA.ADDRESS, bytes),
		]),
		["RTM_NEWADDR", `${address} dev ${name}`],
	);
}

/** struct ifinfomsg: family, type, index, flags, and which of the flags are meant. */
function linkMessage(flags = 0): Buffer {
	const message = Buffer.alloc(16);
	message.writeUInt32LE(flags, 8);
	message.writeUInt32LE(flags, 12);
	return message;
}

/** A device's number in its namespace. */
function indexOf({ socket }: Network, name: string): number {
	const answer = request(
		socket,
		RTM.GETLINK,
		0,
		Buffer.concat([linkMessage(), attribute(IFLA.IFNAME, text(name))]),
		["RTM_GETLINK", name],
	);
	return answer.readInt32LE(4);
}

function parseAddress(shape: string, address: string): [Buffer, number] {
	const [, dotted = "", prefix = ""] = /^([\d.]+)\/(\d+)$/.exec(address) ?? [];
	const bytes = dotted.split(".").map(Number);
	if (
		bytes.length !== 4 ||
		bytes.some((it) => it > 255) ||
		Number(prefix) > 32 ||
		dotted === ""
	)
		throw new TypeError(
			`${shape}: ${JSON.stringify(address)} is no IPv4 address with a prefix, such as "10.0.0.2/24"`,
		);
	return [Buffer.from(bytes), Number(prefix)];
}
