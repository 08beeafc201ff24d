// Where every `npm run …` begins: `node runtime/launch.js steps/run.ts step 3`.
//
// Loads a TypeScript file of the kit, by Node itself where it can (22.18 and
// later) and by tsx where it can't, and makes what its `main` returns the exit
// status. It is JavaScript because something has to run first.

import { existsSync, writeSync } from "node:fs";
import module, { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const home = join(import.meta.dirname, "..");
const [, , file = "", ...args] = process.argv;
const path = join(home, file);

process.exitCode = (await start()) || process.exitCode;

/** @returns {Promise<number>} */
async function start() {
	if (!existsSync(path))
		return stop(
			`${path} is missing. Was its folder moved or renamed?\n` +
				`Move it back, or take it from git: git checkout -- ${file.split("/")[0]}`,
		);
	if (!existsSync(join(home, "node_modules/koffi")))
		return stop(
			"The kit's packages are not installed here.\n" +
				"Open the dev container: docker compose run --rm dev. Or install them: npm ci",
		);
	try {
		const { main } = await load();
		return await main(args);
	} catch (error) {
		const { exitStatus, message } = /** @type {any} */ (error);
		if (exitStatus === undefined) throw error;
		return stop(message, exitStatus);
	}
}

async function load() {
	// Compiled code is kept, where Node can (22.1 and later).
	// @ts-expect-error: the types are those of Node 20.
	module.enableCompileCache?.(join(home, "node_modules/.cache/compile"));

	// @ts-expect-error: likewise.
	if (process.features.typescript) return import(pathToFileURL(path).href);

	// The CommonJS hook, because it works in this thread: half the time of the
	// module hook, which starts a thread of its own.
	const { register } = await import("tsx/cjs/api");
	register();
	return createRequire(import.meta.url)(path);
}

/** @param {string} message */
function stop(message, exitStatus = 125) {
	writeSync(2, `${message.trimEnd()}\n`);
	return exitStatus;
}
