// Step 3: a name that tells the container from the dev container.

import {
	hasName,
	hasUts,
	keepsOuterName,
	stillExecs,
} from "../kit/grader/lasting.ts";
import { requireRunning } from "../kit/grader/requirement.ts";

const STEP = 3;
const look = requireRunning(STEP);

stillExecs(STEP, look);
hasUts(STEP, look);
hasName(STEP, look);
keepsOuterName(STEP, look);
