/** ./preflight with each thing broken that can be broken without an engine: the program docker is a script here. docker/preflight.docker.ts asks a real one. */

import { spawnSync } from "node:child_process";
import {
	appendFileSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { HOME } from "../steps/catalog.ts";

/** What the made-up engine answers, unless a test breaks it. */
const ENGINE = {
	info: "echo '27.1.0|x86_64|linux|8000000000'",
	compose: "echo Docker Compose version v2.29.1",
	image: "case $* in *--format*) echo amd64 ;; esac",
	manifest: "true",
	// A container: the version's file, the mounted folder, or the port.
	run: `case $* in
*.built-with.md) cat "$KIT/steps/README.md" ;;
*'-c : >'*) sign=\${*##*/there/}; : >"$KIT/steps/$sign" ;;
esac`,
};

function kit(): string {
	const folder = mkdtempSync(join(tmpdir(), "preflight-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	for (const name of [
		"preflight",
		"Dockerfile",
		"package.json",
		"steps",
		"kit/launch.cjs",
	])
		cpSync(join(HOME, name), join(folder, name), { recursive: true });
	return folder;
}

/** Runs ./preflight with a `docker` of this kind, or with none, and with the programs of a plain system. */
function preflight(engine: Partial<typeof ENGINE> | undefined, folder = kit()) {
	const bin = join(folder, "bin");
	mkdirSync(bin);
	for (const program of [
		"awk",
		"cat",
		"cut",
		"df",
		"dirname",
		"grep",
		"head",
		"mktemp",
		"rm",
		"sed",
		"sh",
		"sleep",
		"tail",
	])
		symlinkSync(
			spawnSync("sh", ["-c", `command -v ${program}`], {
				encoding: "utf8",
			}).stdout.trim(),
			join(bin, program),
		);
	if (engine) {
		const cases = Object.entries({ ...ENGINE, ...engine }).map(
			([word, does]) => `${word}) ${does}\n;;`,
		);
		writeFileSync(
			join(bin, "docker"),
			`#!/bin/sh\ncase $1 in\n${cases.join("\n")}\nesac\n`,
			{ mode: 0o755 },
		);
	}
	const { stdout, stderr, status } = spawnSync(join(folder, "preflight"), [], {
		encoding: "utf8",
		env: { PATH: bin, KIT: folder, PREFLIGHT_LIMIT: "2" },
	});
	expect(stderr).toBe("");
	const code = /^Code: \d+\.\d+\.\d+-(\w+)$/m.exec(stdout)?.[1];
	expect(status, stdout).toBe(code === "OK" ? 0 : 1);
	return { code, stdout };
}

test("all is well", () => {
	const { code, stdout } = preflight({});
	expect(code, stdout).toBe("OK");
	expect(stdout).not.toMatch(/^NO/m);
	expect(stdout).toContain("docker compose run --rm dev");
});

test("version 1 of Compose is noted, and is no reason to stop", async () => {
	const { code, stdout } = preflight({
		compose: "echo docker-compose version 1.29.2, build unknown",
	});
	expect(stdout).toMatch(/^-- {2}compose: version 1.*docker exec -it/m);
	expect(code).toBe("OK");
});

test.each<[string, string, Partial<typeof ENGINE> | undefined, RegExp]>([
	["no docker", "D", undefined, /Install Docker Desktop/],
	[
		"no engine",
		"E",
		{ info: "echo Cannot connect to the Docker daemon; exit 1" },
		/Start Docker Desktop/,
	],
	["an engine that hangs", "E", { info: "sleep 60" }, /Start Docker Desktop/],
	[
		"an engine that may not be used",
		"E",
		{ info: "echo 'permission denied while trying to connect'; exit 1" },
		/usermod/,
	],
	[
		"an old engine",
		"V",
		{ info: "echo '19.3.1|x86_64|linux|8000000000'" },
		/20\.10/,
	],
	[
		"Windows containers",
		"O",
		{ info: "echo '27.1.0|x86_64|windows|8000000000'" },
		/Switch to Linux/,
	],
	[
		"little memory",
		"M",
		{ info: "echo '27.1.0|x86_64|linux|1000000000'" },
		/2 GiB/,
	],
	["no compose", "C", { compose: "exit 1" }, /compose plugin/],
	[
		"an image of another version",
		"I",
		{
			run: ENGINE.run.replace(
				'cat "$KIT/steps/README.md"',
				"echo Starters: 0.0.1-0",
			),
		},
		/docker compose build/,
	],
	[
		"an emulated image",
		"A",
		{ image: "case $* in *--format*) echo arm64 ;; esac" },
		/emulated/,
	],
	[
		"a folder that is not shared",
		"F",
		{ run: ENGINE.run.replace(': >"', 'true "') },
		/File sharing/,
	],
	[
		"no image, base images in reach",
		"I",
		{ image: "exit 1" },
		/can be fetched/,
	],
	[
		"no image and no network",
		"IBB",
		{ image: "exit 1", manifest: "exit 1" },
		/its registry does not answer/,
	],
])("%s is %s", (_, expected, engine, remedy) => {
	const { code, stdout } = preflight(engine);
	expect(code, stdout).toBe(expected);
	expect(stdout).toMatch(remedy);
});

test("a port in use is said, and is no obstacle", () => {
	const { code, stdout } = preflight({
		run: `case $* in *' -p '*) exit 125 ;; esac\n${ENGINE.run}`,
	});
	expect(code, stdout).toBe("OK");
	expect(stdout).toMatch(/^-- {2}port: 4000 is taken/m);
});

test("line endings of Windows are L", () => {
	const folder = kit();
	appendFileSync(join(folder, "Dockerfile"), "# changed\r\n");
	const { code, stdout } = preflight({}, folder);
	expect(code).toBe("L");
	expect(stdout).toContain("Dockerfile");
});

test("the instructor's page explains each letter, in both scripts", () => {
	const page = readFileSync(join(HOME, "notes/instructor.md"), "utf8");
	const lettersOf = (script: string, pattern: RegExp) =>
		new Set(
			[...readFileSync(join(HOME, script), "utf8").matchAll(pattern)].map(
				([, letter]) => letter,
			),
		);
	const letters = lettersOf("preflight", /\bbad ([A-Z])\b/g);
	expect(lettersOf("preflight.ps1", /\bBad '([A-Z])'/g)).toEqual(letters);
	expect(letters.size).toBeGreaterThan(8);
	for (const letter of letters)
		expect(page).toMatch(new RegExp(`^\\| ${letter} \\| `, "m"));
});
