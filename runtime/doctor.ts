/**
 * `npm run doctor`: whether a container can be made here. Each requirement is
 * tried for real, and one that does not hold names the command that mends it.
 */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import { isatty } from "node:tty";
import { parseArgs } from "node:util";
import {
	CLONE_NEWCGROUP,
	CLONE_NEWIPC,
	CLONE_NEWNET,
	CLONE_NEWNS,
	CLONE_NEWPID,
	CLONE_NEWUTS,
	decodeFlags,
	MS_PRIVATE,
	MS_REC,
} from "./constants.ts";
import { advise, remedies, SyscallError } from "./errors.ts";
import { type Capability, confinement, hasCapability } from "./namespaces.ts";
import { MARKER, prepareRootfs, ROOTFS } from "./rootfs.ts";
import { chdir, chroot, mount, unshare } from "./syscalls.ts";
import { colours, Stop, write } from "./terminal.ts";

const OPEN = "docker compose run --rm dev";

/** What a look at one requirement found: `problem` and `todo` where it does not hold. */
interface Finding {
	title: string;
	/** What was tried, or what was seen. */
	tried: string;
	problem?: string;
	todo?: string;
}

export async function main(args: string[]): Promise<number> {
	if (args[0] === "probe") return probe();
	const { json } = parseDoctorArgs(args);
	const findings = examine();
	const fit = findings.every(({ problem }) => problem === undefined);
	write(
		1,
		json
			? `${JSON.stringify({ fit, requirements: findings }, null, 2)}\n`
			: findings.map(line).join("") + verdict(findings),
	);
	return fit ? 0 : 1;
}

/**
 * Stops the command at hand with status 125 unless a container can be made here.
 * Only what costs nothing to find out is looked at: the kernel tells the rest
 * when it is asked.
 */
export function requireFitness(): void {
	const obstacle = findObstacle();
	if (obstacle) throw new Stop(125, obstacle);
}

/** The first necessity that does not hold, in words, if there is one. */
export function findObstacle(): string | undefined {
	return firstProblem(necessities().map((look) => look()));
}

/** What the kernel, or something before it, denies when it is tried: the first of it, in words. */
export function findDenial(): string | undefined {
	return firstProblem(tried());
}

function firstProblem(findings: Finding[]): string | undefined {
	const obstacle = findings.find(({ problem }) => problem !== undefined);
	return obstacle && `${obstacle.problem}.\n${obstacle.todo}\n`;
}

/** The whole examination. What follows an obstacle is tried all the same, as far as it can be. */
export function examine(): Finding[] {
	const findings = necessities().map((look) => look());
	if (process.platform !== "linux") return findings;
	return [...findings, ...tried(), terminal()];
}

/** In this order, since each makes sense only where those before it hold. */
const necessities = () => [
	linux,
	sandbox,
	root,
	node,
	() => capability("SYS_ADMIN"),
	() => capability("SYS_CHROOT"),
];

function linux(): Finding {
	const finding = { title: "Linux", tried: `${process.platform} ${release()}` };
	if (process.platform === "linux") return finding;
	return {
		...finding,
		problem:
			"Containers are made of Linux system calls, and this is another system",
		todo: `Open the dev container, which brings its Linux along: ${OPEN}`,
	};
}

function sandbox(): Finding {
	const value = process.env.WORKSHOP_SANDBOX;
	const finding = {
		title: "the dev container",
		tried: `WORKSHOP_SANDBOX is ${value || "not set"}`,
	};
	if (value) return finding;
	return {
		...finding,
		problem:
			"This is not the dev container, and the workshop's code runs as root and makes mistakes",
		todo: `Open the dev container: ${OPEN}\nOr, on a throwaway Linux VM and nowhere else, set WORKSHOP_SANDBOX=vm`,
	};
}

function root(): Finding {
	const uid = process.getuid?.();
	const finding = { title: "root", tried: `user ID ${uid}` };
	if (uid === 0) return finding;
	return {
		...finding,
		problem: "Only root makes namespaces and mounts here, and you are not root",
		todo: `Open the dev container without --user: ${OPEN}\nOn a throwaway VM: sudo -s`,
	};
}

function node(): Finding {
	const finding = { title: "Node.js 20.19", tried: process.version };
	const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
	if (major > 20 || (major === 20 && minor >= 19)) return finding;
	return {
		...finding,
		problem: `Node.js 20.19 or later is needed, and this is ${process.version}`,
		todo: `Open the dev container, which has it: ${OPEN}`,
	};
}

