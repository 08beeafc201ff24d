/** The folder steps/ as a learner gets it: a starter for each step, and a README with the starters' version. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HOME, listSteps } from "./catalog.ts";
import { hashOf } from "./progress.ts";
import { starter } from "./starter.ts";
import { LABEL } from "./version.ts";

/** The files of the folder, by their paths in it. */
export function starterFiles(): Map<string, string> {
	const files = new Map<string, string>();
	for (const step of listSteps())
		files.set(join(step.id, "container.ts"), starter(step));
	const { version } = JSON.parse(
		readFileSync(join(HOME, "package.json"), "utf8"),
	);
	const label = `${version}-${hashOf([...files.values()].join("")).slice(0, 8)}`;
	files.set("README.md", README.replace("LABEL", `${LABEL}${label}`));
	return files;
}

/** Writes the folder, over existing files. */
export function writeStarters(folder: string): void {
	for (const [name, text] of starterFiles()) {
		mkdirSync(join(folder, name, ".."), { recursive: true });
		writeFileSync(join(folder, name), text);
	}
}

const README = `# Your steps

One folder a step, and in each the \`container.ts\` that you edit. \`npm start\` says what comes next,
\`npm run reset 3\` brings a starter back and keeps your file beside it.

LABEL
`;
