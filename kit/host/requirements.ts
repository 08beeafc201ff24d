/**
 * What must hold before a container can be tried at all, and costs nothing to
 * find out: every step and every check looks here first. The doctor tries the rest.
 */

import { createRequire } from "node:module";
import { release } from "node:os";
import { CommandError, wrapToTerminal, write } from "../cli/terminal.ts";
import {
	type Capability,
	confinement,
	hasCapability,
} from "../proc/confinement.ts";
import { readVersions, versionWarning } from "../steps/version.ts";

const require = createRequire(import.meta.url);

/** The command that opens the dev container. */
export const OPEN = "docker compose run --rm dev";

/** What a look at one requirement found: `problem` and `todo` where it does not hold. */
export interface Finding {
	title: string;
	/** What was tried, or what was seen. */
	tried: string;
	problem?: string;
	todo?: string;
}

/**
 * Stops the command at hand with status 125 unless a container can be made here.
 * Only what costs nothing to find out is looked at: the kernel tells the rest
 * when it is asked. An image that is older than steps/, or newer, is told of and no obstacle.
 */
export function requireHost(): void {
	const obstacle = findObstacle();
	if (obstacle) throw new CommandError(125, obstacle);
	const warning = versionWarning();
	if (warning) write(2, wrapToTerminal(2, warning));
}

/** Whether steps/ belongs to this kit: known in the dev container alone, where the two come from different places. */
export function versions(): Finding[] {
	const found = readVersions();
	if (!found) return [];
	const finding = {
		title: "one version",
		tried: `the image is of ${found.image}, and steps/ of ${found.steps}`,
	};
	if (found.image === found.steps) return [finding];
	return [
		{
			...finding,
			problem: "The image was built from another version than steps/ is of",
			todo: "Leave the dev container and build it again: docker compose build",
		},
	];
}

/** The first requirement that does not hold, in words, if there is one. */
export function findObstacle(): string | undefined {
	return firstProblem(requirements().map((look) => look()));
}

/** The first of the problems that were found, in words, if there is one. */
export function firstProblem(findings: Finding[]): string | undefined {
	const obstacle = findings.find(({ problem }) => problem !== undefined);
	return obstacle && `${obstacle.problem}.\n${obstacle.todo}\n`;
}

/** In this order, since each makes sense only where those before it hold. */
export const requirements = () => [
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
		todo: `Open the dev container: ${OPEN}\nOr, on a throwaway Linux VM and nowhere else: export WORKSHOP_SANDBOX=vm\nOr, if this is the shell of a container of yours, leave it: exit`,
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
	const finding = { title: "Node.js", tried: process.version };
	if (isSupported(process.versions.node)) return finding;
	return {
		...finding,
		problem: `Node.js 20 from 20.19, Node.js 22 from 22.18, or 24.3 and later is needed, and this is ${process.version}`,
		todo: `Open the dev container, which has one: ${OPEN}`,
	};
}

/** What `engines` in package.json says: ^20.19 || ^22.18 || >=24.3. The others lack something that the kit takes, or their packages do. */
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
	// The words are loaded where something is missing.
	const { remedies } = require("./advice.ts") as typeof import("./advice.ts");
	const { means, todo } = remedies[name];
	return { ...finding, problem: capital(means), todo: capital(todo) };
}

/** A sentence of its own, made of the part of another. */
export function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
