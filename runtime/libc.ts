/**
 * Calls the C library that Node itself is linked to, through koffi. No library's
 * file name and no system call number is used, so the code is the same for glibc
 * and musl, x86-64 and arm64.
 */

import { createRequire } from "node:module";
import { constants } from "node:os";
import type { KoffiFunc, LibraryHandle } from "koffi";

/** A C function as koffi declares it. TypeScript does not check its arguments. */
// biome-ignore lint/suspicious/noExplicitAny: the prototype is text, out of the reach of types
type CFunction = KoffiFunc<(...args: any[]) => any>;

const require = createRequire(import.meta.url);

let koffi: typeof import("koffi") | undefined;
let libc: LibraryHandle | undefined;
const declared = new Map<string, CFunction>();

/** The function of that C prototype. It is declared on first use, since a container needs few of them. */
export function cfunction(prototype: string): CFunction {
	let known = declared.get(prototype);
	if (!known) {
		koffi ??= loadKoffi();
		libc ??= koffi.load(null);
		known = libc.func(prototype);
		declared.set(prototype, known);
	}
	return known;
}

/** Where a buffer lies in memory. It stays there as long as something refers to the buffer. */
export function addressOf(buffer: Buffer): bigint {
	koffi ??= loadKoffi();
	return koffi.address(buffer);
}

/** The error number that the last failed call in this thread left behind. errno(3) */
export function lastErrno(): number {
	return koffi?.errno() ?? 0;
}

/**
 * Loads koffi's native module directly. koffi's JavaScript makes Node 24 load
 * forty modules, which takes a third of Node's own start. If the usual file does
 * not load (on musl, for example), koffi's JavaScript finds the right one.
 */
function loadKoffi(): typeof import("koffi") {
	const kind = `${process.platform}-${process.arch}`;
	const file = `${kind.replace("-", "_")}/koffi.node`;
	try {
		return require(`@koromix/koffi-${kind}/${file}`);
	} catch {
		return require("koffi");
	}
}

/** An error number's symbol: 1 is "EPERM". errno(3) */
export function errnoName(errno: number): string {
	for (const [name, number] of Object.entries(constants.errno))
		if (number === errno) return name;
	return `errno ${errno}`;
}

/** An error number in the C library's words: 1 is "Operation not permitted". strerror(3) */
export function strerror(errno: number): string {
	return cfunction("const char *strerror(int errnum)")(errno);
}
