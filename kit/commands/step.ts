/** `npm run step N [command]`: a command, or a shell, in the container that the learner's container.ts makes. */

import { createRequire } from "node:module";
import { supervise } from "../run/supervise.ts";

// Loaded only so that Node keeps its compiled code. The child itself can't: it
// soon becomes another program.
createRequire(import.meta.url)("./child.ts");

export function main(args: string[]): Promise<number> {
	return supervise("step", args);
}
