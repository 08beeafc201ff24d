/** `npm run step N [command]`: a command, or a shell, in the container that the learner's container.ts makes. */

import { createRequire } from "node:module";
import { supervise } from "../run/supervise.ts";

// Not called here, but compiled and kept, in the way in which launch.cjs loads it.
// The child can't do so: it soon becomes another program.
createRequire(import.meta.url)("./child.ts");

export function main(args: string[]): Promise<number> {
	return supervise("step", args);
}
