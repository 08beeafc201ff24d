/** The supervisor: `npm run step N [command]` and `npm run solution N [command]` from the words typed to the exit status. */

// @ts-expect-error: the types are those of Node 20.
import { createRequire, flushCompileCache } from "node:module";
import { constants } from "node:os";
import { readlinkSync, stat } from "../../runtime/fs.ts";
import { cfunction } from "../../runtime/libc.ts";
import { containers } from "../../runtime/reexec.ts";
import { ROOTFS } from "../../runtime/rootfs.ts";
import { CommandError, isTerminal, write } from "../cli/terminal.ts";
import { requireHost } from "../host/requirements.ts";
import { prepareRootfs } from "../host/rootfs.ts";
import { type Need, needsOf } from "../steps/needs.ts";
import {
	parseWords,
	rejectOptionTakenByNpm,
	requireStep,
} from "../steps/request.ts";
import { onFailure } from "./failure.ts";
import { forgetHandover, tellChild } from "./handover.ts";
import { loadContainer } from "./load.ts";
import { reportError, runRole, saveRoot } from "./role.ts";

// Code that only some runs need is loaded when it is needed.
const require = createRequire(import.meta.url);

/** Finds the step, checks the host, and calls the `run` of the step's container.ts. */
export async function supervise(
	role: "step" | "solution",
	args: string[],
): Promise<number> {
	const usage = `npm run ${role} N [command]   or   npm run ${role} N -- [--trace] [--image NAME] command --with-options`;
	const { on, given, words, rest } = parseWords(args, ["trace"], usage, 1, [
		"image",
	]);
	const step = requireStep(words[0], usage);
	const needs = needsOf(step);
	if (given.image !== undefined && !needs.includes("image"))
		throw new CommandError(
			2,
			`Step ${step.number} makes its container from the root file system ${ROOTFS}, and not from an image.`,
		);
	rejectOptionTakenByNpm(rest, `npm run ${role} ${words[0]}`);
	rejectOtherBytes(rest);
	requireHost();
	forgetHandover();
	endWithNpm();

	if (given.image !== undefined) chooseImage(given.image);
	// An image names its own command.
	const command =
		rest.length > 0 || needs.includes("image") ? rest : defaultCommand();
	if (rest.length === 0 && isTerminal(0) && isTerminal(2)) {
		const { greet } = require("./greet.ts") as typeof import("./greet.ts");
		greet(role, step);
	}
	await startThreads();
	if (on.has("trace")) tellChild({ trace: "on" });
	const file = role === "step" ? step.file : step.solution;
	saveRoot();
	return runRole(
		"run",
		() => runContainer(file, command, needs),
		(error) => reportError(error, file, "run"),
	);
}

async function runContainer(
	file: string,
	command: string[],
	needs: Need[],
): Promise<number> {
	prepareRootfs(() => write(2, "Making a root file system, once…\n"));
	if (needs.includes("cgroup")) {
		const { provideCgroup } =
			require("./limits.ts") as typeof import("./limits.ts");
		provideCgroup();
	}
	tellChild({ file, supervisor: readlinkSync("/proc/self") });
	const { run } = loadContainer(file);
	// Write the compile cache now and not at exit: the child loads the same files.
	flushCompileCache?.();
	const writeClosingWords = isTerminal(2) ? watchContainer() : () => {};
	// tsx compiles with the help of a thread, and after unshare(CLONE_NEWPID) there is none.
	if (!("typescript" in process.features && process.features.typescript))
		require("./report.ts");
	onFailure((error) => reportError(error, file, "child"));
	const status: unknown = await run(command);
	await Promise.all(containers);
	writeClosingWords();
	if (Number.isInteger(status)) return Number(status);
	const what =
		typeof status === "function" ? `the function ${status.name}` : status;
	throw new TypeError(
		`run() resolved to ${String(what)}, and not to the exit status: return what reexec(command) resolves to`,
	);
}

/** Names the image to the runtime, which reads it when it is loaded. */
function chooseImage(name: string): void {
	const { prepareImage } =
		require("../image/prepare.ts") as typeof import("../image/prepare.ts");
	tellChild({ image: prepareImage(name) });
}

/**
 * Asks for SIGTERM when npm, or its shell, dies: it can't pass on the signals that
 * it does not survive, and the container would run on with nobody to end it.
 *
 * @see PR_SET_PDEATHSIG(2const)
 */
function endWithNpm(): void {
	if (!process.env.npm_lifecycle_event) return;
	const PR_SET_PDEATHSIG = 1;
	cfunction("int prctl(int option, ...)")(
		PR_SET_PDEATHSIG,
		"unsigned long",
		constants.signals.SIGTERM,
	);
}

/** npm and Node read their arguments as UTF-8, and the bytes that are not are lost. */
function rejectOtherBytes(command: string[]): void {
	const REPLACEMENT = "\ufffd";
	if (command.some((word) => word.includes(REPLACEMENT)))
		throw new CommandError(
			2,
			`The command's words must be UTF-8: Node replaces other bytes by ${REPLACEMENT} (U+FFFD). Pass such bytes in a file or on stdin.`,
		);
}

function defaultCommand(): string[] {
	const { shell } = require("./shell.ts") as typeof import("./shell.ts");
	return shell();
}

/** Loaded before run(): after unshare(CLONE_NEWPID) no helper process or thread can be started to compile it. */
function watchContainer(): () => void {
	const closing = require("./closing.ts") as typeof import("./closing.ts");
	return closing.watchContainer();
}

/**
 * Starts the threads of Node's pool with a first asynchronous call. After
 * unshare(CLONE_NEWPID) this process can start no thread.
 */
function startThreads(): Promise<unknown> {
	return new Promise((resolve) => stat("/", resolve));
}
