/** Starts containers of the reference, for tests. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished } from "vitest";
import { findContainers } from "../look/containers.ts";
import type { View } from "../look/view.ts";
import { listProcesses } from "../proc/table.ts";
import { HOME, run, scriptWords, until } from "./kit.ts";

/** Starts a container of the reference that waits until the test ends or types a line. */
export async function startContainer(
	step: number,
	script = "echo ready; read -r line",
): Promise<{
	pid: number;
	supervisor: ChildProcess;
	type: (line: string) => void;
}> {
	const [node = "", ...words] = scriptWords("solution");
	const supervisor = spawn(node, [...words, String(step), "sh", "-c", script], {
		cwd: HOME,
		stdio: ["pipe", "pipe", "inherit"],
	});
	onTestFinished(async () => {
		supervisor.kill("SIGKILL");
		if (supervisor.exitCode === null && supervisor.signalCode === null)
			await once(supervisor, "exit");
	});
	let said = "";
	supervisor.stdout.on("data", (text) => {
		said += text;
	});
	await until(() => said.includes("ready"));
	const own = containersOf(supervisor);
	return {
		pid: own[0]?.pid ?? 0,
		supervisor,
		type: (line) => void supervisor.stdin.write(`${line}\n`),
	};
}

export const containersOf = ({ pid }: ChildProcess) =>
	findContainers(listProcesses()).filter(
		({ supervisor }) => supervisor === pid,
	);

/** The output of `npm run look -- --json` for a container. */
export async function lookAt(pid: number): Promise<View> {
	const { stdout, stderr, status } = await run("look", [
		...["--json", "--pid", String(pid)],
	]);
	expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
	return JSON.parse(stdout);
}

export const ownershipsOf = ({ rows }: Pick<View, "rows">) =>
	Object.fromEntries(rows.map(({ kind, ownership }) => [kind, ownership]));
