import type { Submissions } from "../kit/grader/index.ts";

const LIMIT = "limitCapabilities(DOCKER_CAPABILITIES);";
const BIT = "setNoNewPrivs();";
const EXEC = "execvp(command);";
const OWN = "unshare(CLONE_NEWNS | CLONE_NEWCGROUP);";

const wrong: Submissions["wrong"] = [
	{ what: "neither call", fails: "bounding", edit: { [LIMIT]: "", [BIT]: "" } },
	{ what: "all capabilities", fails: "bounding", edit: { [LIMIT]: "" } },
	{
		what: "below execvp",
		fails: "bounding",
		edit: { [LIMIT]: "", [BIT]: "", [EXEC]: `${EXEC} ${LIMIT} ${BIT}` },
	},
	{
		what: "one more: CAP_SYS_ADMIN",
		fails: "bounding",
		edit: {
			[LIMIT]: 'limitCapabilities([...DOCKER_CAPABILITIES, "CAP_SYS_ADMIN"]);',
		},
	},
	{
		what: "one more: the one to look into other processes",
		fails: "bounding",
		edit: {
			[LIMIT]: 'limitCapabilities([...DOCKER_CAPABILITIES, "CAP_SYS_PTRACE"]);',
		},
	},
	{
		what: "the bounding set alone, and the inheritable set has one of the others",
		fails: "effective",
		top: `
import { prctl } from "../../runtime/prctl.ts";
import { syscall } from "../../runtime/syscalls.ts";

function inherit(bit: number): void {
	const header = Uint32Array.of(0x20080522, 0);
	const sets = new Uint32Array(6);
	syscall("int capget(void *header, void *data)", [header, sets], []);
	sets[2] = (sets[2] ?? 0) | (1 << bit);
	syscall("int capset(void *header, const void *data)", [header, sets], []);
}`,
		edit: {
			[LIMIT]: `
	inherit(21);
	for (let bit = 0; bit < 41; bit++)
		if (bit > 31 || !((0xa80425fb >>> bit) & 1)) prctl([24, bit], []);`,
		},
	},
	{
		what: "none at all",
		fails: "kept",
		edit: { [LIMIT]: "limitCapabilities([]);" },
	},
	{
		what: "two of the fourteen are forgotten",
		fails: "kept",
		edit: {
			[LIMIT]:
				'limitCapabilities(DOCKER_CAPABILITIES.filter((name) => !name.startsWith("CAP_SET")));',
		},
	},
	{
		what: "new privileges are allowed",
		fails: "no-new-privileges",
		edit: { [BIT]: "" },
	},
	{
		what: "in run",
		fails: "runs",
		edit: { [LIMIT]: "", "return reexec": `${LIMIT} return reexec` },
	},
	{
		what: "names without CAP_",
		fails: "runs",
		edit: {
			[LIMIT]:
				'limitCapabilities(["CHOWN", "KILL", "SETUID"] as unknown as typeof DOCKER_CAPABILITIES);',
		},
	},
	{
		what: "a program with all capabilities in between",
		fails: "exec",
		edit: {
			[EXEC]: 'execvp(["sh", "-c", \'"$@"; exit $?\', "sh", ...command]);',
		},
	},
	{
		what: "nothing of step 9 is locked",
		fails: "devices",
		edit: {
			"for (const path of READONLY_PATHS) makeReadOnly(path);": "",
		},
	},
	{
		what: "the cgroup namespace is forgotten",
		fails: "cgroup",
		edit: { [OWN]: "unshare(CLONE_NEWNS);" },
	},
	{
		what: "the loopback is forgotten",
		fails: "network",
		edit: { 'setUp(inside, "lo");': "" },
	},
];

const right: Submissions["right"] = [
	{ what: "the other order", edit: { [LIMIT]: "", [BIT]: `${BIT} ${LIMIT}` } },
	{
		what: "at the top of child",
		edit: { [LIMIT]: "", [BIT]: "", [OWN]: `${OWN} ${LIMIT} ${BIT}` },
	},
	{
		what: "twice",
		edit: { [LIMIT]: `${LIMIT} ${LIMIT}` },
	},
	{
		what: "no new privileges from run on",
		edit: { [BIT]: "", "return reexec": `${BIT} return reexec` },
	},
	{
		what: "the names written out",
		edit: {
			[LIMIT]: `limitCapabilities([
		"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD", "CAP_NET_RAW",
		"CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT", "CAP_NET_BIND_SERVICE", "CAP_AUDIT_WRITE",
	]);`,
		},
	},
	{
		what: "the list in another order",
		edit: { [LIMIT]: "limitCapabilities([...DOCKER_CAPABILITIES].reverse());" },
	},
];

export default { wrong, right };
