/** Checks of what a container.ts passes: an argument of the wrong kind never reaches the kernel. */

/** A string as C would write it, for messages and the trace. */
export function quote(value: string | null): string {
	if (value === null) return "NULL";
	// JSON leaves DEL, C1 controls and such, which a terminal obeys.
	return JSON.stringify(value).replace(
		/\p{C}/gu,
		(it) => `\\u{${it.codePointAt(0)?.toString(16)}}`,
	);
}

/**
 * Requires a string that C can take. A NUL byte would end it early, and the kernel
 * would use another name.
 */
export function expectString(
	shape: string,
	parameter: string,
	value: unknown,
): asserts value is string {
	if (typeof value !== "string")
		throw new TypeError(
			`${shape}: ${parameter} must be a string, and it is ${kind(value)}`,
		);
	if (value.includes("\0"))
		throw new TypeError(`${shape}: ${parameter} contains a NUL byte`);
}

/** Requires flags: whole numbers of 32 bits, joined by `|`. The kernel would get other bits of a larger or a negative one. */
export function expectFlags(
	shape: string,
	parameter: string,
	value: unknown,
): void {
	if (typeof value === "number" && Number.isInteger(value)) {
		if (value >= 0 && value <= 0xffffffff) return;
		throw new TypeError(
			`${shape}: ${parameter} must be from 0 to 2 ** 32 - 1, and it is ${value}${value === 1 << 31 ? ": JavaScript's 1 << 31 is negative; write 2 ** 31" : ""}`,
		);
	}
	throw new TypeError(
		`${shape}: ${parameter} must be a whole number, such as CLONE_NEWUTS or MS_BIND | MS_REC, and it is ${kind(value)}`,
	);
}

/** Requires a program's name and its arguments. */
export function expectCommand(shape: string, command: unknown): void {
	expectWords(shape, command);
	if (command.length === 0)
		throw new TypeError(
			`${shape}: command must be an array of strings, the program's name first, and it is empty`,
		);
}

/** Requires an array of strings, which may be empty. */
export function expectWords(
	shape: string,
	command: unknown,
): asserts command is string[] {
	if (!Array.isArray(command))
		throw new TypeError(
			`${shape}: command must be an array of strings, the program's name first`,
		);
	for (const word of command) expectString(shape, "each word of command", word);
}

function kind(value: unknown): string {
	if (value === undefined || value === null) return String(value);
	if (Array.isArray(value)) return "an array";
	if (typeof value === "object") return "an object";
	if (typeof value === "string") return quote(value);
	if (typeof value === "function") return "a function";
	return typeof value === "bigint" ? `${value}n` : String(value);
}
