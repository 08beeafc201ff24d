/** docker/desk.sh, the PID 1 of the desk's container: what a learner does to the container, the desk outlives. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { children, execute, HOME, hasEnded } from "../../testing/kit.ts";
import {
	freePort,
	openPage,
	openTerminalPage,
	type Started,
	waitFor,
	whenStarted,
} from "../fixtures/desk.ts";

/** The desk in PID, mount, UTS and IPC namespaces of its own, as in a container. `pid` is that of PID 1. */
async function startContainer(
	port: number,
): Promise<{ desk: Started; pid: number }> {
	const container = spawn(
		"unshare",
		[
			...["--pid", "--fork", "--mount-proc", "--uts", "--ipc", "--kill-child"],
			...["bash", "docker/desk.sh", "--port", String(port)],
		],
		{
			cwd: HOME,
			stdio: ["ignore", "pipe", "pipe"],
			env: { ...process.env, WORKSHOP_SANDBOX: "vm", HOME: "/tmp" },
		},
	);
	onTestFinished(() => void container.kill("SIGKILL"));
	const desk = await whenStarted(container);
	return { desk, pid: children(container.pid)[0] ?? 0 };
}

/** The server, as the test's /proc shows it. */
const serverOf = (init: number) =>
	children(init).find((pid) =>
		readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("launch.cjs\0desk"),
	) ?? 0;

test("kill -9 -1 ends all but PID 1, and the desk begins again and says so", async () => {
	const { desk, pid } = await startContainer(await freePort());
	const page = await openPage(desk);
	const { run } = await page.next("hello");
	const terminal = await openTerminalPage(desk, page);
	const closed = once(page.socket, "close");
	terminal.type("kill -9 -1\r");
	await closed;
	await waitFor(
		() => desk.said().split("The desk: ").length > 2,
		() => `a second start in: ${desk.said()}`,
	);
	const addresses = desk.said().match(/http:\S+/g) ?? [];
	expect(addresses[1]).toBe(addresses[0]);

	// The tab comes back with the cookie that it has.
	const again = await openPage(desk);
	const hello = await again.next("hello");
	expect(hello.run).not.toBe(run);
	expect(hello.terminals).toEqual([]);
	expect((await again.next("notice")).text).toMatch(
		/ended the desk \(SIGKILL\), and it began again at \d\d:\d\d:\d\d\. Terminals that were open are gone\.$/,
	);
	const shell = await openTerminalPage(desk, again);
	shell.type("echo alive\r");
	await shell.sees("\nalive\n");
	expect(hasEnded(pid)).toBe(false);
});

test("a renamed host and a mount over /proc are survived, and the mount is told", async () => {
	const { desk } = await startContainer(await freePort());
	const page = await openPage(desk);
	const terminal = await openTerminalPage(desk, page);
	terminal.type("hostname another; mount -t tmpfs none /proc; echo done\r");
	await terminal.sees("\ndone\n");
	expect((await page.next("notice")).text).toContain("umount /proc");
	const other = await openTerminalPage(desk, page);
	other.type("hostname; umount /proc\r");
	await other.sees("\nanother\n");
	expect((await page.next("notice")).text).toContain("is back");
	// A terminal can be closed under the mount, too.
	terminal.type("mount -t tmpfs none /proc; echo again\r");
	await terminal.sees("\nagain\n");
	page.send({ type: "closeTerminal", id: terminal.id });
	expect(await terminal.closed).toBe(4004);
});

test("a full disk keeps the old text, and says so", async () => {
	const { desk } = await startContainer(await freePort());
	const page = await openPage(desk);
	const terminal = await openTerminalPage(desk, page);
	const step = "02-uts-namespace";
	// In this container's mount namespace alone.
	terminal.type(
		`mount -t tmpfs -o size=64k none steps/${step}; cd steps/${step}; echo old >container.ts; cat /dev/zero >full; echo done\r`,
	);
	await terminal.sees("\ndone\n");
	page.send({ type: "open", step });
	const { version } = await page.next("file", ({ text }) => text === "old\n");
	const text = "// A new text\n".repeat(100);
	page.send({ type: "save", step, text, version });
	expect(await page.next("refused")).toMatchObject({
		of: "save",
		text: `The disk is full: steps/${step}/container.ts is not saved. Delete what fills it, and save again.`,
	});
	terminal.type("cat container.ts; ls; rm full; echo free\r");
	await terminal.sees(/\nold\ncontainer.ts\s+full\n/);
	await terminal.sees("\nfree\n");
	page.send({ type: "save", step, text, version });
	await page.next("file", ({ why }) => why === "saved");
});

test("orphans are reaped", async () => {
	const { desk, pid } = await startContainer(await freePort());
	const page = await openPage(desk);
	const terminal = await openTerminalPage(desk, page);
	terminal.type("(setsid sleep 0.1 &); (sleep 0.1 &); sleep 0.5; echo done\r");
	await terminal.sees("\ndone\n");
	await waitFor(() => children(pid).length === 1, "one child");
	expect(serverOf(pid)).toBe(children(pid)[0]);
});

test("a signal ends it with all that runs in it, and a port in use at once", async () => {
	const port = await freePort();
	const { desk, pid } = await startContainer(port);
	const second = await execute(
		["bash", "docker/desk.sh", "--port", String(port)],
		{
			cwd: HOME,
			env: { ...process.env, WORKSHOP_SANDBOX: "vm" },
		},
	);
	expect(second).toMatchObject({
		status: 1,
		stderr: expect.stringContaining(`Port ${port} is in use.`),
	});
	const ended = once(desk.process, "exit");
	process.kill(pid, "SIGTERM");
	expect(await ended).toEqual([0, null]);
});
