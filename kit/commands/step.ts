/**
 * `npm run step N [command]` and `npm run solution N [command]`: a command, or a
 * shell, in the container that a container.ts makes.
 *
 * The child role begins here too: `reexec` starts this file again with `child`
 * for its first word, and then it loads the container.ts and little else.
 */

// @ts-expect-error: the types are those of Node 20.
import { createRequire, flushCompileCache } from "node:module";
import { existsSync, fstatSync, stat, statSync } from "../../runtime/fs.ts";
import {
	containers,
	onHandshake,
	restoreRoot,
	saveRoot,
	setParentDeathSignal,
} from "../../runtime/process.ts";
import { ROOTFS } from "../../runtime/rootfs.ts";
import {
	CommandError,
	colours,
	isTerminal,
	wrapToTerminal,
	write,
} from "../cli/terminal.ts";
import { prepareRootfs } from "../host/rootfs.ts";
import { addedMounts, hostnameOf, mountsOf } from "../proc/process.ts";
import type { Step } from "../steps/catalog.ts";

// What only some runs need is loaded by them. require() and not import(): tsx's
// quick CommonJS hook sees only that, and Node itself takes modules either way.
const require = createRequire(import.meta.url);

/** The container could not be started: the status that `docker run` gives, too. */
const NOT_STARTED = 125;

interface Container {
	run(command: string[]): Promise<number>;
	child(command: string[]): never;
}

export async function main([role, ...args]: string[]): Promise<number> {
	if (role === "child") return becomeCommand(args);
	return superviseStep(role === "solution" ? role : "step", args);
}

/** The supervisor: finds the step, sees that a container can be made here, and calls its `run`. */
async function superviseStep(
	role: "step" | "solution",
	args: string[],
): Promise<number> {
	const { parseWords, rejectOptionTakenByNpm, requireStep } =
		require("../steps/request.ts") as typeof import("../steps/request.ts");
	const usage = `npm run ${role} N [command]   or   npm run ${role} N -- [--trace] command --with-options`;
	const { on, words, rest } = parseWords(args, ["trace"], usage, 1);
	const step = requireStep(words[0], usage);
	rejectOptionTakenByNpm(rest, `npm run ${role} ${words[0]}`);
	const { requireHost } =
		require("../host/requirements.ts") as typeof import("../host/requirements.ts");
	requireHost();

	const command = rest.length > 0 ? rest : shell();
	if (rest.length === 0 && isTerminal(0) && isTerminal(2))
		await greet(role, step);
	if (on.has("trace")) process.env.WORKSHOP_TRACE = "1";
	const file = role === "step" ? step.file : step.solution;
	process.env.WORKSHOP_CONTAINER = file;

	// After unshare(CLONE_NEWPID) this process can start no thread. Node's pool
	// starts all of its own at the first asynchronous call: this one.
	await new Promise((resolve) => stat("/", resolve));

	return judge(file, "run", async () => {
		prepareRootfs(() => write(2, "Making a root file system, once…\n"));
		const { run } = await load(file);
		// What was compiled for the first time, the saved file at least, is kept now and
		// not at the end: the child loads the same, and finds it.
		flushCompileCache?.();
		const tellWhatItWas = isTerminal(2) ? snapshotAtStart() : () => {};
		const tellWhatItLeft = isTerminal(2) ? watchDevContainer() : () => {};
		const status: unknown = await run(command);
		await Promise.all(containers);
		tellWhatItWas();
		tellWhatItLeft();
		if (Number.isInteger(status)) return Number(status);
		const what =
			typeof status === "function" ? `the function ${status.name}` : status;
		throw new TypeError(
			`run() resolved to ${String(what)}, and not to the exit status: return what reexec(command) resolves to`,
		);
	});
}

/** The child: born into the namespaces that `run` prepared, it becomes the command. */
async function becomeCommand(command: string[]): Promise<number> {
	setParentDeathSignal();
	const file = process.env.WORKSHOP_CONTAINER ?? "";
	return judge(file, "child", async () => {
		const { child } = await load(file);
		await child(command);
		throw new TypeError(
			"child() returned, and did not become the command: its last call is execvp(command)",
		);
	});
}

/** Runs a role of the learner's code to its exit status. What goes wrong in it is explained, not thrown. */
async function judge(
	file: string,
	role: "run" | "child",
	work: () => Promise<number>,
): Promise<number> {
	saveRoot();
	const explain = async (error: unknown) => {
		restoreRoot();
		const { report } =
			require("../run/report.ts") as typeof import("../run/report.ts");
		return report(error, file, role);
	};
	// A rejection that nobody awaits comes here, and so does waiting for nothing.
	// Once: what goes wrong while it is explained is Node's to tell.
	process.once("unhandledRejection", async (error) =>
		process.exit(await explain(error)),
	);
	process.once("beforeExit", async () =>
		process.exit(
			await explain(
				new Error(`${role}() waits for something that never happens`),
			),
		),
	);
	try {
		return await work();
	} catch (error) {
		// A container that `run` left behind ends as it would have.
		await Promise.allSettled(containers);
		return await explain(error);
	} finally {
		process.removeAllListeners("beforeExit");
	}
}

