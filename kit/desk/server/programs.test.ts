/** The programs that the desk starts for a tab: the grader, and TypeScript's language server. */

import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listSteps } from "../../steps/catalog.ts";
import { children, copyKit } from "../../testing/kit.ts";
import {
	openPage,
	type Started,
	startDesk,
	stop,
	waitFor,
} from "../fixtures/desk.ts";

const COPY = copyKit(() => {});
const step = "02-uts-namespace";
const SOLUTION = readFileSync(listSteps()[1]?.solution ?? "", "utf8");

let desk: Started;
beforeAll(async () => {
	desk = await startDesk(COPY, { WORKSHOP_SANDBOX: "vm" });
});
afterAll(async () => {
	await stop(desk);
	rmSync(COPY, { recursive: true });
});

test("grades with another process when something has ended the grader", async () => {
	const page = await openPage(desk);
	page.send({ type: "open", step });
	const { version } = await page.next("file");
	await page.next("verdict", (it) => it.version === version);
	for (const pid of gradersOf(desk)) process.kill(pid, "SIGKILL");
	page.send({ type: "save", step, text: SOLUTION, version });
	await page.next("verdict", ({ result }) => result.state === "passed");
});

/** The PIDs of its grading processes. */
function gradersOf({ process: { pid } }: Started): number[] {
	return children(pid).filter((child) =>
		readFileSync(`/proc/${child}/cmdline`, "utf8").includes("grade.ts"),
	);
}

test("has TypeScript's language server, for the tab that came last", async () => {
	const ask = async () => {
		const socket = desk.socket("/lsp");
		const answers: { id?: unknown; result?: { capabilities: object } }[] = [];
		socket.on("message", (data) => answers.push(JSON.parse(String(data))));
		await once(socket, "open");
		const params = { processId: null, rootUri: null, capabilities: {} };
		socket.send(
			JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params }),
		);
		await waitFor(() => answers.some(({ id }) => id === 1), "its answer");
		return { socket, result: answers.find(({ id }) => id === 1)?.result };
	};
	const first = await ask();
	expect(first.result?.capabilities).toHaveProperty("hoverProvider");
	const closed = once(first.socket, "close");
	const second = await ask();
	expect((await closed)[0]).toBe(4001);
	second.socket.terminate();
});
