import { constants } from "node:os";
import { describe, expect, test } from "vitest";
import { SyscallError } from "../../runtime/errors.ts";
import { kitWithChange } from "../testing/changed.ts";
import { execute, run, scriptWords } from "../testing/kit.ts";
import { advise } from "./advice.ts";

type Code = keyof typeof constants.errno;

const adviceOn = (syscall: string, code: Code, args: string[], above = "") =>
	advise(new SyscallError(syscall, args, constants.errno[code]), above);

const OVERLAY = ['"overlay"', '"/rootfs"', '"overlay"', "0", '"lowerdir=…"'];

test.each<[string, Code, string[], RegExp]>([
	[
		"pivot_root",
		"EPERM",
		['"."', '"."'],
		/Docker's default.*seccomp=docker\/seccomp\.json.*MS_MOVE/,
	],
	[
		"pivot_root",
		"EBUSY",
		['"."', '"."'],
		/the root already.*chdir\(ROOTFS\) after/,
	],
	[
		"pivot_root",
		"EINVAL",
		['"."', '"."'],
		/no mount point.*shared.*MS_PRIVATE/,
	],
	["mount", "EINVAL", OVERLAY, /upperdir.*tmpfs.*blank.*dmesg/],
	["mount", "ENOENT", OVERLAY, /lowerdir.*plain quotes.*mkdir.*backquotes/],
	[
		"mount",
		"ENOENT",
		['"devpts"', '"/dev/pts"', '"devpts"'],
		/no directory "\/dev\/pts".*makeDevices\("\/dev"\)/,
	],
	["netlink", "EPERM", ["RTM_NEWLINK"], /CAP_NET_ADMIN.*--cap-add=NET_ADMIN/],
	["netlink", "ENOTSUP", ["RTM_NEWLINK"], /veth.*modprobe veth/],
	["netlink", "EEXIST", ["RTM_NEWLINK"], /CLONE_NEWNET.*VETH/],
	[
		"write",
		"ENOENT",
		['"/sys/fs/cgroup/x/pid.max"', '"20"'],
		/no such file.*joinCgroup before pivotRoot/,
	],
	[
		"write",
		"EROFS",
		['"/sys/fs/cgroup/x/pids.max"', '"20"'],
		/can't be written.*joinCgroup\(\) as the first line/,
	],
	["mkdir", "EROFS", ['"/sys/fs/cgroup/x"', "0755"], /can't be written/],
	["capset", "EPERM", ["self"], /capabilities that it has not/],
	[
		"prctl",
		"EACCES",
		["PR_SET_SECCOMP"],
		/setNoNewPrivs\(\) above denySyscalls/,
	],
	["setresgid", "EPERM", ["1", "1", "1"], /setuid last/],
])("%s %s %j", (syscall, code, args, says) => {
	const advice = adviceOn(syscall, code, args);
	expect(`${advice?.means}. ${advice?.todo}`).toMatch(says);
});

test("mkdir elsewhere says nothing of cgroups", () => {
	expect(adviceOn("mkdir", "ENOENT", ['"/mnt/upper"', "0755"])).toBeUndefined();
});

describe("what the learner's own code has taken away is not Docker's doing", () => {
	const told = async (
		step: number,
		edit: (text: string) => string,
		command = "true",
	) => {
		const kit = kitWithChange(step, edit);
		return (await run("step", [String(step), command], { kit })).stderr;
	};

	test("a filter above the mounts", async () => {
		const text = await told(12, (it) =>
			it
				.replace("import {", "import { denySyscalls,")
				.replace(
					'\tmount("proc"',
					'\tdenySyscalls("mount", "unshare");\n\tmount("proc"',
				),
		);
		expect(text).toContain("your own filter refuses mount");
		expect(text).not.toContain("seccomp=");
	});

	test("capabilities that run gives up", async () => {
		const text = await told(12, (it) =>
			it
				.replace("\tlimitCapabilities(DOCKER_CAPABILITIES);\n", "")
				.replace(
					"\treturn reexec",
					"\tlimitCapabilities(DOCKER_CAPABILITIES);\n\treturn reexec",
				),
		);
		expect(text).toContain(
			"limitCapabilities(…) in run() counts for the child",
		);
		expect(text).not.toContain("cap-add");
	});
});

test("without CAP_NET_ADMIN, step 11 says what the dev container lacks", async () => {
	const { stderr, status } = await execute([
		...["setpriv", "--bounding-set=-net_admin"],
		...[...scriptWords("solution"), "11", "true"],
	]);
	expect(stderr).toContain("--cap-add=NET_ADMIN");
	expect(status).toBe(125);
});
