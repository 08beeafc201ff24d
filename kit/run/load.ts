/** Loads a container.ts. Refuses a file that lacks a role or imports a name that does not exist. */

import { createRequire } from "node:module";
import { dirname } from "node:path";
import { existsSync } from "../../runtime/fs.ts";

// require() and not import(): tsx's quick CommonJS hook works on require() only.
// Node itself loads a module either way.
const require = createRequire(import.meta.url);

export interface Container {
	run(command: string[]): Promise<number>;
	child(command: string[]): never;
}

/** @throws Error if the file can't be used; its message is for the learner */
export function loadContainer(file: string): Container {
	if (!existsSync(file)) throw new Error(missing(file));
	const container: Partial<Container> = require(file);
	// tsx turns a missing import into undefined, and a flag would silently be 0.
	if (!("typescript" in process.features && process.features.typescript)) {
		const { refuseMissingImports } =
			require("./imports.ts") as typeof import("./imports.ts");
		refuseMissingImports(file);
	}
	for (const name of ["run", "child"] as const)
		if (typeof container[name] !== "function")
			throw new TypeError(
				`it must export a function ${name}(command: string[]), and ${name in container ? `${name} is ${typeof container[name]}` : "there is none"}`,
			);
	return container as Container;
}

function missing(file: string): string {
	const steps = dirname(dirname(file));
	if (!existsSync(steps))
		return `the folder ${steps} is missing: was it moved or renamed? Move it back, or restore it from git: git checkout -- steps`;
	return "there is no such file. npm run reset brings the starter back";
}
