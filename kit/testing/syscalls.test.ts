import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import { decodeFlags } from "../../runtime/constants.ts";
import * as runtime from "../../runtime/index.ts";
import { execute, HOME } from "./kit.ts";

const {
	CLONE_NEWPID,
	CLONE_NEWUTS,
	MNT_DETACH,
	MS_PRIVATE,
	MS_REC,
	SyscallError,
} = runtime;

/** The error that a call raises. */
function raised(call: () => unknown): InstanceType<typeof SyscallError> {
	try {
		call();
	} catch (error) {
		return error as InstanceType<typeof SyscallError>;
	}
	throw new Error("it did not fail");
}

test("flags read by name, and what has none in hex", () => {
	expect(decodeFlags("CLONE", CLONE_NEWUTS | CLONE_NEWPID)).toBe(
		"CLONE_NEWUTS|CLONE_NEWPID",
	);
	expect(decodeFlags("MS", MS_REC | MS_PRIVATE)).toBe("MS_REC|MS_PRIVATE");
	expect(decodeFlags("MNT", MNT_DETACH)).toBe("MNT_DETACH");
	expect(decodeFlags("CLONE", runtime.CLONE_NEWTIME)).toBe("CLONE_NEWTIME");
	expect(decodeFlags("MS", 0)).toBe("0");
	expect(decodeFlags("CLONE", CLONE_NEWUTS | 1)).toBe("CLONE_NEWUTS|0x1");
});

describe("a failure is never silent", () => {
	test.each([
		[
			() => runtime.chroot("/nowhere"),
			"chroot",
			['"/nowhere"'],
			2,
			"ENOENT",
			'chroot("/nowhere") failed: ENOENT (No such file or directory)',
		],
		[
			() => runtime.chroot("/etc/passwd"),
			"chroot",
			['"/etc/passwd"'],
			20,
			"ENOTDIR",
			'chroot("/etc/passwd") failed: ENOTDIR (Not a directory)',
		],
		[
			() => runtime.chdir("/nowhere"),
			"chdir",
			['"/nowhere"'],
			2,
			"ENOENT",
			'chdir("/nowhere") failed: ENOENT (No such file or directory)',
		],
		[
			() => runtime.umount("/etc", MNT_DETACH),
			"umount2",
			['"/etc"', "MNT_DETACH"],
			22,
			"EINVAL",
			'umount2("/etc", MNT_DETACH) failed: EINVAL (Invalid argument)',
		],
		[
			() => runtime.mount("a", "/nowhere", "proc", 0, "b"),
			"mount",
			['"a"', '"/nowhere"', '"proc"', "0", '"b"'],
			2,
			"ENOENT",
			'mount("a", "/nowhere", "proc", 0, "b") failed: ENOENT (No such file or directory)',
		],
		[
			() => runtime.unshare(runtime.CLONE_NEWUSER),
			"unshare",
			["CLONE_NEWUSER"],
			22,
			"EINVAL",
			"unshare(CLONE_NEWUSER) failed: EINVAL (Invalid argument)",
		],
		[
			() => runtime.sethostname("x".repeat(65)),
			"sethostname",
			[`"${"x".repeat(65)}"`, "65"],
			22,
			"EINVAL",
			`sethostname("${"x".repeat(65)}", 65) failed: EINVAL (Invalid argument)`,
		],
	])("%s", (call, syscall, args, errno, code, message) => {
		const error = raised(call);
		expect(error).toBeInstanceOf(SyscallError);
		expect({ ...error, message: error.message }).toMatchObject({
			syscall,
			args,
			errno,
			code,
			message,
		});
	});

	test("a host name's length is counted in bytes", () => {
		const name = hostname();
		// 22 letters, 66 bytes: refused by the kernel, so this machine's name is safe.
		expect(raised(() => runtime.sethostname("容".repeat(22))).message).toMatch(
			/, 66\) failed: EINVAL/,
		);
		expect(hostname()).toBe(name);
	});
});

test.each([
	[
		() => runtime.chroot(undefined as never),
		/chroot\(path\): path must be a string, and it is undefined/,
	],
	[() => runtime.chdir("/etc\0/passwd"), /path contains a NUL byte/],
	[
		() => runtime.unshare(undefined as never),
		/flags must be a whole number.*it is undefined/,
	],
	[() => runtime.unshare("CLONE_NEWUTS" as never), /it is "CLONE_NEWUTS"/],
	[
		() => runtime.mount("proc", "/proc", "proc", 0.5),
		/flags must be a whole number/,
	],
	...[-1, 2 ** 32, 2 ** 53, 1 << 31].map((flags): [() => void, RegExp] => [
		() => runtime.unshare(flags),
		new RegExp(`flags must be from 0 to .* it is ${flags}`),
	]),
	[
		() => runtime.mount("proc", "/proc", "proc", 2 ** 53),
		/flags must be from 0 to/,
	],
	[
		() => runtime.mount(null, "/", null, MS_PRIVATE & MS_REC),
		/flags are 0.*join several flags with \|/,
	],
	[() => runtime.unshare(1n as never), /it is 1n/],
	[() => runtime.unshare(Symbol("x") as never), /it is Symbol\(x\)/],
	[() => runtime.execvp([]), /must be an array of strings/],
	[() => runtime.execvp("ls" as never), /must be an array of strings/],
])("arguments of the wrong kind never reach the kernel: %s", (call, says) => {
	const error = raised(call);
	expect(error).toBeInstanceOf(TypeError);
	expect(error.message).toMatch(says);
});

test("nothing in the runtime names a C library's file or a system call's number", async () => {
	const { stdout } = await execute(
		[
			"grep",
			"-rnE",
			"libc\\.so|ld-musl|SYS_[a-z]|syscall\\([0-9]",
			"--include=*.ts",
			"--exclude=*.test.ts",
			"runtime",
		],
		{ cwd: HOME },
	);
	expect(stdout).toBe("");
});
