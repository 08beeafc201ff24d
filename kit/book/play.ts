/** Runs the commands of a transcript again, in a sandbox. */

import { spawn, spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOTFS } from "../../runtime/rootfs.ts";
import { prepareRootfs } from "../host/rootfs.ts";
import { HOME, listSteps, type Step } from "../steps/catalog.ts";
import { readText } from "../steps/files.ts";
import { starter } from "../steps/starter.ts";
import type { Transcript } from "./transcripts.ts";

const LIMIT_MS = 180_000;
/** Mounts the steps and a throwaway layer over the root file system, then runs the session. */
const PREPARE = join(import.meta.dirname, "play.sh");

/** In front of a session: a network namespace is born with its loopback switched off. */
const LOOPBACK_UP = [
	...[
		"sh",
		"-c",
		'node kit/launch.cjs kit/host/loopback.ts && exec "$@"',
		"sh",
	],
];

/** Whether transcripts can be played here: namespaces can be made. */
export function playable(): boolean {
	return spawnSync("unshare", [...sandbox(), "true"]).status === 0;
}

/**
 * Runs a transcript's commands in one shell, in a sandbox that leaves nothing
 * behind: no process, no mount, no host name, and no file in the root file system.
 *
 * @returns the output of each command
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

	const appeared = await inSandbox(session, beginning, step);
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

/** Removes line numbers from errors, which a shell adds if it reads no terminal: `bash: line 3: kill: …`. */
function atPrompt(text: string, shell: string): string {
	return text.replace(/^(bash|sh): (line )?\d+: /gm, `${shell}: `);
}

/** In Docker without a PID namespace and a new /proc, because the pages show Docker's own. */
function sandbox(): string[] {
	const kinds = ["--mount", "--uts", "--ipc"];
	if (inDocker()) return kinds;
	return [...kinds, "--pid", "--fork", "--kill-child", "--mount-proc"];
}

function inDocker(): boolean {
	return process.env.WORKSHOP_SANDBOX === "docker";
}

/** Whether a step's container writes to a layer of its own: then it forgets by itself, and no layer would fit below it. */
function hasLayer(step: Step): boolean {
	return readFileSync(step.solution, "utf8").includes('"overlay"');
}

async function inSandbox(
	session: string[],
	beginning: boolean,
	step: Step | undefined,
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
		// Only what is installed needs the machine's network. The others make devices, and open ports.
		const installs = session.some((word) => word.includes("apt-get"));
		const forgetful = installs && !(step && hasLayer(step));
		const network = !installs && !inDocker();
		return await output("unshare", [
			...sandbox(),
			...(network ? ["--net"] : []),
			...["sh", "-c", readText(PREPARE), "sh"],
			...[folder, forgetful ? ROOTFS : ""],
			...(network ? LOOPBACK_UP : []),
			...session,
		]);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** A program's output, stdout and stderr in one stream. */
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

/** Ends what a session left in the background: in Docker the sandbox has no PID namespace that does it. */
function endGroup(leader: number): void {
	try {
		process.kill(-leader, "SIGKILL");
	} catch {
		// Nothing was left.
	}
}

/** A learner's environment, without the variables of npm and the test runner. Its node is the one that runs this. */
function environment(): NodeJS.ProcessEnv {
	const { HOME: home, PATH, WORKSHOP_SANDBOX, WORKSHOP_ROOTFS } = process.env;
	return {
		HOME: home,
		PATH: `${dirname(process.execPath)}:${PATH}`,
		TERM: "xterm",
		LANG: "C.UTF-8",
		NO_COLOR: "1",
		npm_config_update_notifier: "false",
		// The sandbox makes it safe on any machine.
		WORKSHOP_SANDBOX: WORKSHOP_SANDBOX || "vm",
		...(WORKSHOP_ROOTFS ? { WORKSHOP_ROOTFS } : {}),
	};
}
