// Step 2: a host name that can be changed without anybody outside noticing.

import { hasUts, keepsOuterName, stillExecs } from "../kit/grader/lasting.ts";
import { RENAMED } from "../kit/grader/observe.ts";
import {
	requirement,
	requireRunning,
	where,
} from "../kit/grader/requirement.ts";

const STEP = 2;
const look = requireRunning(STEP);

stillExecs(STEP, look);
hasUts(STEP, look);

requirement(
	"2.rename",
	"a rename inside is not seen outside",
	look,
	({ during }) => {
		if (during.name !== RENAMED) return undefined;
		return {
			seen: `a rename in the container changed the dev container's name to ${JSON.stringify(during.name)}`,
			why: "both are in one UTS namespace, and a UTS namespace has one name",
			look: `${where(STEP, /unshare\(/)}: unshare(CLONE_NEWUTS) in run(), before reexec()`,
		};
	},
);

keepsOuterName(STEP, look);
