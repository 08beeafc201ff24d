/**
 * The requirements that can be checked at no cost. Every step and every check
 * tests them first. `npm run doctor` tries the rest.
 */

import { createRequire } from "node:module";
import { release } from "node:os";
import { CommandError, wrapToTerminal, write } from "../cli/terminal.ts";
import {
	type Capability,
	confinement,
	hasCapability,
} from "../proc/confinement.ts";
import { link, list } from "../proc/procfs.ts";
import { statusField } from "../proc/status.ts";
import { readVersions, versionWarning } from "../steps/version.ts";

const require = createRequire(import.meta.url);

/** The command that opens the dev container. */
export const OPEN = "docker compose run --rm dev";

/** The result for one requirement: `problem` and `todo` are set if it does not hold. */
export interface Finding {
	title: string;
	/** What was tried, or what was seen. */
	tried: string;
	problem?: string;
	todo?: string;
	/** The first step that needs it, if not all do. */
	fromStep?: number;
}

/**
 * Ends the command with status 125 if no container can be made here. Only cheap
 * requirements are checked: the system calls report the rest. If the image and
 * steps/ have different versions, a warning is printed.
 */
export function requireHost(): void {
	const obstacle = findObstacle();
	if (obstacle) throw new CommandError(125, obstacle);
	const warning = versionWarning();
	if (warning) write(2, wrapToTerminal(2, warning));
}

/** Whether the image and steps/ have the same version. Known in the dev container only. */
export function versions(): Finding[] {
	const found = readVersions();
	if (!found) return [];
	const finding = {
		title: "one version",
		tried: `image ${found.image}, steps/ ${found.steps}`,
	};
	if (found.image === found.steps) return [finding];
	return [
		{
			...finding,
			problem: "The image and steps/ have different versions",
			todo: "Leave the dev container and build it again: docker compose build",
		},
	];
}

/** The first requirement that does not hold, in words. Undefined if all hold. */
export function findObstacle(): string | undefined {
	return firstProblem(requirements().map((look) => look()));
}

/** The first problem found, in words. Undefined if there is none. */
export function firstProblem(findings: Finding[]): string | undefined {
	const obstacle = findings.find(({ problem }) => problem !== undefined);
	return obstacle && `${obstacle.problem}.\n${obstacle.todo}\n`;
}

/** In this order: each one makes sense only if those before it hold. */
export const requirements = () => [
	linux,
	sandbox,
	root,
	node,
	procfs,
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
		todo: `Open the dev container, which runs Linux: ${OPEN}`,
	};
}

function sandbox(): Finding {
	const value = process.env.WORKSHOP_SANDBOX;
	const finding = {
		title: "the dev container",
		tried: `WORKSHOP_SANDBOX is ${value || "not set"}`,
	};
	if (value) return finding;
	const step = findOuterStep();
	if (step !== undefined)
		return {
			...finding,
			problem: `This shell runs inside the container of step ${step}`,
			todo: "Leave the container first, and type the command outside: exit",
		};
	return {
		...finding,
		problem:
			"This is not the dev container, and the workshop's code runs as root: a mistake in it can damage this machine",
		todo: `Open the dev container: ${OPEN}\nOr, on a throwaway Linux VM and nowhere else: export WORKSHOP_SANDBOX=vm\nOr, if this is your container's shell, leave it: exit`,
	};
}

/** The step in whose container this process runs: an ancestor is the step's supervisor. The container's environment has no WORKSHOP_SANDBOX. */
function findOuterStep(): string | undefined {
	const { commandOf } =
		require("../proc/process.ts") as typeof import("../proc/process.ts");
	const parentOf = (pid: number | "self") => Number(statusField(pid, "PPid"));
	for (let pid = parentOf("self"); pid > 0; pid = parentOf(pid)) {
		// The supervisor itself, and no timeout(1) or sudo(8) that is given the same words.
		const [program = "", ...words] = commandOf(pid);
		const launch = words.findIndex((word) => !word.startsWith("-"));
		if (!/(^|\/)node[^/]*$/.test(program)) continue;
		if (!words[launch]?.endsWith("kit/launch.cjs")) continue;
		const [, role, ...rest] = words.slice(launch);
		if (role === "step" || role === "solution")
			return rest.find((word) => !word.startsWith("-"));
	}
	return undefined;
}

function root(): Finding {
	const uid = process.getuid?.();
	const finding = { title: "root", tried: `user ID ${uid}` };
	if (uid === 0) return finding;
	return {
		...finding,
		problem:
			"Only root can make namespaces and mounts here, and you are not root",
		todo: `Open the dev container without --user: ${OPEN}\nOn a throwaway VM: sudo -s`,
	};
}

function node(): Finding {
	const finding = { title: "Node.js", tried: process.version };
	if (isSupported(process.versions.node)) return finding;
	return {
		...finding,
		problem: `The kit needs Node.js 20.19 or a later 20, 22.18 or a later 22, or 24.3 or later, and this is ${process.version}`,
		todo: `Open the dev container, which has a supported Node.js: ${OPEN}`,
	};
}

/** The kit reads its own process in /proc, and its capabilities as well. */
function procfs(): Finding {
	const self = link("/proc/self");
	const finding = {
		title: "/proc",
		tried: `/proc/self is ${self || "missing"}`,
	};
	if (self !== "") return finding;
	return {
		...finding,
		problem: list("/proc").includes("version")
			? "The procfs on /proc belongs to another PID namespace: it does not show this process"
			: "There is no procfs on /proc",
		todo: "Mount one: mount -t proc proc /proc",
	};
}

/** What `engines` in package.json says: ^20.19 || ^22.18 || >=24.3. Other versions lack something that the kit or its packages use. */
export function isSupported(version: string): boolean {
	const [major = 0, minor = 0] = version.split(".").map(Number);
	if (major === 20) return minor >= 19;
	if (major === 22) return minor >= 18;
	return major > 24 || (major === 24 && minor >= 3);
}

function capability(name: Capability): Finding {
	const finding = {
		title: `CAP_${name}`,
		tried: `CapEff is ${confinement().capabilities.toString(16)}`,
	};
	if (hasCapability(name)) return finding;
	// The advice is loaded only if something is missing.
	const { remedies } = require("./advice.ts") as typeof import("./advice.ts");
	const { means, todo } = remedies[name];
	return { ...finding, problem: capital(means), todo: capital(todo) };
}

/** Starts a sentence: the first letter as a capital. */
export function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
