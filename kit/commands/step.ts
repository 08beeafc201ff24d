/** `npm run step N [command]`: a command, or a shell, in the container that the learner's container.ts makes. */

import { supervise } from "../run/supervise.ts";

export function main(args: string[]): Promise<number> {
	return supervise("step", args);
}
