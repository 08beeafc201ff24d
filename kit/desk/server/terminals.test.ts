/** The desk's terminals: real shells on pseudo-terminals. */

import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { read } from "../../proc/procfs.ts";
import { listPids } from "../../proc/table.ts";
import { copyKit, hasEnded } from "../../testing/kit.ts";
import {
	openPage,
	openTerminalPage,
	type Started,
	showTerminal,
	startDesk,
	stop,
	waitFor,
} from "../fixtures/desk.ts";
import { openTerminals } from "./terminals.ts";

const COPY = copyKit(() => {});
let desk: Started;
beforeAll(async () => {
	desk = await startDesk(COPY, { WORKSHOP_SANDBOX: "vm" });
});
afterAll(async () => {
	await stop(desk);
	rmSync(COPY, { recursive: true });
});

/** The number in the last match. */
function numberIn(text: string, pattern: RegExp): number {
	return Number([...text.matchAll(pattern)].at(-1)?.[1]);
}

test("a terminal is a shell in the workshop's folder, with the size of its window", async () => {
	const page = await openPage(desk);
	const terminal = await openTerminalPage(desk, page);
	terminal.type("pwd; stty size; tty; echo $TERM $WORKSHOP_SANDBOX\r");
	await terminal.sees(/\n24 80\n\/dev\/pts\/\d+\nxterm-256color vm\n/);
	await terminal.sees(COPY);
	terminal.say({ type: "resize", columns: 132, rows: 43 });
	terminal.type("stty size\r");
	await terminal.sees("\n43 132\n");
	terminal.say({ type: "resize", columns: 1e9, rows: -1 });
	terminal.type("stty size\r");
	await terminal.sees("\n1 1000\n");
	terminal.type("env\r");
	await terminal.sees("COLORTERM");
	expect(terminal.text()).not.toMatch(/WORKSHOP_KEY|npm_/);
});

test("Ctrl-C interrupts what runs, and not the desk", async () => {
	const page = await openPage(desk);
	const terminal = await openTerminalPage(desk, page);
	terminal.type("echo ready; sleep 1000\r");
	await terminal.sees("\nready\n");
	terminal.type("\u0003");
	terminal.type("echo the status is $?\r");
	await terminal.sees("the status is 130");
});

test("a shell that ends is told, and its terminal is gone", async () => {
	const page = await openPage(desk);
	const terminal = await openTerminalPage(desk, page);
	terminal.type("exit 7\r");
	expect(await terminal.closed).toBe(4004);
	expect(terminal.told().at(-1)).toEqual({ type: "ended", status: 7 });
	const { terminals } = await page.next("terminals");
	expect(terminals.map(({ id }) => id)).not.toContain(terminal.id);
});

test("a terminal outlives its connection, and shows what was shown", async () => {
	const page = await openPage(desk);
	const before = await openTerminalPage(desk, page);
	before.type("word=kept; echo first\r");
	await before.sees("\nfirst\n");
	before.socket.terminate();
	const after = showTerminal(desk, before.id);
	await once(after.socket, "open");
	await after.sees("\nfirst\n");
	expect(after.told()).toEqual([{ type: "begin", replay: expect.any(Number) }]);
	after.type("echo $word still\r");
	await after.sees("kept still");
	// A reloaded page learns of it from the desk.
	const { terminals } = await (await openPage(desk)).next("hello");
	expect(terminals).toContainEqual({ id: before.id, name: "test" });
});

test("a second viewer takes the terminal over", async () => {
	const page = await openPage(desk);
	const first = await openTerminalPage(desk, page);
	const second = showTerminal(desk, first.id);
	expect(await first.closed).toBe(4001);
	second.type("echo mine\r");
	await second.sees("\nmine\n");
});

test("closing a terminal ends all that runs in it, and nothing else", async () => {
	const page = await openPage(desk);
	const other = await openTerminalPage(desk, page);
	const terminal = await openTerminalPage(desk, page);
	terminal.type(
		"sleep 1001 & echo job=$!. ; (setsid --wait sleep 1002; true) & sleep 0.5; echo session=$(pgrep -nf '^sleep 1002'). ; trap '' HUP; sleep 1003\r",
	);
	await terminal.sees(/session=\d+/);
	const job = numberIn(terminal.text(), /job=(\d+)\./g);
	const session = numberIn(terminal.text(), /session=(\d+)\./g);
	expect([hasEnded(job), hasEnded(session)]).toEqual([false, false]);
	page.send({ type: "closeTerminal", id: terminal.id });
	expect(await terminal.closed).toBe(4004);
	await waitFor(() => hasEnded(job) && hasEnded(session), "their end");
	other.type("echo alive\r");
	await other.sees("\nalive\n");
});

