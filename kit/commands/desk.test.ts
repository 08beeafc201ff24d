/** `npm run desk`: when it begins, what it prints, when it doesn't begin. */

import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { startDesk, stop } from "../desk/fixtures/desk.ts";
import { copyKit, outerEnvironment, run } from "../testing/kit.ts";

const HERE = { ...outerEnvironment(), WORKSHOP_SANDBOX: "vm" };

test.each([[["--port", "x"]], [["--host", ""]], [["word"]]])(
	"refuses %j",
	async (args) => {
		const { status, stderr } = await run("desk", args, { env: HERE });
		expect(status).toBe(2);
		expect(stderr).toContain("Usage: npm run desk");
	},
);

test("begins in the dev container only, and says what opens it", async () => {
	const { WORKSHOP_SANDBOX: _, ...env } = HERE;
	const { status, stdout, stderr } = await run("desk", [], { env });
	expect([status, stdout]).toEqual([125, ""]);
	expect(stderr).toMatch(/not the dev container.*: docker compose up$/ms);
	expect(stderr).not.toContain("docker compose run");
});

test("says it when the port is taken, and ends", async () => {
	const taken = createServer().listen(0, "127.0.0.1");
	onTestFinished(() => void taken.close());
	await once(taken, "listening");
	const { port } = taken.address() as AddressInfo;
	const args = ["--port", String(port)];
	expect(await run("desk", args, { env: HERE })).toMatchObject({
		status: 1,
		stdout: "",
		stderr: `Port ${port} is in use. Choose another one: npm run desk -- --port ${port + 1}\n`,
	});
});

test("prints one address with a key, the port that is published, and ends with Ctrl-C", async () => {
	const kit = copyKit();
	const first = await startDesk(kit, { WORKSHOP_SANDBOX: "vm" });
	const second = await startDesk(kit, { WORKSHOP_SANDBOX: "vm" });
	expect(first.said()).toMatch(
		/^The desk: http:\/\/localhost:\d+\/\?key=[\w-]{30,}\nOpen it in a browser. End it with Ctrl-C.\n$/,
	);
	expect(second.key).not.toBe(first.key);
	await stop(second);
	first.process.kill("SIGINT");
	expect(await once(first.process, "exit")).toEqual([0, null]);
});

test("says what --host means, and answers to that name", async () => {
	const kit = copyKit();
	const desk = await startDesk(kit, { WORKSHOP_SANDBOX: "vm" }, [
		...["--host", "127.0.0.2"],
	]);
	onTestFinished(() => stop(desk));
	expect(desk.said()).toContain("http://127.0.0.2:");
	expect(desk.said()).toMatch(/has the key is root\s+here.*plain\s+text/s);
	const { status } = await desk.get("/", { host: "127.0.0.2:80" });
	expect(status).toBe(200);
	expect((await desk.get("/", { host: "evil.example" })).status).toBe(403);
});
