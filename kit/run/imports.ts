/** What a container.ts imports from "#runtime", and what "#runtime" exports. */

import { createRequire } from "node:module";
import { readFileSync } from "../../runtime/fs.ts";

/**
 * Throws, as Node's own loader does, when a container.ts imports a name that
 * "#runtime" does not export.
 */
export function refuseMissingImports(file: string): void {
	const source = readFileSync(file, "utf8");
	const [, list = ""] =
		/import\s*\{([^}]*)\}\s*from\s*["']#runtime["']/.exec(source) ?? [];
	for (const entry of list.replace(/\/\/.*/g, "").split(",")) {
		const [name = ""] = entry
			.trim()
			.replace(/^type\s+.*/, "")
			.split(/\s+as\s+/);
		if (name && !runtimeNames().includes(name))
			throw new SyntaxError(
				`The requested module '#runtime' does not provide an export named '${name}'`,
			);
	}
}

/** The names that "#runtime" exports. */
export function runtimeNames(): string[] {
	return Object.keys(createRequire(import.meta.url)("../../runtime/index.ts"));
}
