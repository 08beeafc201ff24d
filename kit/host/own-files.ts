/** What the doctor asks of the learner's own files, and of what the grader needs beside the requirements of every step. */

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasCapability } from "../proc/confinement.ts";
import { mountsOf } from "../proc/mounts.ts";
import { read } from "../proc/procfs.ts";
import { HOME, listSteps } from "../steps/catalog.ts";
import { remedies } from "./advice.ts";
import { capital, type Finding } from "./requirements.ts";

const STEPS = join(HOME, "steps");
const SHARE = `Open the dev container in the workshop's folder: docker compose run --rm dev, or: docker run -v "$PWD/steps:/workshop/steps" …`;

/** The learner's folder, one finding for each thing that would lose work or grade nothing. */
export function ownFiles(): Finding[] {
	return [shared(), complete(), writable(), lineEndings(), grading()];
}

/** In Docker: work in a folder that is the container's own is gone with --rm. */
function shared(): Finding {
	const inDocker = process.env.WORKSHOP_SANDBOX === "docker";
	const isShared = mountsOf(process.pid).some(({ target }) =>
		[STEPS, HOME].includes(target),
	);
	const finding = {
		title: "steps/ is shared",
		tried: isShared ? "a mount from outside" : "no mount",
	};
	if (!inDocker || isShared) return finding;
	return {
		...finding,
		problem:
			"steps/ is part of the dev container: your work is gone when the container is removed",
		todo: SHARE,
	};
}

function complete(): Finding {
	const all = listSteps();
	const missing = all.filter(({ file }) => textOf(file) === undefined);
	const finding = {
		title: "steps/ is complete",
		tried: `${all.length - missing.length} of ${all.length} container.ts`,
	};
	const [first] = missing;
	if (!first) return finding;
	return {
		...finding,
		problem:
			missing.length === all.length
				? "steps/ is empty: another folder is mounted there than the workshop's"
				: `steps/${first.id}/container.ts is not there`,
		todo:
			missing.length === all.length
				? SHARE
				: `Bring the starter back: npm run reset ${first.number}`,
	};
}

function writable(): Finding {
	const file = join(STEPS, `.doctor-${process.pid}.json`);
	const finding = { title: "steps/ can be written", tried: "a file in it" };
	try {
		writeFileSync(file, "");
		rmSync(file);
		return finding;
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		return {
			...finding,
			problem: `steps/ can't be written (${code}): neither your progress nor a reset can be kept`,
			todo:
				code === "EROFS"
					? "It is mounted read-only: leave out :ro in the -v option"
					: "Rootless engine: chmod -R o+w steps, on your machine; SELinux: -v ./steps:/workshop/steps:z",
		};
	}
}

function lineEndings(): Finding {
	const changed = listSteps().find(({ file }) => textOf(file)?.includes("\r"));
	const finding = {
		title: "line endings",
		tried: changed ? `steps/${changed.id}/container.ts` : "those of Unix",
	};
	if (!changed) return finding;
	return {
		...finding,
		problem:
			"Git for Windows has changed the line endings to those of Windows: errors then name wrong columns, and npm run diff shows every line",
		todo: "On your machine: git config core.autocrlf input; then save the file with LF, or: git rm -r -q --cached . && git reset --hard (keep a copy of steps/)",
	};
}

/** The grader lays an overlay over the machine's files, and root without this capability may not write to others' files. */
function grading(): Finding {
	const finding = { title: "CAP_DAC_OVERRIDE", tried: "for the grader" };
	if (hasCapability("DAC_OVERRIDE")) return finding;
	const { means, todo } = remedies.DAC_OVERRIDE;
	return { ...finding, problem: capital(means), todo: capital(todo) };
}

/** A note where there is no way out of this machine. Nothing in Part one needs one. */
export function networkNote(): string | undefined {
	const routes = read("/proc/net/route") ?? "";
	const hasDefault = /^\S+\t00000000\t/m.test(routes);
	if (hasDefault) return undefined;
	return "There is no network here. The steps need none; installing packages other than procps does.";
}

function textOf(file: string): string | undefined {
	try {
		return readFileSync(file, "utf8");
	} catch {
		return undefined;
	}
}
