/** Comes before a finished container.ts that uses a cgroup: the runtime reads where that is when it is loaded. */

import { provideCgroup } from "./limits.ts";

if (process.argv[2] === "run" && process.getuid?.() === 0) provideCgroup();
