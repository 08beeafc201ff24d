/** Why the server ends a socket: see Closed in protocol.ts. */

import type { Closed } from "../protocol.ts";

export const CODES = {
	taken: 4001,
	noTerminal: 4004,
	tooMany: 4008,
	notUnderstood: 1008,
} satisfies Record<string, Closed>;
