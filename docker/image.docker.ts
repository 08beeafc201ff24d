/** The image itself: what is in it, how large it is, how soon it is built again, and that it needs nothing else. */

import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import {
	appendFileSync,
	cpSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { transcripts } from "../kit/book/transcripts.ts";
import { HOME, listSteps, shortPath } from "../kit/steps/catalog.ts";
import { openTerminal, plain, until } from "../kit/testing/kit.ts";
import {
	inside,
	learnersFolder,
	piped,
	readme,
	runWords,
} from "./dev-container.ts";
import { ask, buildKitClient, composeWords, IMAGE, LABEL } from "./engine.ts";

const MEGABYTE = 1_000_000;

const sizeOf = (image: string) =>
	Number(ask("image", "inspect", "--format", "{{.Size}}", image));

test("it is no more than 450 MB over its two base images", () => {
	const bases = [
		...readFileSync(join(HOME, "Dockerfile"), "utf8").matchAll(
			/^ARG \w+_IMAGE=(.+)$/gm,
		),
	].map(([, image = ""]) => image);
	expect(bases).toHaveLength(2);
	const over = bases.reduce((rest, base) => rest - sizeOf(base), sizeOf(IMAGE));
	console.log(`The image: ${Math.round(over / MEGABYTE)} MB over its bases`);
	expect(over).toBeLessThan(450 * MEGABYTE);
});

test("no cache, no secret, nothing of git's or of a learner's is in it", async () => {
	const { stdout, status } = await piped([
		"sh",
		"-c",
		`cd /workshop
		 find . /root /tmp /var/tmp -xdev \\( -name node_modules -prune -o \\
			-name .git -o -name .npmrc -o -name .npm -o -name _cacache -o -name .cache -o \\
			-name '.env*' -o -name '.*.json' -o -name 'container.*.ts' \\) -print
		 ls -A /tmp /var/lib/apt/lists /var/cache/apt`,
	]);
	expect([
		status,
		stdout.replaceAll(/^\/.*:\n|^\n|^.*node_modules$\n?/gm, ""),
	]).toEqual([0, ""]);
	const history = ask("history", "--no-trunc", IMAGE);
	expect(history).not.toMatch(/token|password|secret|authorization/i);
	const variables = ask("inspect", "--format", "{{json .Config.Env}}", IMAGE);
	expect(JSON.parse(variables).map((it: string) => it.split("=")[0])).toEqual(
		expect.not.arrayContaining([
			expect.stringMatching(/token|password|secret|proxy/i),
		]),
	);
});

test("every package in the lock file is held to a checksum", () => {
	const { packages } = JSON.parse(
		readFileSync(join(HOME, "package-lock.json"), "utf8"),
	);
	for (const [name, { integrity }] of Object.entries<{ integrity?: string }>(
		packages,
	))
		if (name !== "")
			expect([name, integrity]).toEqual([
				name,
				expect.stringMatching(/^sha512-/),
			]);
});

test("after an edit it is built again from the layer of the packages", () => {
	const { kit, build } = editedKit();
	build("docker", "0");
	appendFileSync(join(kit, "kit/run/supervise.ts"), "// An edit.\n");
	const begin = Date.now();
	const { stdout, status } = build("docker", "0");
	console.log(`Built again after an edit: ${(Date.now() - begin) / 1000} s`);
	expect(status).toBe(0);
	const [, packages] = stdout.split(/RUN .*npm ci.*\n/);
	expect(packages).toMatch(/^ ---> Using cache\n/);
});

const buildKit = buildKitClient();
if (buildKit)
	test("BuildKit builds it, too", { timeout: 600_000 }, async () => {
		const { kit, build, tag } = editedKit();
		const { status, stderr } = build(buildKit, "1");
		expect([status, status === 0 || stderr]).toEqual([0, true]);
		appendFileSync(join(kit, "kit/run/supervise.ts"), "// An edit.\n");
		const begin = Date.now();
		const again = build(buildKit, "1");
		console.log(`… and again after an edit: ${(Date.now() - begin) / 1000} s`);
		const [, packages] = /^#(\d+) .*RUN .*npm ci/m.exec(again.stderr) ?? [];
		expect(again.stderr).toMatch(new RegExp(`^#${packages} CACHED$`, "m"));
		const words = runWords().map((word) => (word === IMAGE ? tag : word));
		const terminal = openTerminal([
			...words,
			...["npm", "run", "check", "--", "--solutions"],
		]);
		const { length } = listSteps();
		await terminal.sees(`${length} of ${length} done`, 120);
		expect(await terminal.ended).toBe(0);
	});
else console.log("No docker client here builds with BuildKit.");

/** A copy of what the image is made from, to be edited, and its builder. */
function editedKit() {
	const kit = mkdtempSync(join(tmpdir(), "kit-"));
	const tag = `${IMAGE}:edited`;
	onTestFinished(() => {
		rmSync(kit, { recursive: true });
		spawnSync("docker", ["rmi", "--force", tag]);
	});
	cpSync(HOME, kit, {
		recursive: true,
		preserveTimestamps: true,
		filter: (path) => !/\/(node_modules|\.git)$/.test(path),
	});
	const build = (
		client: string,
		buildKit: "0" | "1",
	): SpawnSyncReturns<string> =>
		spawnSync(
			client,
			["build", "--force-rm", "--label", LABEL, "--tag", tag, "."],
			{
				cwd: kit,
				env: { ...process.env, DOCKER_BUILDKIT: buildKit },
				encoding: "utf8",
			},
		);
	return { kit, tag, build };
}

test("it needs no network: step, check, notes and book", async () => {
	const opening = { steps: learnersFolder(6), add: ["--network=none"] };
	const offline = (...words: string[]) =>
		piped(["npm", "run", "--silent", ...words], opening);
	expect(await offline("step", "6", "hostname")).toMatchObject({
		status: 0,
		stdout: "container\n",
	});
	const check = await offline("check");
	expect(check.stdout).toMatch(/(\d+) of \1 done/);
	expect(check.status).toBe(0);
	const notes = await offline("notes", "6");
	expect(notes.stdout).toMatch(/mount/);
	expect(notes.status).toBe(0);

	const shell = openTerminal(runWords(opening));
	await shell.sees("# ");
	shell.type("npm run book & sleep 3; ");
	const get =
		"fetch('http://127.0.0.1:4000/').then(async (it) => console.log('got', it.status, (await it.text()).length > 999))";
	shell.type(`node -e "${get}"\n`);
	await shell.sees("got 200 true");
});

test("every transcript of the notes is true in it", {
	timeout: 600_000,
}, async () => {
	// The shell reaps a transcript's orphans, as the shell of the README's command does.
	const { text, status } = await inside([
		"bash",
		"-c",
		"node kit/launch.cjs transcripts --image; exit $?",
	]);
	expect(text).not.toMatch(/✘/);
	for (const { page, line } of transcripts({ image: true }))
		expect(text).toContain(`✔ ${shortPath(page)}:${line}\n`);
	expect(status).toBe(0);
});

test("VS Code opens it with the README's capabilities", () => {
	const text = readFileSync(
		join(HOME, ".devcontainer/devcontainer.json"),
		"utf8",
	);
	const { build, runArgs } = JSON.parse(text.replace(/^\s*\/\/.*$/gm, ""));
	expect(join(HOME, ".devcontainer", build.dockerfile)).toBe(
		join(HOME, "Dockerfile"),
	);
	// The same flags, with a blank or an equals sign before the value.
	const asked = runWords()
		.join(" ")
		.replaceAll(/(--[a-z-]+) (?!-)/g, "$1=");
	// VS Code starts the engine's client somewhere else.
	const inFolder = runArgs.map((arg: string) =>
		arg.replace(/\$\{localWorkspaceFolder\}\//, ""),
	);
	expect(inFolder).toEqual(
		asked.match(/--(hostname|cap-add|security-opt)=\S+/g),
	);
});

test("… and with its packages, around the learner's whole folder", async () => {
	const { kit } = editedKit();
	const { stdout, stderr, status } = await piped(
		["npm", "run", "--silent", "solution", "6", "hostname"],
		{
			steps: join(kit, "steps"),
			add: [
				"--volume",
				`${kit}:/workshop`,
				"--volume",
				"/workshop/node_modules",
			],
		},
	);
	expect([status, stdout, stderr]).toEqual([0, "container\n", ""]);
	expect(readdirSync(join(kit, "node_modules"))).toEqual([]);
});

const compose = composeWords();
if (compose)
	test("Compose opens the same container", { timeout: 240_000 }, async () => {
		const folder = mkdtempSync(join(tmpdir(), "compose-"));
		const override = join(folder, "override.json");
		writeFileSync(
			override,
			JSON.stringify({
				services: {
					dev: {
						// Not there yet, so that it is built as for a new learner.
						image: `${IMAGE}:composed`,
						build: { labels: { [LABEL]: "" } },
						labels: { [LABEL]: "" },
					},
				},
				networks: { default: { labels: { [LABEL]: "" } } },
			}),
		);
		const project = [
			...compose,
			...["--project-name", IMAGE, "--project-directory", HOME],
			...["--file", join(HOME, "compose.yaml"), "--file", override],
		];
		onTestFinished(() => {
			spawnSync(project[0] ?? "", [...project.slice(1), "down"]);
			spawnSync("docker", ["rmi", "--force", `${IMAGE}:composed`]);
			rmSync(folder, { recursive: true });
		});
		// Its capabilities, host name, terminal and mounted folder.
		const look = [
			"sh",
			"-c",
			"hostname; id; grep -E '^(Cap|Seccomp|NoNewPrivs)' /proc/self/status; cat /proc/self/attr/current; test -t 0 && echo a terminal; grep -o ' /workshop/steps ' /proc/self/mountinfo; env | grep WORKSHOP",
		];
		// As in the README.
		const [, words = ""] = /^docker compose (run .*)$/m.exec(readme()) ?? [];
		const composed = openTerminal([...project, ...words.split(" "), ...look]);
		expect(await composed.ended).toBe(0);
		const { text } = await inside(look);
		expect(text).toMatch(/^workshop$/m);
		expect(plain(composed.text())).toContain(text);

		// Two at once, each with the book's port published.
		const opened = [1, 2].map(() => {
			const words = "run -d --rm --service-ports dev npm run book".split(" ");
			const [program = "", ...args] = [...project, ...words];
			const { stdout } = spawnSync(program, args, { encoding: "utf8" });
			onTestFinished(() => void ask("rm", "--force", stdout.trim()));
			return ask("port", stdout.trim(), "4000").split("\n")[0] ?? "";
		});
		for (const address of opened) {
			expect(address).toMatch(/^127\.0\.0\.1:40[01]\d$/);
			const get = `fetch("http://${address}/").then(({ ok }) => process.exit(ok ? 0 : 1))`;
			await until(() => spawnSync(process.execPath, ["-e", get]).status === 0);
		}
		expect(new Set(opened).size).toBe(2);
	});
else console.log("There is no Compose here.");
