// Where every `npm run …` begins: `node kit/launch.cjs step 3 hostname`.
//
// The first word names the TypeScript file to load: `step` is
// kit/commands/step.ts, and a word with a slash is a path, such as docker/warm.ts.
// The file's `main` gets the other words and returns the exit status.
//
// Node 22.18 and later load TypeScript themselves; for older versions tsx does it.
// This file is JavaScript because it runs before tsx, and CommonJS because Node
// starts that faster: by 1 ms in Node 24, by 4 ms in Node 20.

const { existsSync, mkdirSync, writeSync } = require("node:fs");
// @ts-expect-error: the types are those of Node 20.
const { enableCompileCache } = require("node:module");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

/** The statuses of wrong usage, and of a container that could not be started, as in `docker run`. */
const [WRONG_USAGE, NOT_STARTED] = [2, 125];

const HOME = join(__dirname, "..");
const [word = "", ...args] = process.argv.slice(2);

start().then((status) => {
	process.exitCode = status || process.exitCode;
});

/** @returns {Promise<number>} */
async function start() {
	const isFile = word.includes("/");
	const path = join(HOME, isFile ? word : `kit/commands/${word}.ts`);
	if (isFile && !existsSync(path))
		return stop(`There is no file ${path}.`, WRONG_USAGE);
	if (!isFile && !(/^[a-z][a-z-]*$/.test(word) && existsSync(path)))
		return stop(
			`The kit has no command ${JSON.stringify(word)}. List its commands: npm run`,
			WRONG_USAGE,
		);
	if (!existsSync(join(HOME, "node_modules/koffi")))
		return stop(
			"The kit's packages are not installed here. Type: npm ci   or open the dev container: docker compose run --rm dev",
		);
	try {
		const { main } = await load(path);
		return await main(args);
	} catch (error) {
		const { exitStatus, message } = /** @type {any} */ (error);
		if (exitStatus === undefined) throw error;
		// A CommandError comes from cli/terminal.ts, so that is loaded already.
		const { wrapToTerminal } = require("./cli/terminal.ts");
		return stop(wrapToTerminal(2, message), exitStatus);
	}
}

/** @param {string} path */
async function load(path) {
	// Node 22.1 and later can keep compiled code.
	enableCompileCache?.(join(HOME, "node_modules/.cache/compile"));

	// @ts-expect-error: likewise.
	if (process.features.typescript) return require(path);

	await registerTsx();
	// tsx writes its cache a moment after compiling, and the child has become the
	// command by then: compile here what only the child loads.
	if (word === "step" || word === "solution") require("./commands/child.ts");
	return require(path);
}

/**
 * Registers tsx's CommonJS hook. It works in this thread and takes half the time
 * of tsx's module hook, which starts another thread. require(), since import()
 * takes Node 20 twice as long.
 */
async function registerTsx() {
	// tsx keeps compiled code in this folder, and fails if it can't make the folder:
	// then turn its cache off.
	try {
		mkdirSync(join(tmpdir(), `tsx-${process.geteuid?.()}`), {
			recursive: true,
		});
	} catch {
		process.env.TSX_DISABLE_CACHE = "1";
	}
	require("tsx/cjs/api").register();
	// tsx loads its last module a moment later: wait, so that it happens before a chroot.
	await new Promise(setImmediate);
}

/** @param {string} message */
function stop(message, exitStatus = NOT_STARTED) {
	writeSync(2, `${message.trimEnd()}\n`);
	return exitStatus;
}