async function load(file: string): Promise<Container> {
	if (!existsSync(file))
		throw new Error(
			"there is no such file. npm run reset brings the starter back",
		);
	const container: Partial<Container> = require(file);
	// tsx makes undefined of an import that is not there, and a flag would be silently 0.
	if (!("typescript" in process.features && process.features.typescript)) {
		const { refuseMissingImports } =
			require("../run/imports.ts") as typeof import("../run/imports.ts");
		refuseMissingImports(file);
	}
	for (const name of ["run", "child"] as const)
		if (typeof container[name] !== "function")
			throw new TypeError(
				`it must export a function ${name}(command: string[]), and ${name in container ? `${name} is ${typeof container[name]}` : "there is none"}`,
			);
	return container as Container;
}

/** bash where the dev container and the root file system both have it. */
function shell(): string[] {
	// Without -it, `docker run` gives a shell /dev/null to read: it would end at once, without a word.
	if (fstatSync(0).rdev === statSync("/dev/null").rdev)
		throw new CommandError(
			NOT_STARTED,
			"A shell needs a terminal, and there is none: docker run -it …, or give a command to run.",
		);
	const bash = "/bin/bash";
	return [existsSync(bash) && existsSync(ROOTFS + bash) ? bash : "/bin/sh"];
}

/** What the step is about, where to work and what to try: two or three lines. */
async function greet(role: "step" | "solution", step: Step): Promise<void> {
	const { readPage } =
		require("../steps/page.ts") as typeof import("../steps/page.ts");
	const { shortPath } =
		require("../steps/catalog.ts") as typeof import("../steps/catalog.ts");
	const { bold, dim, cyan } = colours(2);
	const { title, try: suggestions } = readPage(step.page);
	const file = shortPath(role === "step" ? step.file : step.solution);
	write(
		2,
		`${bold(`Step ${step.number} · ${title || step.name}`)}  ${dim(file)}\n`,
	);
	if (suggestions.length > 0)
		write(
			2,
			`${dim("Try:")} ${suggestions.map((it) => cyan(it)).join(dim("  ·  "))}\n`,
		);
	const { stateOf } =
		require("../steps/progress.ts") as typeof import("../steps/progress.ts");
	if (role === "step" && stateOf(step) === "not started")
		write(
			2,
			`Nothing is written yet: ${cyan(`npm run notes ${step.number}`)}\n`,
		);
	write(2, dim("This is a shell in your container. Leave it with: exit\n"));
	const docker = process.env.WORKSHOP_SANDBOX === "docker";
	write(
		2,
		`${dim("Watch it in a second terminal:")} ${cyan(`${docker ? "docker compose exec dev " : ""}npm run look`)}\n`,
	);
}

/**
 * Remembers the dev container as it is, for mistakes that are seen too late
 * otherwise. This process may move to namespaces of its own; its parent does not.
 *
 * @returns tells of another name, and of mounts that outlive the container, with the way back
 */
function watchDevContainer(): () => void {
	// Either is not to be had once a procfs of the container's is mounted over /proc.
	const look = () => ({
		name: hostnameOf(process.ppid),
		mounts: mountsOf(process.ppid),
	});
	const before = look();
	return () => {
		const { name, mounts } = look();
		let text = "";
		if (name !== undefined && name !== before.name)
			text += `This renamed the dev container itself, from ${before.name} to ${name}. Back again:\n  hostname ${before.name}\n`;
		// Only what is the container's: others may mount things meanwhile.
		const left = addedMounts(before.mounts, mounts).filter(
			({ type, target }) => type === "proc" || target.startsWith(`${ROOTFS}/`),
		);
		if (left.length > 0)
			text += `This left a mount in the dev container, which outlives yours. Away with it:\n${left.map(({ target }) => `  umount ${target}\n`).join("")}`;
		write(2, wrapToTerminal(2, text));
	};
}

/**
 * Has a look at the container when its command begins. All that it takes is
 * loaded now: after unshare(CLONE_NEWPID) nobody can be started to compile it.
 *
 * @returns tells what was the container's own and what it shared
 */
function snapshotAtStart(): () => void {
	const { compare, ownAndShared, snapshot } =
		require("../look/compare.ts") as typeof import("../look/compare.ts");
	const { dim } = colours(2);
	const outside = snapshot(process.pid);
	let sentences: string[] = [];
	onHandshake((pid) => {
		const inside = snapshot(pid);
		sentences = inside.namespaces.uts
			? ownAndShared(compare(outside, inside))
			: [
					"What is the container's own can't be told: its procfs hides the dev container's from run().",
				];
	});
	return () =>
		write(2, wrapToTerminal(2, sentences.map((it) => dim(`${it}\n`)).join("")));
}
