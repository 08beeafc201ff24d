/** The class at the desk: that one has joined, the hand, and how a step was. */

import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Message } from "../../class/message.ts";
import { listSteps } from "../../steps/catalog.ts";
import { readText } from "../../steps/files.ts";
import { copyKit } from "../../testing/kit.ts";
import { openPage, startDesk, stop, waitFor } from "../fixtures/desk.ts";

const [first] = listSteps();
const step = first?.id ?? "";

/** A board that keeps what it is sent. */
async function openBoard() {
	const received: Message[] = [];
	const server = createServer(async (request, response) => {
		let text = "";
		for await (const part of request) text += part;
		received.push(JSON.parse(text));
		response.writeHead(204).end();
	});
	await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
	onTestFinished(() => void server.close());
	const { port } = server.address() as AddressInfo;
	return { received, port };
}

test("who has joined sees it; hand, verdict, hint and opinion reach the board, until one leaves", async () => {
	const { received, port } = await openBoard();
	const kit = copyKit();
	const desk = await startDesk(kit, { WORKSHOP_SANDBOX: "vm" });
	onTestFinished(() => stop(desk));
	const page = await openPage(desk);
	expect(await page.next("class")).toMatchObject({ words: "", hand: false });

	const file = join(kit, "steps/.class.json");
	const board = { host: "127.0.0.1", port, word: "oak" };
	writeFileSync(
		file,
		JSON.stringify({ id: "0123456789abcdef", name: "Ana", board }),
	);
	const joined = await page.next("class", ({ name }) => name === "Ana");
	expect(joined.words).toMatch(
		/^You have joined the class at 127\.0\.0\.1, port \d+, as Ana\. Each check and each hint sends: your name, .* Never your code\.$/,
	);
	expect(received).toEqual([]);

	page.send({ type: "open", step });
	const { version } = await page.next("file");
	page.send({ type: "hand", step, up: true });
	await page.next("class", ({ hand }) => hand);
	await waitFor(() => received.at(-1)?.hand !== undefined, "the hand");
	page.send({ type: "hint", step });
	await waitFor(() => received.at(-1)?.steps[0]?.hints === 1, "the hint");
	const text = readText(first?.solution ?? "");
	page.send({ type: "save", step, text, version });
	await waitFor(
		() => received.at(-1)?.steps[0]?.state === "done",
		"the verdict",
	);
	// The step that the hand was up for passes.
	await page.next("class", ({ hand }) => !hand);
	page.send({ type: "opinion", step, opinion: "lost" });
	await page.next("class", ({ opinions }) => opinions[step] === "lost");
	await waitFor(
		() => received.at(-1)?.steps[0]?.opinion === "lost",
		"the opinion",
	);
	expect(JSON.stringify(received)).not.toContain("execvp");

	rmSync(file);
	await page.next("class", ({ name }) => name === undefined);
	const before = received.length;
	page.send({ type: "hand", step, up: true });
	page.send({ type: "opinion", step, opinion: "clear" });
	page.send({ type: "grade", step });
	await page.next("verdict", ({ result }) => result.state === "passed");
	expect(received.length).toBe(before);
});
