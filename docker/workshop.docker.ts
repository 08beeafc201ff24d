/** The workshop in the dev container, typed as its pages and the README say. */

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listSteps } from "../kit/steps/catalog.ts";
import { openTerminal, until } from "../kit/testing/kit.ts";
import {
	inside,
	LEARNER,
	learnersFolder,
	piped,
	runWords,
} from "./dev-container.ts";
import { ask, IMAGE } from "./engine.ts";

/** The dev container's prompt, and that of the container in it. */
const OUTER = /root@workshop:[^\n]*# $/;
const INNER = /root@container:\/# $/;

test("the reference passes, all of it", async () => {
	const { status, text } = await inside([
		...["npm", "run", "check", "--", "--solutions"],
	]);
	console.log(text);
	expect(status).toBe(0);
	for (const { number, name } of listSteps())
		expect(text).toMatch(
			new RegExp(`✔ ${number} ${name} +(\\d+) of \\1$`, "m"),
		);
	expect(text).toMatch(/(\d+) of \1 done/);
});

test("starters are six times not started: status 1", async () => {
	const { status, text } = await inside(["npm", "run", "check"]);
	expect(status).toBe(1);
	expect(text.match(/○ \d [a-z-]+ +not started$/gm)).toHaveLength(6);
});

test("npm test passes, and solved steps change nothing", {
	timeout: 1_800_000,
}, async () => {
	// As the container's PID 1, without a shell that reaps the tests' orphans.
	const steps = learnersFolder(6);
	const { status, text } = await inside(["npm", "test"], { steps });
	const failures = text.lastIndexOf("Failed Tests");
	console.log(failures < 0 ? text.slice(-400) : text.slice(failures));
	expect(status).toBe(0);
	expect(text).toMatch(/Tests +\d+ passed \(\d+\)/);
});

test("the classic demonstration, without a network", {
	timeout: 240_000,
}, async () => {
	const { type, sees, ended } = openTerminal(
		runWords({ steps: learnersFolder(6), add: ["--network", "none"] }),
	);
	// A login shell runs `npm start`.
	await sees(/6 proc-mount.*npm run/s);
	await sees(OUTER);
	type("npm run step 6\n");
	await sees("Leave it with: exit");
	await sees(INNER);
	type("hostname\n");
	await sees(/hostname\ncontainer\n/);
	type("hostname renamed; hostname\n");
	await sees(/\nrenamed\n/);
	type("cat /etc/os-release\n");
	await sees(/bookworm/);
	type("ps\n");
	await sees(/ps: command not found/);
	type("apt-get install -y procps; echo installed: $?\n");
	await sees(/installed: 0\n/, 180);
	type("ps -e -o pid,args; echo that is all\n");
	const listed = await sees(/\nthat is all\n/);
	expect(listed.match(/^ *\d+ .*$/gm)?.map((line) => line.trim())).toEqual([
		expect.stringMatching(/^1 \/bin\/bash/),
		expect.stringMatching(/^\d+ ps -e -o pid,args/),
	]);
	type("exit\n");
	await sees(OUTER);
	type("hostname\n");
	await sees(/hostname\nworkshop\n/);
	type("grep -o trixie -m1 /etc/os-release\n");
	await sees(/\ntrixie\n/);
	type("exit\n");
	expect(await ended).toBe(0);
});

test("vi draws in a step's container, and gives the terminal back", async () => {
	const { type, sees, text, ended } = openTerminal(
		runWords({ steps: learnersFolder(1) }),
	);
	await sees(OUTER);
	type('echo "was $(stty -g)."\n');
	const [, was] =
		/was ([0-9a-f:]+)\./.exec(await sees(/was [0-9a-f:]+\./)) ?? [];
	type("npm run step 1\n");
	await sees("Leave it with: exit");
	await sees(OUTER);
	type("vi /tmp/letter\n");
	await sees(/\[New File\].*~.*~/s);
	// Vim asks the terminal to show its other screen, and leaves it again.
	expect(text()).toContain("\u001b[?1049h");
	type("ihello\u001b:wq\n");
	await sees(OUTER);
	expect(text()).toContain("\u001b[?1049l");
	type("exit\n");
	await sees(OUTER);
	type('cat /tmp/letter; echo "is $(stty -g)."\n');
	const shown = await sees(/\nis [0-9a-f:]+\./);
	expect(shown).toContain("\nhello\n");
	expect(/is ([0-9a-f:]+)\./.exec(shown)?.[1]).toBe(was);
	type("exit\n");
	expect(await ended).toBe(0);
});

