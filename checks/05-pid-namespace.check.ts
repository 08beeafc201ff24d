// Step 5: process IDs of its own, from 1.

import { inject } from "vitest";
import {
	hasName,
	hasRoot,
	hasUts,
	isPidOne,
	keepsOuterName,
	startsInRoot,
	stillExecs,
} from "../kit/grader/lasting.ts";
import { runToEnd, STATUS } from "../kit/grader/observe.ts";
import {
	memoized,
	requirement,
	requireRunning,
	where,
} from "../kit/grader/requirement.ts";

const STEP = 5;
const look = requireRunning(STEP);
const killAll = look.then(() =>
	memoized(STEP, "kill", () =>
		runToEnd(inject("role"), STEP, [
			"sh",
			"-c",
			`sleep 1000 & kill -KILL -1; exit ${STATUS}`,
		]),
	),
);

stillExecs(STEP, look);
hasUts(STEP, look);
hasName(STEP, look);
keepsOuterName(STEP, look);
hasRoot(STEP, look);
startsInRoot(STEP, look);
isPidOne(STEP, look);

requirement(
	"5.signals",
	"a signal from inside can't reach outside",
	killAll,
	({ status }) => {
		if (status === STATUS) return undefined;
		return {
			seen: `\`kill -KILL -1\` in the container killed processes outside of it: your supervisor ended with status ${status}`,
			why: "kill(2) reaches every process that the caller can name, and without a PID namespace it can name them all",
			look: `${where(STEP, /unshare\(/)}: CLONE_NEWPID in the unshare(…) of run()`,
		};
	},
);

requirement(
	"5.end",
	"when PID 1 ends, everything in the namespace ends",
	look,
	({ survivors }) => {
		if (survivors.length === 0) return undefined;
		return {
			seen: `the command has ended, and ${survivors.map(({ command }) => `\`${command.join(" ").slice(0, 40)}\``).join(", ")} still runs`,
			why: "the kernel kills what is left in a PID namespace when its PID 1 ends; without one, a daemon outlives its container",
			look: `${where(STEP, /unshare\(/)}: the command itself must be PID 1: CLONE_NEWPID in run(), execvp(command) in child()`,
		};
	},
);
