// Step 11: a network of its own, with a cable to the dev container.

import {
	addressesOf,
	type Check,
	type Container,
	connects,
	differs,
	hasDefaultRoute,
	interfacesOf,
	requirement,
} from "../kit/grader/index.ts";

const LOOPBACK = "127.0.0.1";

export default {
	together: {
		id: "network",
		title: "its network is still its own, as in step 11",
	},
	requirements: [
		requirement({
			id: "net",
			title: "it has its own network namespace",
			lasts: true,
			judge({ init, command, where }) {
				const { net } = init.namespaces;
				if (differs(net, command.namespaces.net, "its network namespace"))
					return undefined;
				return {
					seen: "the container shares the dev container's network namespace: its devices, its addresses, its ports",
					why: "a child starts in its parent's namespaces, and your code made no new one of this kind",
					look: `${where(/CLONE_NEWNET|reexec\(/)}: unshare(CLONE_NEWNET | CLONE_NEWIPC) in run(), before reexec()`,
				};
			},
		}),
		requirement({
			id: "ipc",
			title: "it has its own IPC namespace",
			lasts: true,
			judge({ init, command, where }) {
				const { ipc } = init.namespaces;
				if (differs(ipc, command.namespaces.ipc, "its IPC namespace"))
					return undefined;
				return {
					seen: "the container shares the dev container's IPC namespace: its message queues, its shared memory",
					why: "a child starts in its parent's namespaces, and your code made no new one of this kind",
					look: `${where(/CLONE_NEWNET|reexec\(/)}: CLONE_NEWIPC beside CLONE_NEWNET in run(), before reexec()`,
				};
			},
		}),
		requirement({
			id: "loopback",
			title: `a connection to ${LOOPBACK} arrives inside`,
			lasts: true,
			see: ({ command }) => connects(command.pid, command.pid, LOOPBACK),
			judge({ where }, connected) {
				if (connected) return undefined;
				return {
					seen: `in the container's network, no connection to ${LOOPBACK} comes about`,
					why: "a new network namespace has a loopback device, and it is switched off",
					look: `${where(/setUp\(|CLONE_NEWNET/)}: setUp(inside, "lo"), where inside = openNetwork() after unshare(CLONE_NEWNET)`,
				};
			},
		}),
		requirement({
			id: "address",
			title: "it has a device with an address beside the loopback",
			lasts: true,
			see: ({ command }) => ({
				devices: interfacesOf(command.pid).filter((it) => it !== "lo"),
				addresses: addressesOf(command.pid),
			}),
			judge({ where }, { devices, addresses }) {
				if (devices.length > 0 && addresses.length > 0) return undefined;
				const [device] = devices;
				return {
					seen: device
						? `its ${device} has no address`
						: "its only device is lo",
					why: device
						? "a device without an address can't be sent to"
						: "a network namespace is born with a loopback device and nothing else",
					look: device
						? `${where(/setUp\(inside|addVeth/)}: setUp(inside, "eth0", \`\${ADDRESS}/30\`)`
						: `${where(/addVeth|openNetwork/)}: addVeth(outside, VETH, inside, "eth0")`,
				};
			},
		}),
		requirement({
			id: "cable",
			title: "it and the dev container reach each other",
			lasts: true,
			see: ({ init, command }) => ({
				inwards: reached(init, command.pid),
				outwards: reached(command.pid, init),
			}),
			judge({ where }, { inwards, outwards }) {
				if (inwards && outwards) return undefined;
				return {
					seen: inwards
						? "no connection from the container to the dev container's end of the cable comes about"
						: "no connection from the dev container to the container's address comes about",
					why: "both ends of the cable have to be switched on, and both need an address in one network",
					look: `${where(/setUp\(outside|addVeth/)}: setUp(outside, VETH, \`\${GATEWAY}/30\`) and setUp(inside, "eth0", \`\${ADDRESS}/30\`)`,
				};
			},
		}),
		requirement({
			id: "route",
			title: "it sends everything else through the cable",
			lasts: true,
			see: ({ command }) => hasDefaultRoute(command.pid),
			judge({ where }, has) {
				if (has) return undefined;
				return {
					seen: "it has no default route",
					why: 'the kernel knows the way to the network of each device\'s address, and no other: "Network is unreachable"',
					look: `${where(/addDefaultRoute|setUp\(inside/)}: addDefaultRoute(inside, GATEWAY), when the cable's ends are switched on`,
				};
			},
		}),
		requirement({
			id: "gone",
			title: "no device is left in the dev container afterwards",
			lasts: true,
			judge({ before, after, where }) {
				const left = after.devices.filter((it) => !before.devices.includes(it));
				if (left.length === 0) return undefined;
				return {
					seen: `after the container's end the dev container still has ${left.join(", ")}`,
					why: "a cable is gone when one of its ends is, and a device goes with its namespace. A device whose both ends are in the dev container stays",
					look: `${where(/addVeth/)}: addVeth(outside, VETH, inside, "eth0"), with inside = openNetwork() after unshare(CLONE_NEWNET)`,
				};
			},
		}),
	],
} satisfies Check;

/** Whether one process's network reaches an address of another's. */
function reached(from: Container["init"], to: Container["init"]): boolean {
	return addressesOf(to).some((address) => connects(from, to, address));
}
