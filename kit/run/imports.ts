/** What a container.ts imports from "#runtime", and what "#runtime" exports. */

import { createRequire } from "node:module";
import { readFileSync } from "../../runtime/fs.ts";

/**
 * Throws, as Node's own loader does, when a container.ts imports a name that
 * "#runtime" does not export.
 */
export function refuseMissingImports(file: string): void {
	const [missing] = missingImports(file);
	if (missing)
		throw new SyntaxError(
			`The requested module '#runtime' does not provide an export named '${missing}'`,
		);
}

/** The names that a container.ts imports, and "#runtime" does not export. */
export function missingImports(file: string): string[] {
	const names = runtimeNames();
	return importedBy(readFileSync(file, "utf8")).filter(
		(name) => !names.includes(name),
	);
}

/** The runtime's names that a container.ts uses, and does not import. */
export function usedUnimported(file: string): string[] {
	const source = readFileSync(file, "utf8");
	const imported = importedBy(source);
	const code = source
		.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")
		.replace(/(["'`])(?:\\.|(?!\1).)*\1/g, "");
	return runtimeNames().filter(
		(name) =>
			!imported.includes(name) &&
			new RegExp(`(?<![.\\w])${name}\\b`).test(code),
	);
}

function importedBy(source: string): string[] {
	const [, list = ""] =
		/import\s*\{([^}]*)\}\s*from\s*["']#runtime["']/.exec(source) ?? [];
	return list
		.replace(/\/\/.*/g, "")
		.split(",")
		.map((entry) => entry.trim().replace(/^type\s+.*/, ""))
		.map((entry) => entry.split(/\s+as\s+/)[0] ?? "")
		.filter((name) => name !== "");
}

/** The names that "#runtime" exports. */
export function runtimeNames(): string[] {
	return Object.keys(createRequire(import.meta.url)("../../runtime/index.ts"));
}
