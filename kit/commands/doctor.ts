/**
 * `npm run doctor`: reports whether a container can be made here. It tries each
 * requirement for real, and names the command that fixes one that does not hold.
 */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
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
} from "../../runtime/constants.ts";
import { ROOTFS } from "../../runtime/rootfs.ts";
import { chdir, chroot, mount, unshare } from "../../runtime/syscalls.ts";
import {
	CommandError,
	colours,
	printableLines,
	wrapToTerminal,
	write,
} from "../cli/terminal.ts";
import { MARKER } from "../host/marker.ts";
import { networkNote, ownFiles } from "../host/own-files.ts";
import {
	capital,
	type Finding,
	firstProblem,
	OPEN,
	requirements,
	versions,
} from "../host/requirements.ts";
import { prepareRootfs } from "../host/rootfs.ts";
import { attempt } from "../host/trial.ts";
import { confinement } from "../proc/confinement.ts";
import { read } from "../proc/procfs.ts";
import { HOME } from "../steps/catalog.ts";

export async function main(args: string[]): Promise<number> {
	if (args[0] === "probe") return probe();
	const { json } = parseDoctorArgs(args);
	const findings = examine();
	const fit = unmet(findings).length === 0;
	write(
		1,
		json
			? `${JSON.stringify({ fit, requirements: findings, warnings: warnings() }, null, 2)}\n`
			: wrapToTerminal(
					1,
					findings.map(line).join("") +
						warnings()
							.map((it) => `\n${it}\n`)
							.join("") +
						verdict(findings),
				),
	);
	return fit ? 0 : 1;
}

/** The first system call that is denied when it is tried, in words. Undefined if none is. */
export function findDenial(): string | undefined {
	return firstProblem(tried());
}

/** All requirements. Those after a failed one are tried as well, as far as possible. */
export function examine(): Finding[] {
	const findings = [...requirements().map((look) => look()), ...versions()];
	if (process.platform !== "linux") return findings;
	return [
		...findings,
		...ownFiles(),
		...tried(),
		terminal(),
		...needsOfLaterSteps(),
	];
}

/** The requirements that do not hold. What only later steps need is none. */
function unmet(findings: Finding[]): Finding[] {
	return findings.filter(
		({ problem, fromStep }) => problem !== undefined && fromStep === undefined,
	);
}

/** What is no obstacle, and should be known. */
function warnings(): string[] {
	return [releaseAgent(), networkNote()].filter((it) => it !== undefined);
}

function releaseAgent(): string | undefined {
	const isVersionOne = /^\d+:[^:]+:/m.test(read("/proc/self/cgroup") ?? "");
	if (process.env.WORKSHOP_SANDBOX !== "docker" || !isVersionOne)
		return undefined;
	return "This host has cgroup version 1: root in the dev container can mount the host's cgroups, write to release_agent there, and run a program as root on the host. Run nobody else's code here.";
}

/** What Part two needs. Nothing is said of it where not even Part one can be done. */
function needsOfLaterSteps(): Finding[] {
	const { stdout, status } = spawnSync(
		process.execPath,
		[
			...process.execArgv,
			join(HOME, "kit/launch.cjs"),
			"kit/host/later-needs.ts",
		],
		{ encoding: "utf8" },
	);
	return status === 0 ? JSON.parse(stdout) : [];
}

function terminal(): Finding {
	const finding = {
		title: "a terminal",
		tried: "isatty of stdin and stderr",
	};
	if (isatty(0) && isatty(2)) return finding;
	return {
		...finding,
		problem: "stdin or stderr is not a terminal, and a shell needs one",
		todo: "Start the dev container with a terminal: docker run -it …, or: docker compose run --rm dev",
	};
}

/** Trials that change the process itself: a throwaway child makes them and prints the results. */
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
	const { stdout, stderr, status, signal } = spawnSync(
		process.execPath,
		[...process.execArgv, join(HOME, "kit/launch.cjs"), "doctor", "probe"],
		{ encoding: "utf8" },
	);
	if (status === 0) return [...announced, ...JSON.parse(stdout)];
	return [
		...announced,
		{
			title: "the trial",
			tried: "doctor probe, in a child process",
			problem: `It ended with ${signal ?? status}: ${stderr.trim()}`,
			todo: "Please report this",
		},
	];
}

/** The throwaway child: makes each system call that a container needs, one after the other, and prints the results. */
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

function line(finding: Finding): string {
	const { green, red, yellow, dim } = colours(1);
	const { problem, todo, fromStep } = finding;
	const title = printableLines(finding.title);
	const tried = dim(printableLines(finding.tried));
	if (problem === undefined) return `${green("✔")} ${title}  ${tried}\n`;
	const mark = fromStep === undefined ? red("✘") : yellow("○");
	const when =
		fromStep === undefined ? "" : `Needed from step ${fromStep} on. `;
	const text = printableLines(`${when}${problem}\n${todo}`);
	return `${mark} ${title}  ${tried}\n    ${text.replaceAll("\n", "\n    ")}\n`;
}

function verdict(findings: Finding[]): string {
	const { length } = unmet(findings);
	if (length > 0)
		return `\n${length} of ${findings.length} requirements ${length === 1 ? "does" : "do"} not hold.\n`;
	const missing = findings.flatMap(({ problem, fromStep }) =>
		problem !== undefined && fromStep !== undefined ? [fromStep] : [],
	);
	const later =
		missing.length > 0
			? ` Part two lacks something from step ${Math.min(...missing)} on, as said above.`
			: "";
	return `\nAll is well.${later} Begin: npm start\n`;
}

function parseDoctorArgs(args: string[]): { json?: boolean } {
	try {
		return parseArgs({ args, options: { json: { type: "boolean" } } }).values;
	} catch (error) {
		const [problem] = (error as Error).message.split(". ");
		throw new CommandError(
			2,
			`${problem}.\nUsage: npm run doctor   or   npm run doctor -- --json`,
		);
	}
}
