// Where every `npm run …` begins: `node kit/launch.cjs kit/commands/step.ts step 3`.
//
// Loads a TypeScript file of the kit, by Node itself where it can (22.18 and
// later) and by tsx where it can't, and makes what its `main` returns the exit
// status. It is JavaScript because something has to run first, and CommonJS
// because Node is sooner ready for that: 1 ms sooner in Node 24, 4 ms in Node 20.

const { existsSync, mkdirSync, writeSync } = require("node:fs");
// @ts-expect-error: the types are those of Node 20.
const { enableCompileCache } = require("node:module");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const home = join(__dirname, "..");
const [, , file = "", ...args] = process.argv;
const path = join(home, file);

start().then((status) => {
	process.exitCode = status || process.exitCode;
});

/** @returns {Promise<number>} */
async function start() {
	if (!existsSync(path))
		return stop(
			`${path} is missing. Was its folder moved or renamed?\n` +
				`Move it back, or take it from git: git checkout -- ${file.split("/")[0]}`,
		);
	if (!existsSync(join(home, "node_modules/koffi")))
		return stop(
			"The kit's packages are not installed here. Type: npm ci   or open the dev container: docker compose run --rm dev",
		);
	try {
		const { main } = await load();
		return await main(args);
	} catch (error) {
		const { exitStatus, message } = /** @type {any} */ (error);
		if (exitStatus === undefined) throw error;
		// It is one of the kit's own, and so is loaded already.
		const { wrapToTerminal } = require("./cli/terminal.ts");
		return stop(wrapToTerminal(2, message), exitStatus);
	}
}

async function load() {
	// Compiled code is kept, where Node can (22.1 and later).
	enableCompileCache?.(join(home, "node_modules/.cache/compile"));

	// @ts-expect-error: likewise.
	if (!process.features.typescript) await registerTsx();
	return require(path);
}

/**
 * tsx's CommonJS hook works in this thread, in half the time of its module hook,
 * which starts a thread of its own. It is required, since importing it takes
 * Node 20 twice as long again.
 */
async function registerTsx() {
	// It keeps what it has compiled in this folder, and gives up where it can't
	// make it: then it must not keep anything.
	try {
		mkdirSync(join(tmpdir(), `tsx-${process.geteuid?.()}`), {
			recursive: true,
		});
	} catch {
		process.env.TSX_DISABLE_CACHE = "1";
	}
	require("tsx/cjs/api").register();
	// It loads the last of itself a moment later: before a chroot, please.
	await new Promise(setImmediate);
}

/** @param {string} message */
function stop(message, exitStatus = 125) {
	writeSync(2, `${message.trimEnd()}\n`);
	return exitStatus;
}
