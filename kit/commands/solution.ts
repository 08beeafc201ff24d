/** `npm run solution N [command]`: a command, or a shell, in the container that the reference makes. */

import { supervise } from "../run/supervise.ts";

export function main(args: string[]): Promise<number> {
	return supervise("solution", args);
}
