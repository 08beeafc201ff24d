/** How long a learner waits for the desk, and the memory that it takes. */

import { once } from "node:events";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { WebSocket } from "ws";
import { read } from "../proc/procfs.ts";
import { familyOf } from "../proc/table.ts";
import { HOME, listSteps } from "../steps/catalog.ts";
import {
	type Desk,
	openTab,
	openTerminal,
	say,
	startDesk,
	type Tab,
} from "./desk-client.ts";
import { READING_MS } from "./regrades.ts";
import { emptyRow, type Row } from "./stopwatch.ts";
import { SAMPLE } from "./subjects.ts";

export interface DeskResults {
	/** From the command to the page with its script and style. */
	page: Row;
	/** From a key's message to the terminal's answer. */
	echo: Row;
	/** The same on four desks at once, while all of them grade. */
	crowded: Row;
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
		const tab = await openTab(desk);
		const memory = await measureMemory(desk, tab, kit);
		const echo = await echoes(desk, tab, runs * 10);
		const verdict = await verdicts(tab, runs);
		return { page, echo, verdict, memory, crowded: await crowd(kit, runs) };
	} finally {
		await desk.end();
	}
}

/** With an open editor and an open terminal. The grader, which works at a save alone, is not counted. */
async function measureMemory(
	desk: Desk,
	tab: Tab,
	kit: string,
): Promise<number> {
	await openTerminal(tab);
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

async function echoes(desk: Desk, tab: Tab, runs: number): Promise<Row> {
	const row = emptyRow("desk, echo of a key");
	const terminal = desk.open(`/terminal/${await openTerminal(tab)}`);
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

/** What four learners see on one machine. */
async function crowd(kit: string, runs: number): Promise<Row> {
	const row = emptyRow("four desks, echo of a key");
	const desks = await Promise.all([1, 2, 3, 4].map(() => startDesk(kit)));
	let over = false;
	const use = async (desk: Desk) => {
		const tab = await openTab(desk);
		const grading = gradeAgain(tab, () => over);
		const { times } = await echoes(desk, await openTab(desk), runs * 5);
		row.times.push(...times);
		over = true;
		await grading;
	};
	await Promise.all(desks.map(use));
	await Promise.all(desks.map(({ end }) => end()));
	return row;
}

async function gradeAgain(tab: Tab, over: () => boolean): Promise<void> {
	const step = listSteps().find(({ number }) => number === SAMPLE)?.id;
	tab.say({ type: "open", step });
	while (!over()) {
		await tab.next("verdict");
		tab.say({ type: "grade", step });
	}
}

/** The sample with one line more each time. */
async function verdicts(tab: Tab, runs: number): Promise<Row> {
	const row = emptyRow("desk, save to verdict");
	const found = listSteps().find(({ number }) => number === SAMPLE);
	const step = found?.id;
	let text = readFileSync(found?.solution ?? "", "utf8");
	tab.say({ type: "open", step });
	let { version } = await tab.next("file");
	await tab.next("verdict");
	for (let turn = -1; turn < runs; turn++) {
		text += "\n";
		await setTimeout(READING_MS);
		const begin = performance.now();
		tab.say({ type: "save", step, text, version });
		version = (await tab.next("file")).version;
		const { result } = await tab.next("verdict");
		if (turn >= 0) row.times.push(performance.now() - begin);
		if (result.state !== "passed") row.failed++;
	}
	return row;
}
