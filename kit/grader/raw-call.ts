/**
 * A program of a few instructions that makes one system call and has no library around it. A root file system
 * has no compiler, and a shell has no command for every call: so a check brings the program along.
 */

import { SYSCALLS as NUMBERS } from "../../runtime/syscall-numbers.ts";

/** Where the program lies in memory, and what is before its code: struct Elf64_Ehdr and struct Elf64_Phdr. */
const BASE = 0x400000;
const HEADERS = 64 + 56;
/** Behind the code, whose length is less than this: struct clone_args of clone3. */
const STRUCT = 512;
const STRUCT_BYTES = 64;

const SIGCHLD = 17;

/** Calls that make namespaces. */
type Call = keyof Pick<typeof NUMBERS, "unshare" | "clone" | "clone3">;

/**
 * Commands for sh that write a program to a file and run it. The program makes new namespaces by one system call.
 * If the kernel allows that, a process stays in them, to be seen from outside.
 */
export function tryNamespaces(call: Call, flags: number, file: string): string {
	const octal = [...program(call, flags)]
		.map((byte) => `\\${byte.toString(8).padStart(3, "0")}`)
		.join("");
	return `printf '${octal}' >${file}; chmod 755 ${file}; ${file}; rm ${file}`;
}

function program(call: Call, flags: number): Buffer {
	const args = {
		unshare: [flags, 0],
		clone: [flags | SIGCHLD, 0],
		clone3: [BASE + STRUCT, STRUCT_BYTES],
	}[call];
	const [one = 0, two = 0] = args;
	const code =
		process.arch === "x64"
			? codeForX64(call, one, two)
			: codeForArm64(call, one, two);
	const file = Buffer.alloc(STRUCT + STRUCT_BYTES);
	writeHeaders(file);
	code.copy(file, HEADERS);
	file.writeBigUInt64LE(BigInt(flags), STRUCT);
	file.writeBigUInt64LE(BigInt(SIGCHLD), STRUCT + 4 * 8);
	return file;
}

/** elf(5) */
function writeHeaders(file: Buffer): void {
	const [EXECUTABLE, LOAD, READ_EXECUTE] = [2, 1, 5];
	const MACHINE = process.arch === "x64" ? 62 : 183;
	file.write("\x7fELF\x02\x01\x01", "latin1");
	file.writeUInt16LE(EXECUTABLE, 16);
	file.writeUInt16LE(MACHINE, 18);
	file.writeUInt32LE(1, 20);
	file.writeBigUInt64LE(BigInt(BASE + HEADERS), 24);
	file.writeBigUInt64LE(64n, 32);
	file.writeUInt16LE(64, 52);
	file.writeUInt16LE(56, 54);
	file.writeUInt16LE(1, 56);
	file.writeUInt32LE(LOAD, 64);
	file.writeUInt32LE(READ_EXECUTE, 68);
	file.writeBigUInt64LE(BigInt(BASE), 80);
	file.writeBigUInt64LE(BigInt(BASE), 88);
	file.writeBigUInt64LE(BigInt(file.length), 96);
	file.writeBigUInt64LE(BigInt(file.length), 104);
	file.writeBigUInt64LE(0x10000n, 112);
}

/** The call; where it returns 0, in a new namespace, a fork; where that returns 0, pause(2). In all other cases exit(2). */
function codeForX64(call: Call, one: number, two: number): Buffer {
	const [clone] = NUMBERS.clone;
	const word = (value: number) => {
		const bytes = Buffer.alloc(4);
		bytes.writeUInt32LE(value >>> 0);
		return [...bytes];
	};
	const invoke = (number: number, first: number, second: number) => [
		...[0xb8, ...word(number)], // mov eax, number
		...[0xbf, ...word(first)], // mov edi, first
		...[0xbe, ...word(second)], // mov esi, second
		...[0x31, 0xd2], // xor edx, edx
		...[0x4d, 0x31, 0xd2], // xor r10, r10
		...[0x4d, 0x31, 0xc0], // xor r8, r8
		...[0x0f, 0x05], // syscall
		...[0x85, 0xc0], // test eax, eax
	];
	const [PAUSE, EXIT] = [34, 60];
	const fork = invoke(clone, SIGCHLD, 0);
	const wait = [...invoke(PAUSE, 0, 0), 0xeb, 0];
	wait[wait.length - 1] = 256 - wait.length; // jmp to the pause
	return Buffer.from([
		...invoke(NUMBERS[call][0], one, two),
		...[0x75, fork.length + 2 + wait.length], // jnz to the exit
		...fork,
		...[0x75, wait.length], // jnz to the exit
		...wait,
		...invoke(EXIT, 0, 0),
	]);
}

function codeForArm64(call: Call, one: number, two: number): Buffer {
	const [, clone] = NUMBERS.clone;
	const MOVZ = 0xd2800000;
	const MOVK_HIGH = 0xf2a00000;
	const load = (register: number, value: number) => [
		MOVZ | ((value & 0xffff) << 5) | register,
		MOVK_HIGH | ((value >>> 16) << 5) | register,
	];
	const SVC = 0xd4000001;
	const invoke = (number: number, first: number, second: number) => [
		...load(8, number),
		...load(0, first),
		...load(1, second),
		...[2, 3, 4].flatMap((register) => load(register, 0)),
		SVC,
	];
	const notZero = (forward: number) => 0xb5000000 | (forward << 5); // cbnz x0
	const [PPOLL, EXIT] = [73, 93];
	const fork = invoke(clone, SIGCHLD, 0);
	const wait = invoke(PPOLL, 0, 0);
	const back = 0x14000000 | (-wait.length & 0x3ffffff); // b to the ppoll
	const instructions = [
		...invoke(NUMBERS[call][1], one, two),
		notZero(fork.length + 1 + wait.length + 1 + 1),
		...fork,
		notZero(wait.length + 1 + 1),
		...wait,
		back,
		...invoke(EXIT, 0, 0),
	];
	const code = Buffer.alloc(instructions.length * 4);
	for (const [index, instruction] of instructions.entries())
		code.writeUInt32LE(instruction >>> 0, index * 4);
	return code;
}
