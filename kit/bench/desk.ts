/** How long a learner waits for the desk, and the memory that it takes. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { WebSocket } from "ws";
import { read } from "../proc/procfs.ts";
import { familyOf } from "../proc/table.ts";
import { HOME, listSteps } from "../steps/catalog.ts";
import { emptyRow, type Row } from "./stopwatch.ts";
import { launch, SAMPLE } from "./subjects.ts";

export interface DeskResults {
	/** From the command to the page with its script and style. */
	page: Row;
	/** From a key's message to the terminal's answer. */
	echo: Row;
	/** From a save to the verdict. */
	verdict: Row;
	/** Server, language server and one terminal, in kilobytes: what they share counts once. */
	memory: number;
}

/** @param kit a copy of the kit, whose steps are changed */
export async function measureDesk(
	kit: string,
	runs: number,
): Promise<DeskResults> {
	// The language server's project extends it.
	copyFileSync(join(HOME, "tsconfig.json"), join(kit, "tsconfig.json"));
	const page = emptyRow("desk, to the page");
	// The first start makes the page.
	for (let turn = -1; turn < runs; turn++) {
		const begin = performance.now();
		const desk = await startDesk(kit);
		if (turn >= 0) page.times.push(performance.now() - begin);
		await desk.end();
	}
	const desk = await startDesk(kit);
	try {
		const tab = desk.open("/desk");
		const memory = await measureMemory(desk, tab, kit);
		return {
			page,
			echo: await echoes(desk, tab, runs * 10),
			verdict: await verdicts(tab, runs),
			memory,
		};
	} finally {
		await desk.end();
	}
}

interface Desk {
	process: ChildProcess;
	open(path: string): WebSocket;
	end(): Promise<void>;
}

async function startDesk(kit: string): Promise<Desk> {
	const [program = "", ...words] = launch("desk", "--port", "0");
	const desk = spawn(program, words, {
		cwd: kit,
		stdio: ["ignore", "pipe", "ignore"],
	});
	const ended = once(desk, "exit");
	let said = "";
	for await (const text of desk.stdout) {
		said += text;
		if (said.includes("Ctrl-C")) break;
	}
	const address = new URL(/http:\S+/.exec(said)?.[0] ?? "");
	const { origin, host } = address;
	const entry = await fetch(address, { redirect: "manual" });
	const [cookie = ""] = entry.headers.get("set-cookie")?.split(";") ?? [];
	for (const path of ["/", "/desk.css", "/desk.js"])
		await (await fetch(origin + path, { headers: { cookie } })).arrayBuffer();
	return {
		process: desk,
		open: (path) =>
			new WebSocket(`ws://${host}${path}`, { headers: { cookie }, origin }),
		async end() {
			desk.kill();
			await ended;
		},
	};
}

/** The next message of a type. */
async function next(tab: WebSocket, type: string) {
	for (;;) {
		const [data] = await once(tab, "message");
		const message = JSON.parse(String(data));
		if (message.type === type) return message;
	}
}

function say(tab: WebSocket, message: object): void {
	tab.send(JSON.stringify(message));
}

/** With an open editor and an open terminal. The grader, which works at a save alone, is not counted. */
async function measureMemory(
	desk: Desk,
	tab: WebSocket,
	kit: string,
): Promise<number> {
	await next(tab, "hello");
	say(tab, { type: "openTerminal", name: "bench", columns: 80, rows: 24 });
	await next(tab, "terminals");
	const language = desk.open("/lsp");
	await once(language, "open");
	await openEditor(language, join(kit, "kit/desk/server/project"));
	await setTimeout(1000);
	const family = familyOf(desk.process.pid ?? 0).filter(
		(pid) => !read(`/proc/${pid}/cmdline`)?.includes("grade.ts"),
	);
	language.close();
	return family
		.map((pid) =>
			/^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? ""),
		)
		.reduce((sum, found) => sum + Number(found?.[1] ?? 0), 0);
}

/** Opens the sample's text as the editor does, and hovers over its first name. */
async function openEditor(socket: WebSocket, project: string): Promise<void> {
	const ask = (message: object) => say(socket, { jsonrpc: "2.0", ...message });
	const answered = new Promise<void>((resolve) =>
		socket.on("message", (data) => {
			const { id, method } = JSON.parse(String(data));
			if (method && id !== undefined) ask({ id, result: [null] });
			else if (id === 2) resolve();
		}),
	);
	const step = listSteps().find(({ number }) => number === SAMPLE);
	const uri = `file://${project}/steps/${step?.id}/container.ts`;
	const text = readFileSync(step?.solution ?? "", "utf8");
	const document = { uri, languageId: "typescript", version: 1, text };
	const capabilities = { textDocument: { completion: {}, hover: {} } };
	const params = { processId: null, rootUri: `file://${project}` };
	ask({ id: 1, method: "initialize", params: { ...params, capabilities } });
	ask({ method: "initialized", params: {} });
	ask({
		method: "textDocument/didOpen",
		params: { textDocument: document },
	});
	ask({
		id: 2,
		method: "textDocument/hover",
		params: { textDocument: { uri }, position: { line: 0, character: 10 } },
	});
	await answered;
}

async function echoes(desk: Desk, tab: WebSocket, runs: number): Promise<Row> {
	const row = emptyRow("desk, echo of a key");
	say(tab, { type: "openTerminal", name: "bench", columns: 80, rows: 24 });
	const { terminals } = await next(tab, "terminals");
	const terminal = desk.open(`/terminal/${terminals.at(-1).id}`);
	await once(terminal, "open");
	await setTimeout(1000);
	for (let turn = 0; turn < runs; turn++) {
		const begin = performance.now();
		terminal.send(Buffer.from(turn % 40 < 39 ? "x" : "\u0015"));
		await once(terminal, "message");
		row.times.push(performance.now() - begin);
		await setTimeout(20);
	}
	return row;
}

/** The sample with one line more each time. */
async function verdicts(tab: WebSocket, runs: number): Promise<Row> {
	const row = emptyRow("desk, save to verdict");
	const found = listSteps().find(({ number }) => number === SAMPLE);
	const step = found?.id;
	let text = readFileSync(found?.solution ?? "", "utf8");
	say(tab, { type: "open", step });
	let { version } = await next(tab, "file");
	await next(tab, "verdict");
	for (let turn = -1; turn < runs; turn++) {
		text += "\n";
		const begin = performance.now();
		say(tab, { type: "save", step, text, version });
		version = (await next(tab, "file")).version;
		const { result } = await next(tab, "verdict");
		if (turn >= 0) row.times.push(performance.now() - begin);
		if (result.state !== "passed") row.failed++;
	}
	return row;
}
