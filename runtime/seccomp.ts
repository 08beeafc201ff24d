/**
 * A seccomp filter: a program for the kernel, which runs it at every system call of this process and of all that it
 * starts. It is written in classic BPF, a tiny machine: load a word, compare, jump forward, return a verdict.
 */

import { expectString } from "./arguments.ts";
import { addressOf } from "./libc.ts";
import { prctl } from "./prctl.ts";
import { SYSCALLS, type SyscallName } from "./syscall-numbers.ts";

/** Instructions: what to do, and on what. From <linux/bpf_common.h>. */
const LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS: the word at an offset of struct seccomp_data
const JUMP_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
const JUMP_ABOVE = 0x35; // BPF_JMP | BPF_JGE | BPF_K
const JUMP_BITS = 0x45; // BPF_JMP | BPF_JSET | BPF_K
const RETURN = 0x06; // BPF_RET | BPF_K

/** Where the words are in struct seccomp_data. */
const [NUMBER, ARCHITECTURE, FIRST_ARGUMENT] = [0, 4, 16];

const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const [EPERM, ENOSYS] = [1, 38];
const refuse = (errno: number) => 0x00050000 | errno;

/** This machine's name in the kernel's audit system. From <linux/audit.h>. */
const AUDIT_ARCH: Record<string, number> = {
	x64: 0xc000003e,
	arm64: 0xc00000b7,
};
/** On x86-64 the same kernel offers every call a second time, under a number with this bit. */
const X32_BIT = 0x40000000;

/** All CLONE_NEW… flags of clone(2): with one of them it makes a namespace, as unshare(2) does. CLONE_NEWTIME is none of them. */
const NAMESPACE_FLAGS = 0x7e020000;

type Instruction = [code: number, yes: number, no: number, value: number];

/**
 * Has the kernel refuse these system calls from here on, with EPERM. `clone` is refused only where it asks for a namespace, since a
 * program needs it to start another; and clone3, whose flags a filter can't see, says ENOSYS, so that the C library takes clone.
 * It needs setNoNewPrivs, or CAP_SYS_ADMIN.
 *
 * @param names "unshare", "mount", …
 * @throws SyscallError EACCES: neither no_new_privs nor CAP_SYS_ADMIN.
 * @see seccomp(2), PR_SET_SECCOMP(2const)
 */
export function denySyscalls(...names: SyscallName[]): void {
	const architecture = AUDIT_ARCH[process.arch];
	if (architecture === undefined)
		throw new Error(
			`denySyscalls: its numbers for ${process.arch} are not known`,
		);
	for (const name of names)
		expectString("denySyscalls(...names)", "each name", name);
	const unknown = names.find((name) => !(name in SYSCALLS));
	if (unknown !== undefined)
		throw new TypeError(
			`denySyscalls(...names): ${JSON.stringify(unknown)} is not in runtime/syscall-numbers.ts`,
		);
	const program: Instruction[] = [
		[LOAD, 0, 0, ARCHITECTURE],
		[JUMP_EQUAL, 1, 0, architecture],
		[RETURN, 0, 0, KILL_PROCESS],
		[LOAD, 0, 0, NUMBER],
		[JUMP_ABOVE, 0, 1, X32_BIT],
		[RETURN, 0, 0, refuse(ENOSYS)],
		...names.flatMap(denial),
		[RETURN, 0, 0, ALLOW],
	];
	install(program);
}

/** If this is the call: refuse it. Otherwise go on to the next. */
function denial(name: SyscallName): Instruction[] {
	const number = numberOf(name);
	if (name === "clone")
		return [
			[JUMP_EQUAL, 0, 4, number],
			[LOAD, 0, 0, FIRST_ARGUMENT],
			[JUMP_BITS, 0, 1, NAMESPACE_FLAGS],
			[RETURN, 0, 0, refuse(EPERM)],
			[RETURN, 0, 0, ALLOW],
			[JUMP_EQUAL, 0, 1, numberOf("clone3")],
			[RETURN, 0, 0, refuse(ENOSYS)],
		];
	return [
		[JUMP_EQUAL, 0, 1, number],
		[RETURN, 0, 0, refuse(EPERM)],
	];
}

function numberOf(name: SyscallName): number {
	const [x64, arm64] = SYSCALLS[name];
	return process.arch === "x64" ? x64 : arm64;
}

/** Hands the program to the kernel: struct sock_fprog points to struct sock_filter, eight bytes an instruction. */
function install(program: Instruction[]): void {
	const code = Buffer.alloc(program.length * 8);
	for (const [index, [operation, yes, no, value]] of program.entries()) {
		code.writeUInt16LE(operation, index * 8);
		code.writeUInt8(yes, index * 8 + 2);
		code.writeUInt8(no, index * 8 + 3);
		code.writeUInt32LE(value >>> 0, index * 8 + 4);
	}
	const [PR_SET_SECCOMP, SECCOMP_MODE_FILTER] = [22, 2];
	const header = Buffer.alloc(16);
	header.writeUInt16LE(program.length, 0);
	header.writeBigUInt64LE(addressOf(code), 8);
	prctl(
		[PR_SET_SECCOMP, SECCOMP_MODE_FILTER, Number(addressOf(header))],
		[
			"PR_SET_SECCOMP",
			"SECCOMP_MODE_FILTER",
			`{${program.length} instructions}`,
		],
	);
}
