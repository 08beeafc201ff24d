/** `npm run watch [N]` is `npm run check -- --watch [N]`: grades at each save. */

import { main as check } from "./check.ts";

export function main(args: string[]): Promise<number> {
	return check(["--watch", ...args]);
}