test("there are eight terminals at most", async () => {
	const page = await openPage(desk);
	const hello = await page.next("hello");
	for (let n = hello.terminals.length; n < 8; n++)
		await openTerminalPage(desk, page);
	page.send({ type: "openTerminal", name: "ninth", columns: 80, rows: 24 });
	expect(await page.next("refused")).toMatchObject({
		of: "openTerminal",
		text: "There are 8 terminals already. Close one first.",
	});
	const { terminals } = await (await openPage(desk)).next("hello");
	expect(terminals).toHaveLength(8);
	for (const { id } of terminals) page.send({ type: "closeTerminal", id });
	await page.next("terminals", (it) => it.terminals.length === 0);
});

test("what starts processes without end is ended with its terminal", async () => {
	const page = await openPage(desk);
	const terminal = await openTerminalPage(desk, page);
	// Each process lives for a moment, and leaves another one, which init adopts.
	terminal.type(
		"echo shell=$$.; f() { sleep 0.02; f & }; for i in $(seq 30); do f & done\r",
	);
	await terminal.sees(/shell=\d+\./);
	const shell = numberIn(terminal.text(), /shell=(\d+)\./g);
	await waitFor(() => sizeOf(shell) > 25, "the processes");
	page.send({ type: "closeTerminal", id: terminal.id });
	await waitFor(() => sizeOf(shell) === 0, "their end");
});

/** How many processes a session has, without those that have ended and whose parent has not asked. proc_pid_stat(5) */
function sizeOf(session: number): number {
	return listPids().filter((pid) => {
		const stat = read(`/proc/${pid}/stat`) ?? "";
		const [, state, , , theirs] = stat.slice(stat.lastIndexOf(")")).split(" ");
		return state !== "Z" && theirs === String(session);
	}).length;
}

test("output that nobody acknowledges is held back, and none of it is lost", async () => {
	const page = await openPage(desk);
	const terminal = await openTerminalPage(desk, page, { slow: true });
	terminal.type("seq 400000; echo the end\r");
	await waitFor(() => terminal.bytes() > 256 * 1024, "the first output");
	const held = await settled(terminal.bytes);
	expect(held).toBeLessThan(512 * 1024);
	// Each acknowledgement lets more of it come.
	const acknowledging = setInterval(
		() => terminal.say({ type: "ack", bytes: terminal.bytes() }),
		1,
	);
	await terminal.sees("\nthe end\n");
	clearInterval(acknowledging);
	const numbers = terminal.text().match(/^\d+$/gm) ?? [];
	expect(numbers).toHaveLength(400_000);
	expect(numbers.at(-1)).toBe("400000");
});

test("a yes that nobody looks at does not fill the desk's memory", async () => {
	const page = await openPage(desk);
	const terminal = await openTerminalPage(desk, page);
	terminal.type("yes\r");
	await waitFor(() => terminal.bytes() > 1024 * 1024, "a megabyte");
	const before = memoryOf(desk.process.pid);
	terminal.socket.terminate();
	await waitFor(() => false, "nothing", 2).catch(() => {});
	expect(memoryOf(desk.process.pid) - before).toBeLessThan(32 * 1024);
	// Who comes back gets the last of it, and can end it.
	const again = showTerminal(desk, terminal.id);
	await again.sees(/(y\n){1000}/);
	again.type("\u0003");
	again.type("echo over\r");
	await again.sees("\nover\n");
});

test("a terminal that nobody shows is ended after its time", async () => {
	let changes = 0;
	const terminals = openTerminals(() => changes++, 200);
	const viewer = { show() {}, ended() {}, taken() {} };
	const shown = terminals.open("shown", 80, 24);
	const left = terminals.open("left", 80, 24);
	shown.view(viewer);
	left.view(viewer);
	left.leave(viewer);
	await waitFor(() => terminals.list().length === 1, "its end");
	expect(terminals.list()).toEqual([{ id: shown.id, name: "shown" }]);
	terminals.closeAll();
	await waitFor(() => terminals.list().length === 0, "the end of all");
	expect(changes).toBe(4);
});

/** A number that no longer changes. */
async function settled(value: () => number): Promise<number> {
	for (let last = -1; ; ) {
		if (last === value()) return last;
		last = value();
		await new Promise((resolve) => setTimeout(resolve, 300));
	}
}

/** Kilobytes. */
function memoryOf(pid: number | undefined): number {
	const status = readFileSync(`/proc/${pid}/status`, "utf8");
	return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}
