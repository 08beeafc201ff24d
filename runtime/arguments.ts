/** Checks of what a container.ts passes: an argument of the wrong kind never reaches the kernel. */

/** A string as C would write it, for messages and the trace. */
export function quote(value: string | null): string {
	return value === null ? "NULL" : JSON.stringify(value);
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

/** Requires flags: whole numbers, joined by `|`. */
export function expectFlags(
	shape: string,
	parameter: string,
	value: unknown,
): void {
	if (typeof value === "number" && Number.isInteger(value)) return;
	throw new TypeError(
		`${shape}: ${parameter} must be a whole number, such as CLONE_NEWUTS or MS_BIND | MS_REC, and it is ${kind(value)}`,
	);
}

/** Requires a program's name and its arguments. */
export function expectCommand(shape: string, command: unknown): void {
	if (!Array.isArray(command) || command.length === 0)
		throw new TypeError(
			`${shape}: command must be an array of strings, the program's name first`,
		);
	for (const word of command) expectString(shape, "each word of command", word);
}

function kind(value: unknown): string {
	if (value === undefined || value === null) return String(value);
	return typeof value === "object" ? "an object" : JSON.stringify(value);
}