test("the terminal closed under a step's shell: the container is gone", async () => {
	const name = `${IMAGE}-closed`;
	const { type, sees, close } = openTerminal(
		runWords({ steps: learnersFolder(6), add: [`--name=${name}`] }),
	);
	await sees(OUTER);
	type("npm run step 6\n");
	await sees(INNER);
	const there = () => ask("ps", "--all", "--quiet", `--filter=name=${name}`);
	expect(there()).not.toBe("");
	close();
	await until(() => there() === "");
});

test("a steps/ of another version than the image is reported, in one line", async () => {
	const steps = learnersFolder(1);
	const file = join(steps, "README.md");
	const text = readFileSync(file, "utf8");
	const told =
		/has version \S+, and steps\/ has version 99\.0\.0-\w+\..*docker compose build/;
	for (const [version, says] of [
		[text, undefined],
		[text.replace(/\d+\.\d+\.\d+-/, "99.0.0-"), told],
	] as const) {
		writeFileSync(file, version);
		for (const words of [["start"], ["step", "1", "true"], ["check", "1"]]) {
			const command = ["npm", "run", "--silent", ...words];
			const { status, stdout, stderr } = await piped(command, { steps });
			expect(status).toBe(0);
			if (says) expect(stdout + stderr).toMatch(says);
			else expect(stdout + stderr).not.toContain("version");
		}
	}
});

test("an edit outlives the container, and the next one grades it", async () => {
	const steps = learnersFolder(1);
	const first = await inside(["npm", "run", "check", "1"], { steps });
	expect(first.text).toMatch(/✔ 1 exec/);
	expect(first.status).toBe(0);
	// The next container knows the last result, and grades what the learner's editor writes here.
	const second = await inside(["npm", "start"], { steps });
	expect(second.text).toMatch(/✔ 1 exec +done/);
	const file = join(steps, "01-exec/container.ts");
	const text = readFileSync(file, "utf8").replace("return reexec", "reexec");
	writeFileSync(file, text);
	const third = await inside(["npm", "run", "check", "1"], { steps });
	expect(third.text).toMatch(/✘ 1 exec/);
	expect(third.status).toBe(1);
	expect(readFileSync(file, "utf8")).toBe(text);
	for (const name of readdirSync(steps, { recursive: true }))
		expect([name, statSync(join(steps, String(name))).uid]).toEqual([
			name,
			LEARNER,
		]);
});

test("reset keeps the old file, on the learner's machine, as theirs", async () => {
	const steps = learnersFolder(2);
	const folder = join(steps, "02-uts-namespace");
	const mine = readFileSync(join(folder, "container.ts"), "utf8");
	const { status } = await inside(["npm", "run", "reset", "2"], { steps });
	expect(status).toBe(0);
	expect(readdirSync(folder).sort()).toEqual([
		"container.1.ts",
		"container.ts",
	]);
	expect(readFileSync(join(folder, "container.1.ts"), "utf8")).toBe(mine);
	expect(readFileSync(join(folder, "container.ts"), "utf8")).not.toBe(mine);
	for (const name of readdirSync(folder)) {
		const { uid, gid } = statSync(join(folder, name));
		expect([uid, gid]).toEqual([LEARNER, LEARNER]);
	}
});

test("a command's output comes through a pipe alone", async () => {
	expect(
		await piped(["npm", "run", "--silent", "solution", "6", "hostname"]),
	).toMatchObject({ status: 0, stdout: "container\n", stderr: "" });
});
