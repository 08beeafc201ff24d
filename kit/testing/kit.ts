/** For the kit's tests: runs its commands as npm does, in the kit itself or in a copy with other steps. */

import { type SpawnOptions, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { childrenOf } from "../proc/table.ts";
import { HOME } from "../steps/catalog.ts";
import { copyInto } from "../steps/copy.ts";

export { HOME };

export interface Outcome {
	status: number | null;
	signal: NodeJS.Signals | null;
	stdout: string;
	stderr: string;
}

/** The words that `npm run NAME` gives to a shell, read from package.json so that a test starts what a learner starts. */
export function scriptWords(name: string, kit = HOME): string[] {
	const { scripts } = JSON.parse(
		readFileSync(join(kit, "package.json"), "utf8"),
	);
	const [node, launch, ...words] = scripts[name].split(" ");
	if (node !== "node") throw new Error(`npm run ${name} does not start node`);
	return [process.execPath, join(kit, launch), ...words];
}

/** `npm run NAME -- args…`, to its end. */
export function run(
	name: string,
	args: string[] = [],
	{
		kit = HOME,
		input = "",
		...options
	}: SpawnOptions & { kit?: string; input?: string } = {},
): Promise<Outcome> {
	return execute([...scriptWords(name, kit), ...args], {
		cwd: kit,
		input,
		...options,
	});
}

/** Any command, to its end. */
export function execute(
	[program = "", ...args]: string[],
	{ input = "", ...options }: SpawnOptions & { input?: string } = {},
): Promise<Outcome> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, {
			stdio: "pipe",
			env: outerEnvironment(),
			...options,
		});
		const outcome = { stdout: "", stderr: "" };
		child.stdout?.setEncoding("utf8").on("data", (text) => {
			outcome.stdout += text;
		});
		child.stderr?.setEncoding("utf8").on("data", (text) => {
			outcome.stderr += text;
		});
		child.stdin?.on("error", () => {}).end(input);
		child.on("error", reject);
		child.on("close", (status, signal) =>
			resolve({ status, signal, ...outcome }),
		);
	});
}

/** A terminal with a running command. */
export interface Terminal {
	/** The processor's `script`, whose end closes the terminal. */
	pid: number;
	type(keys: string): void;
	/** Waits until this appears after the last match, without colours. Returns the text up to its end. */
	sees(expected: string | RegExp, seconds?: number): Promise<string>;
	/** The whole text so far. */
	text(): string;
	/** Closes the terminal, as closing a window does. */
	close(): void;
	/** The command's exit status. */
	ended: Promise<number | null>;
}

/** Opens a pseudo-terminal by script(1), which every test machine has. It is closed when the test ends. */
export function openTerminal(
	words: string[],
	{
		env = outerEnvironment(),
		cleanUp = onTestFinished,
		...options
	}: SpawnOptions & { cleanUp?: typeof onTestFinished } = {},
): Terminal {
	const line = words.map(quoted).join(" ");
	const child = spawn("script", ["-qefc", line, "/dev/null"], {
		cwd: HOME,
		stdio: "pipe",
		...options,
		env: { ...env, TERM: "xterm", SHELL: "/bin/sh" },
	});
	let text = "";
	let seen = 0;
	child.stdin?.on("error", () => {});
	child.stdout?.setEncoding("utf8").on("data", (more) => {
		text += more;
	});
	const ended = new Promise<number | null>((resolve) =>
		child.on("close", resolve),
	);
	const close = () => void child.kill("SIGKILL");
	cleanUp(close);
	return {
		pid: child.pid ?? 0,
		type: (keys) => void child.stdin?.write(keys),
		async sees(expected, seconds = 15) {
			const pattern =
				typeof expected === "string"
					? new RegExp(expected.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
					: expected;
			const unseen = () => plain(text).slice(seen);
			let found = pattern.exec(unseen());
			const deadline = Date.now() + seconds * 1000;
			while (found === null) {
				if (Date.now() > deadline)
					throw new Error(`${pattern} did not appear in:\n${unseen()}`);
				await new Promise((resolve) => setTimeout(resolve, 10));
				found = pattern.exec(unseen());
			}
			const end = seen + found.index + found[0].length;
			const part = plain(text).slice(seen, end);
			seen = end;
			return part;
		},
		text: () => text,
		close,
		ended,
	};
}

/** Quotes a word for a shell. */
export function quoted(word: string): string {
	return `'${word.replaceAll("'", "'\\''")}'`;
}

/** A text without colours and cursor movements. */
export function plain(text: string): string {
	return (
		text
			// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are
			.replace(/\u001b\[[0-9;?]*[A-Za-z]|\u0000|\r/g, "")
	);
}

/** The environment without what vitest adds to it, which a grader under test must not see. */
export function outerEnvironment(): NodeJS.ProcessEnv {
	return Object.fromEntries(
		Object.entries(process.env).filter(
			([name]) =>
				!/^(VITEST|TEST$|VITE_|NODE_ENV$|DEV$|PROD$|MODE$|SSR$|BASE_URL$)/.test(
					name,
				),
		),
	);
}

/** A copy of the kit in a new folder, for a test to change. It is removed when the test ends: a concurrent test passes its own onTestFinished. */
export function copyKit(cleanUp = onTestFinished): string {
	const kit = makeFolder();
	cleanUp(() => rmSync(kit, { recursive: true, force: true }));
	copyInto(kit);
	return kit;
}

/** The copies lie at the same few paths again and again, for compiled code is kept by its path, and compiling takes longer than most tests. */
function makeFolder(): string {
	for (let number = 1; ; number++) {
		const folder = join(tmpdir(), `kit-${number}`);
		try {
			mkdirSync(folder);
			return folder;
		} catch (error) {
			// Another test has this one.
			if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
		}
	}
}

/** Whether a process has ended. A zombie has: if npm is a container's PID 1, for example, it is not reaped. */
export function hasEnded(pid: number | undefined): boolean {
	try {
		return /^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
	} catch {
		return true;
	}
}

/** All descendants of a process. */
export function descendants(pid: number | undefined): number[] {
	return children(pid).flatMap((child) => [child, ...descendants(child)]);
}

/** The children of a process. One that has ended has none. */
export function children(pid: number | undefined): number[] {
	return pid === undefined ? [] : childrenOf(pid);
}

/** Waits until a condition holds, for at most fifteen seconds. */
export async function until(is: () => boolean): Promise<void> {
	for (let tries = 0; !is(); tries++) {
		if (tries > 1500) throw new Error(`waited too long until ${is}`);
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}
