/** `npm run look` in a second terminal of the dev container, opened with the README's words. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listParts } from "../kit/steps/parts.ts";
import { HOME, openTerminal } from "../kit/testing/kit.ts";
import { learnersFolder, runWords } from "./dev-container.ts";
import { ask } from "./engine.ts";

/** The README's command for a second terminal, for the test's container. */
function secondTerminal(container: string): string[] {
	const readme = readFileSync(join(HOME, "README.md"), "utf8");
	const [, options, command] =
		/^docker exec (.*) "\$\(docker ps --latest --quiet\)" (.*)$/m.exec(
			readme,
		) ?? [];
	if (!options || !command)
		throw new Error("README.md has no docker exec line");
	return [
		"docker",
		"exec",
		...options.split(" "),
		container,
		...command.split(" "),
	];
}

test("beside the shell, each step changes the lines that it should", {
	timeout: 240_000,
}, async () => {
	const name = `look-${process.pid}`;
	const shell = openTerminal(
		runWords({ steps: learnersFolder(6), add: ["--name", name] }),
	);
	await shell.sees(/root@workshop:[^\n]*# $/);
	expect(ask("ps", "--quiet", "--filter", `name=${name}`)).not.toBe("");
	const second = openTerminal([
		...["sh", "-c", 'stty rows 24 cols 80; exec "$@"', "sh"],
		...secondTerminal(name),
	]);
	await second.sees("No container is running");
	for (const { number } of listParts()[0]?.steps ?? []) {
		shell.type(`npm run step ${number}\n`);
		await shell.sees(
			"Watch it in a second terminal: docker compose exec dev npm run look",
		);
		await shell.sees(number < 3 ? /# $/ : /container:[^\n]*# $/);
		const seen = await second.sees(
			new RegExp(`Step ${number} · .*└ bash`, "s"),
		);
		const own = (label: string) =>
			new RegExp(`^${label} .*┃.* own`, "m").test(seen);
		expect(own("UTS")).toBe(number >= 2);
		expect(own("root")).toBe(number >= 4);
		expect(own("PID")).toBe(number >= 5);
		expect(own("mount")).toBe(number >= 6);
		expect(own("/proc")).toBe(number >= 6);
		expect(seen).toMatch(/^network +[\d.]+ eth0.*╌╌╌ [\d.]+ eth0.* shared/m);
		expect(seen).toMatch(
			number >= 4 ? /┃ {2}\/rootfs .* own/ : /╌╌╌ \/ .* shared/,
		);
		shell.type("exit\n");
		await shell.sees(
			/The container's own: .*\n.*Shared with the dev container: /,
		);
		await second.sees("ended");
	}
	second.type("q");
	expect(await second.ended).toBe(0);
	shell.type("exit\n");
	expect(await shell.ended).toBe(0);
});
