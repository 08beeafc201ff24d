/** ./preflight with a real engine. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { HOME } from "../kit/steps/catalog.ts";
import { IMAGE } from "./engine.ts";

function preflight(env: Record<string, string>): string {
	const { stdout } = spawnSync("./preflight", {
		cwd: HOME,
		encoding: "utf8",
		env: {
			...process.env,
			PREFLIGHT_IMAGE: IMAGE,
			PREFLIGHT_PORT: "4099",
			...env,
		},
	});
	return stdout;
}

test("the image, the folder and the port are well", () => {
	const told = preflight({});
	expect(told).toMatch(/^ok {2}engine: version .* answers$/m);
	expect(told).toMatch(/^ok {2}image: .* version /m);
	expect(told).toMatch(/^ok {2}processor: /m);
	expect(told).toMatch(/^ok {2}folder: /m);
	expect(told).toMatch(/^ok {2}port: 4099 is free$/m);
	expect(told).toMatch(/-OK$/m);
});

test("an engine that does not answer", () => {
	expect(preflight({ DOCKER_HOST: "unix:///nowhere/docker.sock" })).toMatch(
		/^NO {2}engine: it does not answer[\s\S]*-E$/m,
	);
});

test("an image that is not there", () => {
	expect(preflight({ PREFLIGHT_IMAGE: "there-is-no-such-image" })).toMatch(
		/^NO {2}image: there is no [\s\S]*-I$/m,
	);
});

test("a port that is in use", async () => {
	const server = createServer().listen(4099, "127.0.0.1");
	await once(server, "listening");
	const asked = spawn("./preflight", {
		cwd: HOME,
		env: { ...process.env, PREFLIGHT_IMAGE: IMAGE, PREFLIGHT_PORT: "4099" },
	});
	let told = "";
	asked.stdout.on("data", (text) => {
		told += text;
	});
	await once(asked, "close");
	server.close();
	expect(told).toMatch(/^-- {2}port: 4099 is taken/m);
	expect(told).toMatch(/-OK$/m);
});
