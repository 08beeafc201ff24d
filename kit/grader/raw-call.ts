/**
 * A program of a few instructions that makes one system call and has no library around it. A root file system
 * has no compiler, and a shell has no command for every call: so a check brings the program along.
 */

import {
	SYSCALLS as NUMBERS,
	type SyscallName,
} from "../../runtime/syscall-numbers.ts";

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
	return runFrom(file, makingNamespaces(call, flags));
}

/** Commands for sh that make a system call with zeros for arguments. `$?` is the error number then, and 0 if there was none. */
export function tryCall(call: SyscallName, file: string): string {
	const code = process.arch === "x64" ? errnoOnX64(call) : errnoOnArm64(call);
	const program = Buffer.alloc(HEADERS + code.length);
	writeHeaders(program);
	code.copy(program, HEADERS);
	return runFrom(file, program);
}

function runFrom(file: string, program: Buffer): string {
	const octal = [...program]
		.map((byte) => `\\${byte.toString(8).padStart(3, "0")}`)
		.join("");
	return `printf '${octal}' >${file}; chmod 755 ${file}; ${file}`;
}

function makingNamespaces(call: Call, flags: number): Buffer {
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

type Invoke = (number: number, first: number, second: number) => number[];

const invokeOnX64: Invoke = (number, first, second) => {
	const word = (value: number) => {
		const bytes = Buffer.alloc(4);
		bytes.writeUInt32LE(value >>> 0);
		return [...bytes];
	};
	return [
		...[0xb8, ...word(number)], // mov eax, number
		...[0xbf, ...word(first)], // mov edi, first
		...[0xbe, ...word(second)], // mov esi, second
		...[0x31, 0xd2], // xor edx, edx
		...[0x4d, 0x31, 0xd2], // xor r10, r10
		...[0x4d, 0x31, 0xc0], // xor r8, r8
		...[0x0f, 0x05], // syscall
	];
};

/** The call; where it returns 0, in a new namespace, a fork; where that returns 0, pause(2). In all other cases exit(2). */
function codeForX64(call: Call, one: number, two: number): Buffer {
	const [clone] = NUMBERS.clone;
	const [PAUSE, EXIT] = [34, 60];
	const test = [0x85, 0xc0]; // test eax, eax
	const jumpIfNot0 = (distance: number) => [0x75, distance];
	const fork = [...invokeOnX64(clone, SIGCHLD, 0), ...test];
	const pause = invokeOnX64(PAUSE, 0, 0);
	const wait = [...pause, 0xeb, 256 - (pause.length + 2)]; // jmp back to the pause
	return Buffer.from([
		...invokeOnX64(NUMBERS[call][0], one, two),
		...test,
		...jumpIfNot0(fork.length + 2 + wait.length),
		...fork,
		...jumpIfNot0(wait.length),
		...wait,
		...invokeOnX64(EXIT, 0, 0),
	]);
}

function errnoOnX64(call: SyscallName): Buffer {
	return Buffer.from([
		...invokeOnX64(NUMBERS[call][0], 0, 0),
		...[0xf7, 0xd8], // neg eax
		...[0x89, 0xc7], // mov edi, eax
		...[0xb8, 60, 0, 0, 0], // mov eax, exit
		...[0x0f, 0x05], // syscall
	]);
}

const SVC = 0xd4000001;

/** movz and movk */
const loadOnArm64 = (register: number, value: number) => [
	0xd2800000 | ((value & 0xffff) << 5) | register,
	0xf2a00000 | ((value >>> 16) << 5) | register,
];

const invokeOnArm64: Invoke = (number, first, second) => [
	...loadOnArm64(8, number),
	...loadOnArm64(0, first),
	...loadOnArm64(1, second),
	...[2, 3, 4].flatMap((register) => loadOnArm64(register, 0)),
	SVC,
];

function codeForArm64(call: Call, one: number, two: number): Buffer {
	const [, clone] = NUMBERS.clone;
	const [PPOLL, EXIT] = [73, 93];
	const jumpIfNot0 = (distance: number) => 0xb5000000 | (distance << 5); // cbnz x0
	const fork = invokeOnArm64(clone, SIGCHLD, 0);
	const wait = invokeOnArm64(PPOLL, 0, 0);
	const back = 0x14000000 | (-wait.length & 0x3ffffff); // b to the ppoll
	return instructions([
		...invokeOnArm64(NUMBERS[call][1], one, two),
		jumpIfNot0(fork.length + 1 + wait.length + 1 + 1),
		...fork,
		jumpIfNot0(wait.length + 1 + 1),
		...wait,
		back,
		...invokeOnArm64(EXIT, 0, 0),
	]);
}

function errnoOnArm64(call: SyscallName): Buffer {
	return instructions([
		...invokeOnArm64(NUMBERS[call][1], 0, 0),
		0xcb0003e0, // neg x0, x0
		...loadOnArm64(8, 93),
		SVC,
	]);
}

function instructions(words: number[]): Buffer {
	const code = Buffer.alloc(words.length * 4);
	for (const [index, word] of words.entries())
		code.writeUInt32LE(word >>> 0, index * 4);
	return code;
}
