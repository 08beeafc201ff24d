/** `node kit/launch.cjs kit/host/loopback.ts`: switches the loopback of a new network namespace on, where ip(8) may be missing. */

import { openNetwork, setUp } from "../../runtime/network.ts";

export function main(): number {
	setUp(openNetwork(), "lo");
	return 0;
}
