// Step 3: a name that tells the container from the dev container.

import { existsSync, readFileSync } from "node:fs";
import { type Check, hostnameOf, requirement } from "../kit/grader/index.ts";

export default {
	requirements: [
		requirement({
			id: "name",
			title: "it has a name of its own when the command starts",
			lasts: true,
			see: ({ command }) => hostnameOf(command.pid) ?? "",
			judge({ before, where }, name) {
				const outer = [before.name, givenName()];
				if (name !== "" && !outer.includes(name) && name !== "(none)")
					return undefined;
				return {
					seen: outer.includes(name)
						? `its name is ${JSON.stringify(name)}, as is the dev container's`
						: `its name is ${JSON.stringify(name)}`,
					why: "a new UTS namespace begins as a copy of the old one, name and all: somebody has to set another",
					look: `${where(/sethostname\(/)}: sethostname(…) in child(), before execvp(command)`,
				};
			},
		}),
	],
} satisfies Check;

/** The name that the real dev container was given. The one it has now may be a learner's mistake. hostname(5) */
function givenName(): string | undefined {
	const file = "/etc/hostname";
	return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}
