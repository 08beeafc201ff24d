/** The desk in the dev container, as compose.yaml opens it. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
	freePort,
	openPage,
	openTerminalPage,
	waitFor,
	whenStarted,
} from "../kit/desk/fixtures/desk.ts";
import { HOME, listSteps } from "../kit/steps/catalog.ts";
import { execute } from "../kit/testing/kit.ts";
import { services, startContainer } from "./desk-container.ts";
import { LEARNER } from "./dev-container.ts";
import { ask, composeWords, IMAGE, LABEL } from "./engine.ts";

test("the desk opens, grades a saved step, and leaves the learner's file to the learner", async () => {
	const { desk, steps } = await startContainer();
	expect((await desk.get("/")).status).toBe(200);
	expect((await desk.get("/", { cookie: "" })).status).toBe(403);
	const page = await openPage(desk);
	const step = "01-exec";
	page.send({ type: "open", step });
	const { version } = await page.next("file");
	const text = readFileSync(listSteps()[0]?.solution ?? "", "utf8");
	page.send({ type: "save", step, text, version });
	await page.next("verdict", ({ result }) => result.state === "passed");
	const file = join(steps, step, "container.ts");
	expect(readFileSync(file, "utf8")).toBe(text);
	expect(statSync(file).uid).toBe(LEARNER);
	const terminal = await openTerminalPage(desk, page);
	terminal.type("npm run --silent step 1 echo 'I run'\r");
	await terminal.sees("\nI run\n");
});

test("kill -9 -1 takes the desk away for a moment", async () => {
	const { desk } = await startContainer();
	const page = await openPage(desk);
	const terminal = await openTerminalPage(desk, page);
	const closed = once(page.socket, "close");
	terminal.type("kill -9 -1\r");
	await closed;
	await waitFor(
		() => desk.said().split("The desk: ").length > 2,
		() => `a second start in: ${desk.said()}`,
	);
	const again = await openPage(desk);
	expect((await again.next("notice")).text).toContain("SIGKILL");
});

test("a fork bomb leaves the desk alive, and ends with its terminal", async () => {
	const { desk, name } = await startContainer(["--pids-limit", "400"]);
	const page = await openPage(desk);
	const step = "01-exec";
	page.send({ type: "open", step });
	await page.next("verdict");
	const terminal = await openTerminalPage(desk, page);
	terminal.type("bomb() { bomb | bomb & }; bomb\r");
	await waitFor(() => processes(name) > 300, "the bomb");
	page.send({ type: "hint", step });
	await page.next("hints", ({ given }) => given.length === 1);
	page.send({ type: "closeTerminal", id: terminal.id });
	await waitFor(() => processes(name) < 100, "its end");
	const { version } = await page.next("file");
	const text = readFileSync(listSteps()[0]?.solution ?? "", "utf8");
	page.send({ type: "save", step, text, version });
	await page.next("verdict", ({ result }) => result.state === "passed");
});

/** How many processes a container has, with their threads. */
function processes(name: string): number {
	return Number(
		ask("stats", "--no-stream", "--format", "{{.PIDs}}", name) || 0,
	);
}

test("docker stop ends it at once", async () => {
	const { desk, name } = await startContainer();
	const page = await openPage(desk);
	await openTerminalPage(desk, page);
	const ended = once(desk.process, "exit");
	ask("stop", "--time", "60", name);
	expect(await ended).toEqual([0, null]);
});

test("a port that is in use is told with the name of what chooses another", async () => {
	const server = createServer().listen(0, "127.0.0.1");
	onTestFinished(() => void server.close());
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const fill = (text: string) =>
		text.replace(/\$\{WORKSHOP_PORT:-4000\}/g, String(port));
	const name = fill(services.desk.container_name);
	onTestFinished(() => void spawnSync("docker", ["rm", "--force", name]));
	const { status, stderr } = await execute([
		...["docker", "run", "--rm", "--name", name],
		...["--publish", fill(services.desk.ports[0]), IMAGE, "true"],
	]);
	expect(status).toBe(125);
	expect(stderr).toContain(`WORKSHOP_PORT_${port}`);
	expect(stderr).toMatch(/already (in use|allocated)/);
});

const compose = composeWords();
if (compose)
	test("docker compose up opens it, and says it when the port is in use", async () => {
		const folder = mkdtempSync(join(tmpdir(), "compose-"));
		const override = join(folder, "override.json");
		const service = { image: IMAGE, labels: { [LABEL]: "" } };
		writeFileSync(override, JSON.stringify({ services: { desk: service } }));
		const port = String(await freePort());
		const env = { ...process.env, WORKSHOP_PORT: port };
		const words = (project: string, ...rest: string[]) => [
			...compose,
			...["--project-name", project, "--project-directory", HOME],
			...["--file", join(HOME, "compose.yaml"), "--file", override],
			...rest,
		];
		onTestFinished(async () => {
			for (const project of [IMAGE, `${IMAGE}-2`])
				await execute(words(project, "down"), { env });
			rmSync(folder, { recursive: true });
		});
		const up = await execute(words(IMAGE, "up", "--detach"), { env });
		expect(up).toMatchObject({ status: 0 });
		const logs = spawn("docker", [
			...["logs", "--follow", `desk_with_WORKSHOP_PORT_${port}`],
		]);
		onTestFinished(() => void logs.kill());
		const desk = await whenStarted(logs);
		expect(String(desk.port)).toBe(port);
		expect((await desk.get("/")).status).toBe(200);

		// The same port again, by another copy of the workshop.
		const name = `desk_with_WORKSHOP_PORT_${port}_again`;
		writeFileSync(
			override,
			JSON.stringify({
				services: { desk: { ...service, container_name: name } },
			}),
		);
		const again = await execute(words(`${IMAGE}-2`, "up"), { env });
		expect(again.status).not.toBe(0);
		expect(again.stderr).toContain(`WORKSHOP_PORT_${port}`);
		expect(again.stderr).toMatch(/already (in use|allocated)/);
	});
