// Step 3: a host name that differs from the dev container's.

import { existsSync, readFileSync } from "node:fs";
import { type Check, hostnameOf, requirement } from "../kit/grader/index.ts";

export default {
	requirements: [
		requirement({
			id: "name",
			title: "it has its own name when the command starts",
			lasts: true,
			see: ({ command }) => hostnameOf(command.pid) ?? "",
			judge({ before, where }, name) {
				const outer = [before.name, givenName()];
				if (name !== "" && !outer.includes(name) && name !== "(none)")
					return undefined;
				return {
					seen: outer.includes(name)
						? "its name is the dev container's"
						: `its name is ${JSON.stringify(name)}`,
					why: "a new UTS namespace starts as a copy of the old one, and keeps its name until your code sets another",
					look: `${where(/sethostname\(/)}: sethostname(…) in child(), before execvp(command)`,
				};
			},
		}),
		requirement({
			id: "unlike",
			title: "each container has a different name",
			extra: true,
			again: true,
			see: ({ command }) => hostnameOf(command.pid) ?? "",
			async judge({ before, killed, where }, name) {
				// Only a name of its own can be another one each time.
				const other = name === before.name ? name : (await killed()).name;
				if (other !== "" && other !== name) return undefined;
				return {
					seen: `two containers were both called ${JSON.stringify(name)}`,
					why: "the name is written in the file",
					look: `${where(/sethostname\(/)}: a name that is made when the container is`,
				};
			},
		}),
	],
} satisfies Check;

/** The name that the real dev container started with. A learner may have renamed it by mistake since. hostname(5) */
function givenName(): string | undefined {
	const file = "/etc/hostname";
	return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}
