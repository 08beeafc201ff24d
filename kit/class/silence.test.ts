/**
 * Whoever has not joined sends nothing: the commands run in a network namespace
 * with a loopback and a cable with the default route, whose kernel counts every
 * connection and datagram that a program begins. And a board that is gone changes nothing.
 */

import { copyFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { listSteps } from "../steps/catalog.ts";
import { copyKit, execute, openTerminal, run } from "../testing/kit.ts";

const MEMBER = { id: "00000000000000aa", name: "Ana" };

/** Lines of sh in a network of their own, which end with how many connections and datagrams were begun. Packets would count, too, what the kernel sends by itself over IPv6. proc_pid_net(5) */
function counted(lines: string): string[] {
	const script = `
		ip link set lo up
		ip link add cable type veth peer name other
		ip address add 198.51.100.2/24 dev cable
		ip link set cable up
		ip link set other up
		ip route add default via 198.51.100.1
		sent() {
			awk '
				/^(Tcp|Udp): [A-Z]/ { for (i = 2; i <= NF; i++) name[$1, i] = $i }
				/^(Tcp|Udp): [0-9]/ { for (i = 2; i <= NF; i++) if (name[$1, i] ~ /^(ActiveOpens|OutDatagrams)$/) sum += $i }
				$1 == "Udp6OutDatagrams" { sum += $2 }
				END { print sum + 0 }
			' /proc/net/snmp /proc/net/snmp6
		}
		before=$(sent)
		${lines}
		echo "begun: $(($(sent) - before))"
	`;
	return ["unshare", "--net", "sh", "-c", script];
}

async function begunBy(lines: string, kit: string) {
	const { stdout } = await execute(counted(lines), { cwd: kit });
	const [, sent] = /begun: (\d+)/.exec(stdout) ?? [];
	return { sent: Number(sent), said: stdout };
}

const COMMANDS = [
	"start",
	"check 1",
	"hint 2",
	"notes 1",
	"result Ana",
	"leave",
]
	.map((words) => `node kit/launch.cjs ${words}`)
	.join("; ");

function solvedKit(): string {
	const kit = copyKit();
	const [one] = listSteps();
	copyFileSync(
		one?.solution ?? "",
		join(kit, "steps", one?.id ?? "", "container.ts"),
	);
	return kit;
}

const joinAs = (kit: string, host: string, port = 4100) =>
	writeFileSync(
		join(kit, "steps/.class.json"),
		JSON.stringify({ ...MEMBER, board: { host, port, word: "kolibu" } }),
	);

test("without joining nothing leaves, by the loopback neither", async () => {
	const kit = solvedKit();
	const { sent, said } = await begunBy(COMMANDS, kit);
	expect(said).toMatch(/✔ 1 exec +12 of 12/);
	expect(said).toContain('"name":"Ana"');
	expect(sent).toBe(0);
	// The namespace counts: who has joined is seen.
	joinAs(kit, "198.51.100.1");
	expect(
		(await begunBy("node kit/launch.cjs hint 2", kit)).sent,
	).toBeGreaterThan(0);
	joinAs(kit, "127.0.0.1");
	expect(
		(await begunBy("node kit/launch.cjs hint 2", kit)).sent,
	).toBeGreaterThan(0);
});

test("the watching grader sends nothing either, whatever key is pressed", async () => {
	const kit = solvedKit();
	const watching = openTerminal(
		counted(`${process.execPath} kit/launch.cjs watch 1`),
		{ cwd: kit },
	);
	await watching.sees(/1 exec +12 of 12[\s\S]*a all · q quit/, 20);
	for (const key of "ucl") {
		watching.type(key);
		// Keys that arrive together count as pasted.
		await setTimeout(500);
	}
	watching.type("h");
	await watching.sees(/hint 1 of[\s\S]*a all · q quit/, 20);
	watching.type("q");
	await watching.sees("begun: 0");
	expect(watching.text()).not.toMatch(/hand up|clear/);
});

describe("a board that is gone", () => {
	/** Hosts that refuse, that answer nothing, and that cannot be reached. */
	let mute: number;
	beforeAll(async () => {
		const server = createServer(() => {});
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		mute = (server.address() as { port: number }).port;
		return () => server.close();
	});

	test.each([
		["refuses", "127.0.0.1", 1],
		["answers nothing", "127.0.0.1", 0],
		["cannot be reached", "240.0.0.1", 4100],
		["has no address", "", 4100],
	])("that %s changes neither a word nor the status", async (_, host, port) => {
		const kit = solvedKit();
		// The first check that passes has news.
		await run("check", ["1"], { kit });
		const before = await run("check", ["1"], { kit });
		joinAs(kit, host, port || mute);
		const after = await run("check", ["1"], { kit });
		expect(after).toEqual(before);
		expect(before.status).toBe(0);
		const hint = await run("hint", ["2"], { kit });
		expect([hint.status, hint.stderr]).toEqual([0, ""]);
	});

	test("a file that is no membership is none", async () => {
		const kit = solvedKit();
		for (const text of [
			"",
			"null",
			"[]",
			'{"id":1}',
			`{"id":"a","name":"b","board":7}`,
		]) {
			writeFileSync(join(kit, "steps/.class.json"), text);
			const { status, stderr } = await run("hint", ["2", "--again"], { kit });
			expect([text, status, stderr]).toEqual([text, 0, ""]);
			expect((await run("start", [], { kit })).status).toBe(0);
		}
	});
});

test("the keys of the class are in the watching grader's menu once one has joined, also meanwhile", async () => {
	const kit = solvedKit();
	const sent: string[] = [];
	const server = createServer((socket) => {
		let text = "";
		socket.on("data", (chunk) => {
			text += chunk;
			const body = text.split("\r\n\r\n")[1] ?? "";
			if (!body.endsWith("}")) return;
			sent.push(body);
			socket.end("HTTP/1.1 204 No Content\r\n\r\n");
		});
		socket.on("error", () => {});
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	onTestFinished(() => void server.close());
	const watching = openTerminal(
		[process.execPath, "kit/launch.cjs", "watch", "2"],
		{ cwd: kit },
	);
	await watching.sees(/a all · q quit/);
	expect(watching.text()).not.toContain("hand");
	const { port } = server.address() as { port: number };
	joinAs(kit, "127.0.0.1", port);
	watching.type("a");
	await watching.sees(/u hand up · c 1 is clear · l lost · q quit/, 60);
	watching.type("u");
	await watching.sees("Your hand is up.");
	await watching.sees("u hand down");
	watching.type("c");
	await watching.sees("Step 1 is clear to you.");
	watching.type("u");
	await watching.sees("Your hand is down.");
	watching.type("q");
	expect(await watching.ended).toBe(0);
	const messages = sent.map((it) => JSON.parse(it));
	expect(messages.map(({ hand }) => typeof hand)).toEqual([
		...["undefined", "string", "string", "undefined"],
	]);
	expect(messages.at(-1).steps[0]).toMatchObject({ step: 1, opinion: "clear" });
});
