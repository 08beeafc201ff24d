import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { procViewOf } from "./procview.ts";

/** A shell in a mount namespace of its own, after some commands. */
async function startShell(commands: string): Promise<number> {
	const line = `${commands}; echo up; read line`;
	const shell = spawn("unshare", ["--mount", "sh", "-ec", line], {
		stdio: "pipe",
	});
	onTestFinished(() => void shell.kill("SIGKILL"));
	await once(shell.stdout, "data");
	return shell.pid ?? 0;
}

test("a procfs is read", async () => {
	const pid = await startShell(":");
	const { listed, knowsReader } = procViewOf(pid);
	expect(listed).toContain(process.pid);
	expect(knowsReader).toBe(true);
});

test.each([
	[
		"a directory that is no procfs",
		"mount -t tmpfs none /proc; mkdir /proc/1; mkfifo /proc/1/cmdline",
	],
	[
		"a link to another procfs",
		"while umount --lazy /proc 2>/dev/null; do :; done; mount -t proc proc /proc; mount -t tmpfs none /mnt; cd /mnt; mkdir old proc; mount --move /proc proc; mount -t tmpfs none old",
	],
])("%s shows nothing, and nobody waits for its pipes", async (_, commands) => {
	const pid = await startShell(commands);
	expect(procViewOf(pid)).toMatchObject({ listed: [], first: [] });
});

test("a pipe in a procfs is not waited for", async () => {
	const pid = await startShell(
		"mount -t tmpfs none /mnt; mkfifo /mnt/pipe; mount --bind /mnt/pipe /proc/1/cmdline",
	);
	const { listed, first } = procViewOf(pid);
	expect(listed).toContain(1);
	expect(first).toEqual([]);
});
