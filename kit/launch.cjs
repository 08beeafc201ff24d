// Where every `npm run …` begins: `node kit/launch.cjs step 3 hostname`.
//
// The first word says which TypeScript file to load: `step` is the command
// kit/commands/step.ts, and a word with a slash is that file of the kit's folder,
// docker/warm.ts say. What its `main` makes of the other words is the exit status.
//
// Node loads the file by itself where it can (22.18 and later); elsewhere tsx does.
// This file is JavaScript because something has to run first, and CommonJS
// because Node starts that sooner: by 1 ms in Node 24, by 4 ms in Node 20.

const {
	existsSync,
	lstatSync,
	mkdirSync,
	readFileSync,
	writeSync,
} = require("node:fs");
// @ts-expect-error: the types are those of Node 20.
const { enableCompileCache } = require("node:module");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

/** The statuses of wrong usage, and of a container that could not be started: `docker run` gives that one, too. */
const [WRONG_USAGE, NOT_STARTED] = [2, 125];

const HOME = join(__dirname, "..");
const [word = "", ...args] = process.argv.slice(2);

start().then((status) => {
	process.exitCode = status || process.exitCode;
});

/** @returns {Promise<number>} */
async function start() {
	const [awkward] = /[#?*\\]/.exec(HOME) ?? [];
	if (awkward)
		return stop(
			`The kit's folder has the character ${awkward} in its path, which its tools take for something else: ${HOME}\nMove the folder to a path without # ? * and \\.`,
		);
	const isFile = word.includes("/");
	const path = join(HOME, isFile ? word : `kit/commands/${word}.ts`);
	if (isFile && !existsSync(path))
		return stop(`There is no file ${path}.`, WRONG_USAGE);
	if (!isFile && !(/^[a-z][a-z-]*$/.test(word) && existsSync(path)))
		return stop(
			`The kit has no command ${JSON.stringify(word.replace(/\p{C}/gu, "�"))}. List its commands: npm run`,
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
		if (exitStatus === undefined && isNoexec())
			return stop(
				`The kit's folder is on a mount with the option noexec, and the native part of its packages can't be loaded: ${HOME}\nMove the folder, or mount without noexec.`,
			);
		if (exitStatus === undefined) throw error;
		// It is one of the kit's own, and so is loaded already.
		const { printableLines, wrapToTerminal } = require("./cli/terminal.ts");
		return stop(wrapToTerminal(2, printableLines(message)), exitStatus);
	}
}

/** @param {string} path */
async function load(path) {
	// Compiled code is kept, where Node can (22.1 and later).
	enableCompileCache?.(join(HOME, "node_modules/.cache/compile"));

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
		const cache = join(tmpdir(), `tsx-${process.geteuid?.()}`);
		mkdirSync(cache, { recursive: true, mode: 0o700 });
		if (!isOwn(cache)) throw new Error("another user may write code there");
	} catch {
		process.env.TSX_DISABLE_CACHE = "1";
	}
	require("tsx/cjs/api").register();
	// It loads the last of itself a moment later: before a chroot, please.
	await new Promise(setImmediate);
}

/**
 * Whether a path is a directory of this user's, in which nobody else can write.
 *
 * @param {string} path
 */
function isOwn(path) {
	const WRITABLE_BY_OTHERS = 0o022;
	const it = lstatSync(path);
	return (
		it.isDirectory() &&
		it.uid === process.geteuid?.() &&
		(it.mode & WRITABLE_BY_OTHERS) === 0
	);
}

/** Whether the kit lies on a mount from which nothing may be run: koffi's native part and esbuild can't be loaded there. */
function isNoexec() {
	if (!existsSync("/proc/self/mountinfo")) return false;
	let [longest, noexec] = ["", false];
	for (const line of readFileSync("/proc/self/mountinfo", "utf8").split("\n")) {
		const [, , , , target = "", flags = ""] = line.split(" ");
		const holdsHome = target === "/" || `${HOME}/`.startsWith(`${target}/`);
		if (holdsHome && target.length >= longest.length)
			[longest, noexec] = [target, flags.split(",").includes("noexec")];
	}
	return noexec;
}

/** @param {string} message */
function stop(message, exitStatus = NOT_STARTED) {
	writeSync(2, `${message.trimEnd()}\n`);
	return exitStatus;
}
