/** The commands to time: the kit's own, Node and npm alone, and other programs that make a container. */

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOTFS } from "../../runtime/rootfs.ts";
import { listSteps } from "../steps/catalog.ts";
import { listParts } from "../steps/parts.ts";

/** A command to be timed. */
export interface Subject {
	what: string;
	command: string[];
	/** Where it runs, if not in the kit. */
	folder?: string;
}

/** The image as the README builds it. */
const IMAGE = "containers-from-scratch";

/** Part one's last step: the container on one screen. */
export const SMALL = listParts()[0]?.steps.at(-1)?.number ?? 1;

/** The last step: the whole container. */
export const LAST = listSteps().at(-1)?.number ?? 1;

/** The step that is read and graded as an example. */
export const SAMPLE = 3;

export const launch = (...words: string[]) => [
	process.execPath,
	"kit/launch.cjs",
	...words,
];

export const solution = (step: number, ...command: string[]): Subject => ({
	what: `solution ${step} ${command.join(" ")}`,
	command: launch("solution", String(step), ...command),
});

export const npm = (...words: string[]): Subject => ({
	what: `npm ${words.join(" ")}`,
	command: ["npm", ...words],
});

export const BARE: Subject = {
	what: "node -e 0",
	command: [process.execPath, "-e", "0"],
};
export const START: Subject = {
	what: "start",
	command: launch("start"),
};
export const NOTES: Subject = {
	what: `notes ${SAMPLE}`,
	command: launch("notes", String(SAMPLE)),
};
export const CHECK_ONE: Subject = {
	what: `check --solutions ${SAMPLE}`,
	command: launch("check", "--solutions", String(SAMPLE)),
};
export const CHECK_ALL: Subject = {
	what: "check --solutions",
	command: launch("check", "--solutions"),
};
/** A container that prints a line and then waits. */
export const WAITING = solution(SMALL, "sh", "-c", "echo up; read line");

export const DOCKER = "docker run --rm IMAGE true";
export const NOTHING = "npm run nothing";

/** npm's own part of every `npm run`: a script that does nothing, in its own folder. */
export function nothing(scratch: string): Subject {
	writeFileSync(
		join(scratch, "package.json"),
		JSON.stringify({ scripts: { nothing: "true" } }),
	);
	return { what: NOTHING, command: ["npm", "run", "nothing"], folder: scratch };
}

/** Other programs that make a container. Each is tried once, and left out with a reason if it fails. */
export function others(scratch: string): {
	present: Subject[];
	absent: string[];
} {
	const candidates: Subject[] = [
		{
			what: "unshare --uts --pid --mount",
			command: ["unshare", "--uts", "--pid", "--mount", "--fork", "true"],
		},
		{
			what: "runc run",
			command: ["runc", "run", "--bundle", scratch, "workshop-bench"],
		},
		{ what: DOCKER, command: ["docker", "run", "--rm", IMAGE, "true"] },
	];
	describeBundle(scratch);
	const present: Subject[] = [];
	const absent: string[] = [];
	for (const candidate of candidates) {
		const [program = "", ...words] = candidate.command;
		const { status, error, stderr } = spawnSync(program, words, {
			encoding: "utf8",
			timeout: 60_000,
		});
		const [why = ""] = (error?.message ?? stderr).trim().split("\n");
		if (status === 0) present.push(candidate);
		else absent.push(`${candidate.what}: not measured (${why})`);
	}
	return { present, absent };
}

/** Makes a bundle for runc: `true` in the steps' root file system. */
function describeBundle(folder: string): void {
	if (spawnSync("runc", ["spec", "--bundle", folder]).status !== 0) return;
	const file = join(folder, "config.json");
	const bundle = JSON.parse(readFileSync(file, "utf8"));
	bundle.process.args = ["true"];
	bundle.process.terminal = false;
	bundle.root = { path: ROOTFS, readonly: true };
	writeFileSync(file, JSON.stringify(bundle));
}