function capability(name: Capability): Finding {
	const finding = {
		title: `CAP_${name}`,
		tried: `CapEff is ${confinement().capabilities.toString(16)}`,
	};
	if (hasCapability(name)) return finding;
	const { means, todo } = remedies[name];
	return { ...finding, problem: capital(means), todo: capital(todo) };
}

function terminal(): Finding {
	const finding = {
		title: "a terminal",
		tried: "isatty of stdin and stderr",
	};
	if (isatty(0) && isatty(2)) return finding;
	return {
		...finding,
		problem: "stdin or stderr is no terminal, so a shell has nobody to talk to",
		todo: "Give the container one: docker run -it …; docker compose run does by itself",
	};
}

/** What a process has to risk itself for: a throwaway child does, and prints what came of it. */
function tried(): Finding[] {
	let announced: Finding[] = [];
	try {
		prepareRootfs(() => {});
	} catch (error) {
		announced = [
			{
				title: "a root file system",
				tried: `making one at ${ROOTFS}`,
				problem: capital((error as Error).message),
				todo: `Open the dev container, which has one: ${OPEN}`,
			},
		];
	}
	const [script = "", file = ""] = process.argv.slice(1);
	const { stdout, stderr, status, signal } = spawnSync(
		process.execPath,
		[...process.execArgv, script, "runtime/doctor.ts", "probe"],
		{ encoding: "utf8" },
	);
	if (status === 0) return [...announced, ...JSON.parse(stdout)];
	return [
		...announced,
		{
			title: "the trial",
			tried: `${file} in a child process`,
			problem: `It ended with ${signal ?? status}: ${stderr.trim()}`,
			todo: "Please report this",
		},
	];
}

/** The throwaway child: takes every step that a container takes, one after the other, and tells of each. */
function probe(): number {
	confinement();
	const namespaces = [
		CLONE_NEWUTS,
		CLONE_NEWIPC,
		CLONE_NEWNET,
		CLONE_NEWCGROUP,
		CLONE_NEWNS,
		CLONE_NEWPID,
	];
	const findings = [
		...namespaces.map((flag) => {
			const call = `unshare(${decodeFlags("CLONE", flag)})`;
			return attempt(call, "in a throwaway child", () => unshare(flag));
		}),
		attempt("mount", 'mount(NULL, "/", NULL, MS_REC|MS_PRIVATE)', () =>
			mount(null, "/", null, MS_REC | MS_PRIVATE),
		),
		attempt(
			"a root file system",
			`chroot("${ROOTFS}"), ${MARKER} in it`,
			() => {
				chroot(ROOTFS);
				chdir("/");
				if (!existsSync(join("/", MARKER)))
					throw new Error(
						`${ROOTFS} has no file ${MARKER}: it is not a root file system of the workshop`,
					);
			},
		),
		attempt("mount of a procfs", 'mount("proc", "/proc", "proc")', () =>
			mount("proc", "/proc", "proc"),
		),
		attempt("a shell in it", "/bin/sh -c true, as PID 1", () => {
			const { status, error } = spawnSync("/bin/sh", ["-c", "true"]);
			if (status !== 0)
				throw error ?? new Error(`/bin/sh ended with ${status}`);
		}),
	];
	write(1, JSON.stringify(findings));
	return 0;
}

function attempt(title: string, tried: string, trial: () => void): Finding {
	try {
		trial();
		return { title, tried };
	} catch (error) {
		const { message } = error as Error;
		const advice = error instanceof SyscallError ? advise(error) : undefined;
		return {
			title,
			tried,
			problem: advice ? `${message}: ${advice.means}` : message,
			todo: advice ? capital(advice.todo) : `Open the dev container: ${OPEN}`,
		};
	}
}

function line({ title, tried, problem, todo }: Finding): string {
	const { green, red, dim } = colours(1);
	if (problem === undefined) return `${green("✔")} ${title}  ${dim(tried)}\n`;
	return `${red("✘")} ${title}  ${dim(tried)}\n    ${problem}\n    ${todo?.replaceAll("\n", "\n    ")}\n`;
}

function verdict(findings: Finding[]): string {
	const unmet = findings.filter(({ problem }) => problem !== undefined).length;
	if (unmet === 0) return "\nAll is well. Begin: npm run step 1\n";
	return `\n${unmet} of ${findings.length} requirements do not hold.\n`;
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

function parseDoctorArgs(args: string[]): { json?: boolean } {
	try {
		return parseArgs({ args, options: { json: { type: "boolean" } } }).values;
	} catch (error) {
		const [problem] = (error as Error).message.split(". ");
		throw new Stop(
			2,
			`${problem}.\nUsage: npm run doctor   or   npm run doctor -- --json`,
		);
	}
}
