/** The dev container opened with wrong flags: every command names the missing flag. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { listSteps } from "../kit/steps/catalog.ts";
import {
	inside,
	learnersFolder,
	type Opening,
	piped,
} from "./dev-container.ts";
import { ask } from "./engine.ts";

const npmRun = (...words: string[]) => ["npm", "run", "--silent", ...words];
const STEP = npmRun("step", "6", "true");
const CHECK = npmRun("check", "6");
const DOCTOR = npmRun("doctor");

const EPERM = 1;
const EACCES = 13;

/** A seccomp profile that denies one system call, in a file. */
function denying(syscall: string, errno: number): string {
	const folder = mkdtempSync(join(tmpdir(), "seccomp-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const profile = join(folder, "profile.json");
	writeFileSync(
		profile,
		JSON.stringify({
			defaultAction: "SCMP_ACT_ALLOW",
			syscalls: [
				{ names: [syscall], action: "SCMP_ACT_ERRNO", errnoRet: errno },
			],
		}),
	);
	return `--security-opt=seccomp=${profile}`;
}

/**
 * As AppArmor's docker-default does it. Where the engine has no AppArmor, two
 * stand-ins: a seccomp profile gives mount the same error, and a module that
 * Node loads first answers as the kernel would when asked for the profile.
 */
function confined(): Opening {
	const without = ["--security-opt=apparmor=unconfined"];
	if (ask("info", "--format", "{{.SecurityOptions}}").includes("apparmor"))
		return { without };
	const steps = learnersFolder(6);
	writeFileSync(
		join(steps, "kernel.cjs"),
		`const fs = require("node:fs");
const { openSync } = fs;
fs.openSync = (path, ...rest) =>
	openSync(path === "/proc/self/attr/current" ? "/workshop/steps/profile" : path, ...rest);
require("node:module").syncBuiltinESMExports();
`,
	);
	writeFileSync(join(steps, "profile"), "docker-default (enforce)\n");
	const kernel = "NODE_OPTIONS=--require=/workshop/steps/kernel.cjs";
	return { steps, without, add: [denying("mount", EACCES), "--env", kernel] };
}

const cases: [what: string, says: RegExp, opening: () => Opening][] = [
	[
		"no SYS_ADMIN",
		/CAP_SYS_ADMIN.*docker run --cap-add=SYS_ADMIN/s,
		() => ({ without: ["--cap-add=SYS_ADMIN"] }),
	],
	[
		"no SYS_CHROOT",
		/CAP_SYS_CHROOT.*docker run --cap-add=SYS_CHROOT/s,
		() => ({ add: ["--cap-drop=SYS_CHROOT"] }),
	],
	[
		"a seccomp profile that denies mount",
		/seccomp.*--security-opt seccomp=unconfined/s,
		() => ({ add: [denying("mount", EPERM)] }),
	],
	[
		"a seccomp profile that denies unshare",
		/seccomp.*--security-opt seccomp=unconfined/s,
		() => ({ add: [denying("unshare", EPERM)] }),
	],
	[
		"not root",
		/you are not root.*without --user/s,
		() => ({ add: ["--user=1000"] }),
	],
	[
		"AppArmor",
		/AppArmor.*docker-default.*--security-opt apparmor=unconfined/s,
		confined,
	],
];

describe.each(cases)("%s", (_, says, opening) => {
	const open = (command: string[]) =>
		inside(command, { steps: learnersFolder(6), ...opening() });

	test("the doctor reports it, status 1", async () => {
		const { status, text } = await open(DOCTOR);
		expect(text).toMatch(says);
		expect(text).not.toContain("All is well");
		expect(status).toBe(1);
	});

	test.each([
		["step", STEP],
		["check", CHECK],
	])("%s tells, status 125", async (_, command) => {
		const { status, text } = await open(command);
		expect(text).toMatch(says);
		expect(text).not.toMatch(/node:internal|\n\s+at /);
		expect(status).toBe(125);
	});
});

test("without the flags of Part two, Part one passes, and the doctor says from which step on they are needed", async () => {
	const opening = () => ({
		steps: learnersFolder(6),
		without: [
			"--cap-add=NET_ADMIN",
			"--security-opt=seccomp=docker/seccomp.json",
		],
	});
	const doctor = await inside(DOCTOR, opening());
	expect(doctor.text).toMatch(
		/○ pivot_root.*Needed from step 7 on.*seccomp=docker\/seccomp\.json/s,
	);
	expect(doctor.text).toMatch(
		/○ CAP_NET_ADMIN.*Needed from step 11 on.*--cap-add=NET_ADMIN/s,
	);
	expect(doctor.text).toContain("All is well");
	expect(doctor.status).toBe(0);
	expect((await inside(CHECK, opening())).status).toBe(0);
	const pivot = await inside(npmRun("solution", "7", "true"), opening());
	expect(pivot.text).toMatch(/pivot_root.* failed: EPERM.*MS_MOVE/s);
	expect(pivot.status).toBe(125);
});

test("with the README's flags, the doctor has nothing to say of seccomp and capabilities, and each step runs", async () => {
	const doctor = await inside(DOCTOR);
	expect(doctor.text).toMatch(/✔ pivot_root.*✔ CAP_NET_ADMIN/s);
	for (const { number } of listSteps()) {
		const { status, text } = await inside(
			npmRun("solution", String(number), "echo", "here"),
		);
		expect([number, status, text]).toEqual([
			number,
			0,
			expect.stringMatching(/^here\r?$/m),
		]);
	}
});

test("no terminal: the doctor and a shell say -it; what needs none works", async () => {
	const steps = learnersFolder(6);
	const doctor = await piped(DOCTOR, { steps });
	expect(doctor.stdout).toMatch(/✘ a terminal.*docker run -it/s);
	expect(doctor.status).toBe(1);
	const shell = await piped(npmRun("step", "6"), { steps });
	expect(shell.stderr).toMatch(/docker run -it/);
	expect(shell.status).toBe(125);
	expect((await piped(STEP, { steps })).status).toBe(0);
	const check = await piped(CHECK, { steps });
	expect(check.status).toBe(0);
	expect(check.stdout).not.toContain("\u001b");
});

test("--read-only: all that needs no writing works", async () => {
	const steps = learnersFolder(6);
	const open = (...words: string[]) =>
		inside(npmRun(...words), { steps, add: ["--read-only"] });
	for (const words of [
		["doctor"],
		["step", "6", "true"],
		["check", "6"],
		["hint", "6"],
		["reset", "6"],
	]) {
		const { status, text } = await open(...words);
		expect([words, status, text]).toEqual([words, 0, expect.any(String)]);
		expect(text).not.toMatch(/EROFS|\n\s+at /);
	}
	const notes = await piped(npmRun("notes", "6"), {
		steps,
		add: ["--read-only"],
	});
	expect(notes).toMatchObject({ status: 0, stderr: "" });
	const write = await open("solution", "6", "touch", "/file");
	expect(write.text).toMatch(/Read-only file system/);
	expect(write.status).toBe(1);
});
