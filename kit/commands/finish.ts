/** `npm run finish`: the learner's container as a folder to take along, which needs nothing of the kit, and a report. */

import {
	chownSync,
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { buildSync } from "esbuild";
import { report } from "../book/report.ts";
import {
	CommandError,
	colours,
	wrapToTerminal,
	write,
} from "../cli/terminal.ts";
import { HOME, listSteps, type Step, shortPath } from "../steps/catalog.ts";
import { needsOf } from "../steps/needs.ts";
import { stateOf } from "../steps/progress.ts";
import { parseWords } from "../steps/request.ts";

const USAGE = "npm run finish";

const FOLDER = join(HOME, "steps/finished");

export function main(args: string[]): number {
	const { words } = parseWords(args, [], USAGE);
	if (words.length > 0)
		throw new CommandError(2, `It takes no words.\nUsage: ${USAGE}`);
	const step = furthestStep();
	try {
		rmSync(FOLDER, { recursive: true, force: true });
		mkdirSync(FOLDER);
		bundle(step);
		addPackages();
		writeFileSync(join(FOLDER, "report.md"), report(step));
		giveToOwner();
	} catch (error) {
		throw new CommandError(
			1,
			`${shortPath(FOLDER)} could not be written: ${(error as Error).message}`,
		);
	}
	write(1, wrapToTerminal(1, told(step)));
	return 0;
}

/** The last step that is done. Each one is a whole container: whoever has left one out has it all the same. */
function furthestStep(): Step {
	const step = listSteps().findLast((it) => stateOf(it) === "done");
	if (!step)
		throw new CommandError(
			1,
			"No step is done, so there is no container to finish: npm run check 1",
		);
	return step;
}

/** One file: the container.ts, the runtime, and the program around them. */
function bundle(step: Step): void {
	const usesCgroup = needsOf(step).includes("cgroup");
	const path = (file: string) => JSON.stringify(`./${relative(HOME, file)}`);
	buildSync({
		stdin: {
			contents: `
				${usesCgroup ? 'import "./kit/run/standalone-cgroup.ts";' : ""}
				import * as container from ${path(step.file)};
				import { main } from "./kit/run/standalone.ts";
				process.exitCode = await main(container, process.argv.slice(2));
			`,
			loader: "ts",
			resolveDir: HOME,
		},
		outfile: join(FOLDER, "container.mjs"),
		bundle: true,
		platform: "node",
		format: "esm",
		target: "node20",
		logLevel: "silent",
	});
}

/** The one package that it needs, as npm would lay it there: koffi with its native files. */
function addPackages(): void {
	const packages = join(HOME, "node_modules");
	const koffi = join(packages, "koffi");
	const { version } = JSON.parse(
		readFileSync(join(koffi, "package.json"), "utf8"),
	);
	const manifest = {
		name: "my-container",
		private: true,
		dependencies: { koffi: version },
	};
	writeFileSync(
		join(FOLDER, "package.json"),
		`${JSON.stringify(manifest, null, "\t")}\n`,
	);
	// Sources and manual pages stay here.
	const left = ["src", "vendor", "doc", "CHANGELOG.md"].map((name) =>
		join(koffi, name),
	);
	cpSync(koffi, join(FOLDER, "node_modules/koffi"), {
		recursive: true,
		filter: (source) => !left.includes(source),
	});
	for (const name of nativePackages())
		cpSync(
			join(packages, "@koromix", name),
			join(FOLDER, "node_modules/@koromix", name),
			{ recursive: true },
		);
}

/** koffi's native files that are installed here: npm takes those for this machine's processor. */
function nativePackages(): string[] {
	const folder = join(HOME, "node_modules/@koromix");
	if (!existsSync(folder)) return [];
	return readdirSync(folder).filter((name) => name.startsWith("koffi-linux-"));
}

/** The kit runs as root, and the learner copies the folder. */
function giveToOwner(): void {
	if (process.getuid?.() !== 0) return;
	const { uid, gid } = statSync(join(HOME, "steps"));
	const names = readdirSync(FOLDER, { recursive: true, encoding: "utf8" });
	for (const name of ["", ...names]) chownSync(join(FOLDER, name), uid, gid);
}

function told(step: Step): string {
	const { bold, cyan, dim } = colours(1);
	const name = shortPath(FOLDER);
	const processors = nativePackages()
		.map((it) => it.replace("koffi-linux-", ""))
		.join(" and ");
	return [
		`${bold(`Your container of step ${step.number} is in ${name}`)}\n`,
		"\n",
		`  ${cyan("container.mjs")}  your container.ts and the runtime, in one file\n`,
		`  ${cyan("node_modules")}   koffi, which makes the system calls, for ${processors}\n`,
		`  ${cyan("report.md")}      what you did, and when\n`,
		"\n",
		`Copy the folder to any Linux machine with Node.js, and start it there as root:\n\n  ${cyan("sudo node container.mjs run")}\n\n`,
		dim(`On another processor, type this in the folder first: npm install\n`),
		`\nWhat it still shares, and what Part two adds: ${cyan("npm run notes next")}\n`,
	].join("");
}
