/**
 * The transcripts in the pages, and the machine that types them again.
 *
 * How a fence in a page reads:
 *
 *     ```console                typed into a shell in the container of that page's own solution
 *     ```console before         … of the previous step's solution
 *     ```console dev            typed in the dev container, in the kit's folder, all steps solved
 *     ```console dev starter    … and all steps as they are before one has begun
 *     ```console image          any of these with `image`: true in the dev container's image only
 *                               (a Debian root file system, apt-get, a network, strace)
 *     ```ts runtime/inherit.ts#restoreSignals
 *                               empty: the function of that name, filled in from the file
 *     ```diagram                empty: what is the container's own after this step, from `own`
 *
 * A line that begins with `$ ` is typed; the lines after it are all that
 * appears. `…` stands for what varies: within a line for any text, alone on a
 * line for any lines, or none. One fence is one shell, so a variable or a
 * background job lasts to its end and no longer.
 *
 * `node kit/launch.cjs kit/book/transcripts.ts [--image]` plays them all. In a
 * container of the image this wants `docker run --init`, as some of them leave
 * orphans and ask later whether any are left.
 */

import { spawn, spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { lexer } from "marked";
import { ROOTFS } from "../../runtime/rootfs.ts";
import { colours, write } from "../cli/terminal.ts";
import { prepareRootfs } from "../host/rootfs.ts";
import { HOME, listSteps, type Step, shortPath } from "../steps/catalog.ts";
import { readPage } from "../steps/page.ts";
import { starter } from "../steps/starter.ts";

/** One fence of a page. */
export interface Transcript {
	/** The page's path. */
	page: string;
	/** The line of the page where the fence opens. */
	line: number;
	/** The step in whose container it is typed; none for the dev container. */
	step: Step | undefined;
	/** Whether the steps are to be as they are before one has begun. */
	starter: boolean;
	/** Whether it is true in the image only. */
	image: boolean;
	exchanges: Exchange[];
}

export interface Exchange {
	/** The line of the page where it is typed. */
	line: number;
	command: string;
	/** What appears, a line each. */
	output: string[];
}

const PROMPT = "$ ";
const ANYTHING = "…";
const LIMIT_MS = 180_000;

/** Plays the transcripts and tells of each. `--image`: those as well that are true in the image only. */
export async function main(args: string[]): Promise<number> {
	const { values } = parseArgs({
		args,
		options: { image: { type: "boolean" } },
	});
	const { green, red } = colours(1);
	let lies = 0;
	for (const transcript of transcripts({ image: values.image ?? false })) {
		const problem = difference(transcript, await play(transcript));
		if (problem) lies++;
		write(
			1,
			problem
				? `${red("✘")} ${problem}\n`
				: `${green("✔")} ${shortPath(transcript.page)}:${transcript.line}\n`,
		);
	}
	return lies > 0 ? 1 : 0;
}

/** Whether transcripts can be played here: by root on Linux, where namespaces may be made. */
export function playable(): boolean {
	return spawnSync("unshare", [...sandbox(), "true"]).status === 0;
}

/** All transcripts of all pages; with `image`, those as well that are true in the image only. */
export function transcripts({ image = false } = {}): Transcript[] {
	return listPages()
		.flatMap(transcriptsOf)
		.filter((it) => image || !it.image);
}

/** The paths of the pages, in order. */
export function listPages(): string[] {
	const folder = join(HOME, "notes");
	return readdirSync(folder)
		.filter((name) => name.endsWith(".md"))
		.sort()
		.map((name) => join(folder, name));
}

/** The transcripts of one page. They stand at the page's outermost level, not in a list or a quote. */
function transcriptsOf(page: string): Transcript[] {
	const { body } = readPage(page);
	const text = readFileSync(page, "utf8");
	let line = lines(text).length - lines(body).length + 1;
	const found: Transcript[] = [];
	for (const token of lexer(body)) {
		if (token.type === "code" && /^console\b/.test(token.lang ?? ""))
			found.push({
				page,
				line,
				...place(page, line, token.lang),
				exchanges: exchanges(token.text, line + 1),
			});
		line += lines(token.raw).length - 1;
	}
	return found;
}

/** Where a fence's commands are typed, from the words after its backticks. */
function place(page: string, line: number, info: string) {
	const words = new Set(info.split(/\s+/));
	const [image, beginning, dev, before] = [
		words.delete("image"),
		words.delete("starter"),
		words.delete("dev"),
		words.delete("before"),
	];
	words.delete("console");
	const steps = listSteps();
	const own = steps.findIndex((step) => step.page === page);
	const step = dev ? undefined : steps[own - (before ? 1 : 0)];
	if (words.size > 0 || (dev && before) || (!dev && (own < 0 || !step)))
		throw new Error(`${shortPath(page)}:${line}: what is \`\`\`${info}?`);
	return { image, starter: beginning, step };
}

function exchanges(text: string, firstLine: number): Exchange[] {
	const found: Exchange[] = [];
	for (const [index, line] of lines(text).entries()) {
		if (line.startsWith(PROMPT))
			found.push({
				line: firstLine + index,
				command: line.slice(PROMPT.length),
				output: [],
			});
		else found.at(-1)?.output.push(line);
	}
	return found;
}

/**
 * Types a transcript's commands into one shell, in a sandbox that leaves
 * nothing behind: no process, no mount, no host name, and in the root file
 * system no file.
 *
 * @returns what appeared after each command
 */
export async function play({
	step,
	starter: beginning,
	exchanges,
}: Pick<Transcript, "step" | "starter" | "exchanges">): Promise<string[]> {
	const mark = `-- ${Math.random().toString(36).slice(2)} --`;
	// The mark keeps $? for the next command to see.
	const typed = [
		`mark() { set -- $?; printf '\\n%s\\n' '${mark}'; return $1; }`,
		...exchanges.map(({ command }) => `${command}\nmark`),
	].join("\n");
	const shell =
		existsSync("/bin/bash") && existsSync(`${ROOTFS}/bin/bash`) ? "bash" : "sh";
	const session = step
		? [
				"sh",
				"-c",
				`${solutionCommand()} "$@"`,
				"sh",
				String(step.number),
				shell,
				"-c",
				typed,
			]
		: [shell, "-c", typed];

	const appeared = await inSandbox(session, beginning);
	const pieces = appeared.split(`\n${mark}\n`);
	return exchanges.map((_, index) => {
		// What comes after the last mark belongs to the last command.
		const last = index === exchanges.length - 1;
		const text = last ? pieces.slice(index).join("") : (pieces[index] ?? "");
		return atPrompt(text, shell);
	});
}

/** What `npm run solution` runs. */
function solutionCommand(): string {
	const { scripts } = JSON.parse(
		readFileSync(join(HOME, "package.json"), "utf8"),
	);
	return scripts.solution;
}

/** A shell that reads no terminal puts the line into its errors: `bash: line 3: kill: …`. */
function atPrompt(text: string, shell: string): string {
	return text.replace(/^(bash|sh): (line )?\d+: /gm, `${shell}: `);
}

/**
 * Mounts over the machine's own files, seen in the sandbox alone, what the
 * pages take for granted: the steps, and for a session that installs something
 * a root file system that forgets it. The others go without that layer, since
 * `mount` would show it.
 */
const PREPARE = `
set -e
exec 2>&1
for step in $(cd "$1/steps" && ls); do
	mount --bind "$1/steps/$step" "steps/$step/container.ts"
done
if [ "$2" ]; then
	mount -t tmpfs tmpfs "$1/layer"
	mkdir "$1/layer/upper" "$1/layer/work"
	mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/layer/upper,workdir=$1/layer/work" "$2"
fi
shift 2
set +e
exec "$@"
`;

/** Under Docker the PIDs and /proc stay as they are, for the pages speak of what Docker has done to them; its container ends all. */
function sandbox(): string[] {
	const kinds = ["--mount", "--uts", "--ipc"];
	if (process.env.WORKSHOP_SANDBOX === "docker") return kinds;
	return [...kinds, "--pid", "--fork", "--kill-child", "--mount-proc"];
}

async function inSandbox(
	session: string[],
	beginning: boolean,
): Promise<string> {
	prepareRootfs(() => {});
	const folder = mkdtempSync(join(tmpdir(), "transcript-"));
	try {
		mkdirSync(join(folder, "layer"));
		mkdirSync(join(folder, "steps"));
		for (const step of listSteps())
			writeFileSync(
				join(folder, "steps", step.id),
				beginning ? starter(step) : readFileSync(step.solution),
			);
		const forgetful = session.some((word) => word.includes("apt-get"));
		return await output("unshare", [
			...sandbox(),
			...["sh", "-c", PREPARE, "sh", folder, forgetful ? ROOTFS : ""],
			...session,
		]);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** What a program prints, on stdout and stderr in the order of its doing so. */
async function output(program: string, args: string[]): Promise<string> {
	const child = spawn(program, args, {
		cwd: HOME,
		env: environment(),
		stdio: ["ignore", "pipe", "inherit"],
		timeout: LIMIT_MS,
		killSignal: "SIGKILL",
		detached: true,
	});
	let text = "";
	child.stdout.setEncoding("utf8").on("data", (data) => {
		text += data;
	});
	await new Promise((resolve, reject) =>
		child.on("error", reject).on("close", resolve),
	);
	endGroup(child.pid ?? 0);
	return text;
}

/** What a session left in the background: under Docker no PID namespace of the sandbox's ends it. */
function endGroup(leader: number): void {
	try {
		process.kill(-leader, "SIGKILL");
	} catch {
		// Nothing was left.
	}
}

/** A learner's: without what npm and the test runner add. This Node is the one that the kit runs on. */
function environment(): NodeJS.ProcessEnv {
	const { HOME: home, PATH, WORKSHOP_SANDBOX, WORKSHOP_ROOTFS } = process.env;
	return {
		HOME: home,
		PATH: `${dirname(process.execPath)}:${PATH}`,
		TERM: "xterm",
		LANG: "C.UTF-8",
		NO_COLOR: "1",
		npm_config_update_notifier: "false",
		// The sandbox around it makes any machine safe.
		WORKSHOP_SANDBOX: WORKSHOP_SANDBOX || "vm",
		...(WORKSHOP_ROOTFS ? { WORKSHOP_ROOTFS } : {}),
	};
}

/** Where a page says something else than what appeared, with its line; undefined where it is true. */
export function difference(
	{ page, exchanges }: Pick<Transcript, "page" | "exchanges">,
	appeared: string[],
): string | undefined {
	for (const [index, { line, command, output }] of exchanges.entries()) {
		const expected = trimEnd(output);
		const actual = trimEnd(lines(appeared[index] ?? ""));
		const agreed = agreement(expected, actual);
		if (agreed === undefined) continue;
		const where = `${shortPath(page)}:${line + 1 + Math.min(agreed, expected.length)}`;
		return [
			`${where}: after \`${command}\` the page says`,
			...quote([expected[agreed] ?? "(no more)"]),
			"and what appears is",
			...quote(actual.length > 0 ? actual : ["(nothing)"]),
		].join("\n");
	}
	return undefined;
}

/** How many of the expected lines what appeared begins with, or undefined where it agrees as a whole. */
export function agreement(
	expected: string[],
	actual: string[],
): number | undefined {
	const text = actual.map((line) => `${line.trimEnd()}\n`).join("");
	if (new RegExp(`^${pattern(expected)}$`).test(text)) return undefined;
	let count = expected.length;
	while (!new RegExp(`^${pattern(expected.slice(0, count))}`).test(text))
		count--;
	return count;
}

function pattern(expected: string[]): string {
	return expected
		.map((line) => {
			if (line.trim() === ANYTHING) return "(?:.*\\n)*?";
			const literals = line.trimEnd().split(ANYTHING).map(escapeRegExp);
			return `${literals.join(".*?")}\\n`;
		})
		.join("");
}

function escapeRegExp(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

function quote(text: string[]): string[] {
	return text.map((line) => `    ${line}`);
}

function trimEnd(text: string[]): string[] {
	const last = text.findLastIndex((line) => line.trim() !== "");
	return text.slice(0, last + 1);
}

function lines(text: string): string[] {
	return text.split("\n");
}
