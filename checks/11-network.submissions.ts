import type { Submissions } from "../kit/grader/index.ts";

const OUTSIDE = "const outside = openNetwork();";
const UNSHARE = "unshare(CLONE_NEWNET | CLONE_NEWIPC);";
const INSIDE = "const inside = openNetwork();";
const LO = 'setUp(inside, "lo");';
const CABLE = 'addVeth(outside, VETH, inside, "eth0");';
const OUTER = "setUp(outside, VETH, `$" + "{GATEWAY}/30`);";
const INNER = 'setUp(inside, "eth0", `$' + "{ADDRESS}/30`);";
const ROUTE = "addDefaultRoute(inside, GATEWAY);";
const PID = "unshare(CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNS);";

/** The same by ip(8), in a process of its own. */
const EXEC = 'import { execFileSync } from "node:child_process";';
const ip = (words: string) => `execFileSync("ip", "${words}".split(" "));`;

const wrong: Submissions["wrong"] = [
	{
		what: "no network namespace",
		fails: "net",
		edit: {
			[UNSHARE]: "unshare(CLONE_NEWIPC);",
			[CABLE]: 'addVeth(outside, VETH, inside, "peer");',
			'"eth0", `': '"peer", `',
		},
	},
	{
		what: "nothing is done about the network",
		fails: "net",
		edit: {
			[OUTSIDE]: "",
			[UNSHARE]: "",
			[INSIDE]: "",
			[LO]: "",
			[CABLE]: "",
			[OUTER]: "",
			[INNER]: "",
			[ROUTE]: "",
		},
	},
	{
		what: "no IPC namespace",
		fails: "ipc",
		edit: { " | CLONE_NEWIPC": "" },
	},
	{
		what: "the flags alone",
		fails: "loopback",
		edit: {
			[OUTSIDE]: "",
			[INSIDE]: "",
			[LO]: "",
			[CABLE]: "",
			[OUTER]: "",
			[INNER]: "",
			[ROUTE]: "",
		},
	},
	{ what: "the loopback stays off", fails: "loopback", edit: { [LO]: "" } },
	{
		what: "the loopback of the dev container",
		fails: "loopback",
		edit: { [LO]: 'setUp(outside, "lo");' },
	},
	{
		what: "no cable",
		fails: "address",
		edit: { [CABLE]: "", [OUTER]: "", [INNER]: "", [ROUTE]: "" },
	},
	{
		what: "no address inside",
		fails: "address",
		edit: { [INNER]: 'setUp(inside, "eth0");', [ROUTE]: "" },
	},
	{
		what: "no address outside",
		fails: "cable",
		edit: { [OUTER]: "setUp(outside, VETH);" },
	},
	{
		what: "the outer end stays off",
		fails: "cable",
		edit: { [OUTER]: "" },
	},
	{
		what: "two networks on one cable",
		fails: "cable",
		edit: { [OUTER]: 'setUp(outside, VETH, "192.168.77.1/30");', [ROUTE]: "" },
	},
	{ what: "no route", fails: "route", edit: { [ROUTE]: "" } },
	{
		what: "a second cable, of which both ends are outside",
		fails: "gone",
		edit: { [CABLE]: `${CABLE} addVeth(outside, "left0", outside, "left1");` },
	},
	{
		what: "both networks opened before unshare",
		fails: "loopback",
		edit: {
			[INSIDE]: "",
			[OUTSIDE]: `${OUTSIDE} ${INSIDE}`,
		},
	},
	{
		what: "both networks opened after unshare",
		fails: "cable",
		edit: {
			[OUTSIDE]: "",
			[INSIDE]: `${OUTSIDE} ${INSIDE}`,
		},
	},
	{
		what: "both ends have one name",
		fails: "runs",
		edit: {
			[UNSHARE]: "unshare(CLONE_NEWIPC);",
			[CABLE]: "addVeth(outside, VETH, inside, VETH);",
		},
	},
	{
		what: "an address without the length of its network",
		fails: "runs",
		edit: { [INNER]: 'setUp(inside, "eth0", ADDRESS);' },
	},
	{
		what: "the route before the address",
		fails: "runs",
		edit: { [ROUTE]: "", [INNER]: `${ROUTE} ${INNER}` },
	},
	{
		what: "ip(8) after CLONE_NEWPID: it becomes PID 1",
		fails: "runs",
		top: EXEC,
		edit: { [LO]: ip("link set lo up") },
	},
	{
		what: "the child makes the namespace",
		fails: "cable",
		edit: {
			[UNSHARE]: "unshare(CLONE_NEWIPC);",
			[CABLE]: 'addVeth(outside, VETH, inside, "peer0");',
			[OUTER]: "",
			[INNER]: "",
			[ROUTE]: "",
			"unshare(CLONE_NEWNS |":
				'unshare(CLONE_NEWNET); const own = openNetwork(); setUp(own, "lo"); addVeth(own, "a", own, "b"); setUp(own, "a", "10.99.0.1/30"); unshare(CLONE_NEWNS |',
		},
	},
];

const right: Submissions["right"] = [
	{
		what: "the cable is laid from inside",
		edit: { [CABLE]: 'addVeth(inside, "eth0", outside, VETH);' },
	},
	{
		what: "other addresses, a wider network, another device",
		edit: {
			[CABLE]: 'addVeth(outside, "toothed0", inside, "net0");',
			[OUTER]: 'setUp(outside, "toothed0", "192.168.77.1/24");',
			[INNER]: 'setUp(inside, "net0", "192.168.77.9/24");',
			[ROUTE]: 'addDefaultRoute(inside, "192.168.77.1");',
		},
	},
	{
		what: "ip(8), before CLONE_NEWPID",
		top: EXEC,
		edit: {
			[PID]: "",
			[LO]: ip("link set lo up"),
			[ROUTE]: `${ROUTE} ${PID}`,
		},
	},
	{
		what: "the IPC namespace in child",
		edit: {
			" | CLONE_NEWIPC": "",
			"unshare(CLONE_NEWNS |": "unshare(CLONE_NEWIPC | CLONE_NEWNS |",
		},
	},
	{
		what: "all namespaces in one call",
		edit: {
			[OUTSIDE]: "",
			[UNSHARE]: "",
			[PID]: `${OUTSIDE} unshare(CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC);`,
		},
	},
	{
		what: "the inner end first, the loopback last",
		edit: { [LO]: "", [OUTER]: "", [ROUTE]: `${OUTER} ${ROUTE} ${LO}` },
	},
];

export default { wrong, right };
