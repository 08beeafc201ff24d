/** A made-up step for a copy of the kit: its files are all that a new step needs. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { listSteps } from "../steps/catalog.ts";

const last = listSteps().at(-1);
if (!last) throw new Error("there are no steps in solutions/");

export const NUMBER = last.number + 1;
export const NAME = "made-up";
export const ID = `${String(NUMBER).padStart(2, "0")}-${NAME}`;

/** The last solution, and a time namespace. */
export const SOLUTION = readFileSync(last.solution, "utf8")
	.replace(/^import \{\s*/, "import {\n\tCLONE_NEWTIME,\n\t")
	.replace(
		/^(?=.*\n\treturn reexec\(command\);)/m,
		"\t// Give it clocks of its own, as they count since boot.\n\tunshare(CLONE_NEWTIME);\n\n",
	);

const STARTER = SOLUTION.replace("\n\tCLONE_NEWTIME,", "")
	.replace("// Give it clocks", "// TODO: Give it clocks")
	.replace("\tunshare(CLONE_NEWTIME);\n", "");

const PAGE = `---
title: Clocks of its own
goal: Give the container a time namespace
minutes: 5
calls: [unshare(2)]
proved: its clocks are the container's own
try:
  - readlink /proc/self/ns/time
  - cat /proc/uptime
isolates: [time]
---

## The question

Who else reads a clock?

## See the problem

\`\`\`console dev starter
$ npm run --silent step ${NUMBER} -- sh -c 'echo still $((40 + 2))'
still 42
\`\`\`

## The idea

Another namespace, another set of clocks.

\`\`\`diagram
\`\`\`

## The system call

\`\`\`c
int unshare(int flags);
\`\`\`

The manual: unshare(2).

\`\`\`ts
import { unshare } from "#runtime";
\`\`\`

## Your turn

In \`steps/${ID}/container.ts\`, give the container clocks of its own. Grade it with \`npm run check ${NUMBER}\`.

## Try it

Ask which namespace it is in.

## What still leaks

The time.

## How Docker does it

With the same call.

## Go further

What else is in a time namespace?

<details><summary>Look</summary>

Semaphores and shared memory.

</details>
`;

const HINTS = `# Hints for step ${NUMBER}

1. Which namespace holds clocks?
2. It starts with the child, as the others do.
3. The flag is called CLONE_NEWTIME.
`;

const CHECK = `// Step ${NUMBER}: clocks of its own.

import { type Check, differs, requirement } from "../kit/grader/index.ts";

export default {
	requirements: [
		requirement({
			id: "time",
			title: "it has its own time namespace",
			lasts: true,
			judge({ command, init, where }) {
				const { time } = init.namespaces;
				if (differs(time, command.namespaces.time, "its time namespace"))
					return undefined;
				return {
					seen: "the container shares the dev container's time namespace",
					why: "a child starts in its parent's namespaces",
					look: \`\${where(/unshare\\(/)}: unshare(CLONE_NEWTIME) in run()\`,
				};
			},
		}),
	],
} satisfies Check;
`;

const SUBMISSIONS = `import type { Submissions } from "../kit/grader/index.ts";

const wrong: Submissions["wrong"] = [
	{
		what: "no namespace is made",
		fails: "time",
		edit: { "unshare(CLONE_NEWTIME);": "" },
	},
];

const right: Submissions["right"] = [
	{
		what: "by its number",
		edit: { "unshare(CLONE_NEWTIME);": "unshare(0x80);" },
	},
];

export default { wrong, right };
`;

/** What each of its files holds, by its path below the kit's folder. */
export const FILES: Record<string, string> = {
	[`solutions/${ID}/container.ts`]: SOLUTION,
	[`steps/${ID}/container.ts`]: STARTER,
	[`notes/${ID}.md`]: PAGE,
	[`notes/${ID}.hints.md`]: HINTS,
	[`checks/${ID}.check.ts`]: CHECK,
	[`checks/${ID}.submissions.ts`]: SUBMISSIONS,
};

export function addMadeUpStep(kit: string): void {
	for (const [file, text] of Object.entries(FILES)) {
		mkdirSync(dirname(join(kit, file)), { recursive: true });
		writeFileSync(join(kit, file), text, { flag: "wx" });
	}
}
