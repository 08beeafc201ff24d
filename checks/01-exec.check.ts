// Step 1: the command runs as it would without you in between.

import { inject } from "vitest";
import { carriesExec } from "../kit/grader/lasting.ts";
import { runToEnd } from "../kit/grader/observe.ts";
import {
	memoized,
	requirement,
	requireRunning,
	where,
} from "../kit/grader/requirement.ts";

const STEP = 1;
const look = requireRunning(STEP);
// Only once the command is known to run: what hangs, hangs once.
const end = async (
	what: string,
	command: string[],
	meanwhile?: Parameters<typeof runToEnd>[3],
) => {
	await look;
	return memoized(STEP, what, () =>
		runToEnd(inject("role"), STEP, command, meanwhile),
	);
};
const WAIT = ["sh", "-c", "echo ready; read -r line || sleep 5"];

carriesExec(STEP, look);

requirement(
	"1.zero",
	"a status of 0 comes back as 0, and 255 as 255",
	Promise.all([
		end("0", ["sh", "-c", "exit 0"]),
		end("255", ["sh", "-c", "exit 255"]),
	]),
	([zero, most]) => {
		if (zero.status === 0 && most.status === 255) return undefined;
		return {
			seen: `\`exit 0\` came back as ${zero.status}, and \`exit 255\` as ${most.status}`,
			why: "the exit status is the only word that a command leaves behind; a shell's `&&` and every CI live by it",
			look: `${where(STEP, /reexec\(/)}: run() returns what reexec(command) resolves to, unchanged`,
		};
	},
);

requirement(
	"1.signal",
	"death by signal n comes back as 128+n",
	Promise.all([end("signal", WAIT, ({ pid }) => process.kill(pid, "SIGKILL"))]),
	([{ status }]) => {
		if (status === 128 + 9) return undefined;
		return {
			seen: `a command killed by SIGKILL came back as ${status}, and not as 137`,
			why: "a shell reports death by signal n as status 128+n, and so does docker run",
			look: `${where(STEP, /reexec\(/)}: reexec(command) resolves to 128+n; return it unchanged`,
		};
	},
);

requirement(
	"1.missing",
	"a command that does not exist gives 127",
	Promise.all([end("missing", ["no-such-command"]), look]),
	([{ status, stderr }]) => {
		if (status === 127) return undefined;
		return {
			seen: `status ${status}${stderr && `, and: ${stderr.trim().split("\n")[0]}`}`,
			why: "127 is what every shell, and docker run, says of a command that is not there",
			look: `${where(STEP, /execvp\(/)}: execvp(command) raises an error when there is no such command; let it pass`,
		};
	},
);

requirement(
	"1.outlives",
	"it does not outlive your supervisor, even one that is killed",
	Promise.all([
		end("outlives", WAIT, (_, { pid }) => process.kill(pid, "SIGKILL")),
	]),
	([{ survivors }]) => {
		if (survivors.length === 0) return undefined;
		return {
			seen: `your supervisor was killed, and \`${survivors[0]?.command.join(" ").slice(0, 40)}\` still runs`,
			why: "a process is not told of its parent's death unless it asks for it: PR_SET_PDEATHSIG, prctl(2)",
			look: `${where(STEP, /(spawn|exec)\w*\(/)}: reexec(command) sees to it; a child that you start yourself goes on alone`,
		};
	},
);
