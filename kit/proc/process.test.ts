import { spawn } from "node:child_process";
import { once } from "node:events";
import { realpathSync } from "node:fs";
import { basename } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { hasEnded, until } from "../testing/kit.ts";
import { readFamily, readProcess } from "./process.ts";
import { readStatus, statusField } from "./status.ts";
import { listProcesses } from "./table.ts";

/** A shell with one child, both of them asleep. */
async function startFamily(): Promise<number> {
	const shell = spawn("sh", ["-c", "trap '' USR1; sleep 60; :"], {
		cwd: "/usr",
		env: { NAME: "value" },
		stdio: "ignore",
	});
	onTestFinished(async () => {
		for (const { pid } of readFamily(shell.pid ?? 0).reverse())
			process.kill(pid, "SIGKILL");
		if (shell.exitCode === null && shell.signalCode === null)
			await once(shell, "exit");
	});
	await until(() => readFamily(shell.pid ?? 0).length === 2);
	return shell.pid ?? 0;
}

test("a process is read as it is", async () => {
	const pid = await startFamily();
	const seen = readProcess(pid);
	expect(seen).toMatchObject({
		pid,
		parent: process.pid,
		command: ["sh", "-c", "trap '' USR1; sleep 60; :"],
		environment: ["NAME=value"],
		directory: { path: "/usr" },
	});
	expect(seen?.program).toBe(realpathSync("/bin/sh"));
	expect(seen?.descriptors.get(0)).toBe("/dev/null");
	const SIGUSR1 = 10;
	expect((seen?.ignored ?? 0n) >> BigInt(SIGUSR1 - 1)).toBe(1n);
});

test("a family is a process and its descendants, parents first", async () => {
	const pid = await startFamily();
	const [parent, child] = readFamily(pid);
	expect(parent?.pid).toBe(pid);
	expect(child).toMatchObject({ parent: pid, command: ["sleep", "60"] });
});

test("a process that calls itself MainThread, as Node does, has its program's name", async () => {
	const line = "printf MainThread >/proc/$$/comm; echo done; read line";
	const shell = spawn("sh", ["-c", line], { stdio: "pipe" });
	onTestFinished(() => void shell.kill());
	await once(shell.stdout, "data");
	const [entry] = listProcesses([shell.pid ?? 0]);
	expect(entry?.name).toBe(basename(realpathSync("/bin/sh")));
});

test("no process is made up where there is none", async () => {
	const gone = spawn("true", { stdio: "ignore" });
	await once(gone, "exit");
	expect(hasEnded(gone.pid)).toBe(true);
	expect(readFamily(gone.pid ?? 0)).toEqual([]);
	for (const pid of [0, gone.pid ?? 0]) {
		expect(readProcess(pid)).toBeUndefined();
		expect(readStatus(pid)).toBeUndefined();
		expect(statusField(pid, "PPid")).toBeUndefined();
	}
});

test("a status has the kernel's fields, and no others", () => {
	const status = readStatus(process.pid);
	expect(status?.get("Pid")).toBe(String(process.pid));
	expect(status?.get("PPid")).toBe(String(process.ppid));
	expect(status?.get("Nothing")).toBeUndefined();
});
