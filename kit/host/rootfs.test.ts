import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { execute, HOME, run, scriptWords } from "../testing/kit.ts";
import { makeRootfs } from "./make-rootfs.ts";
import { MARKER } from "./marker.ts";

function scratch(): string {
	const folder = mkdtempSync(join(tmpdir(), "rootfs-test-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return join(folder, "rootfs");
}

test("the root file system that the kit makes runs a shell, and what a step needs", async () => {
	const rootfs = scratch();
	makeRootfs(rootfs);
	expect(readFileSync(join(rootfs, MARKER), "utf8")).toMatch(
		/root file system/,
	);
	expect(statSync(join(rootfs, "dev/null")).isCharacterDevice()).toBe(true);
	const script =
		"ls / >/dev/null && cat /etc/passwd && uname -n && hostname && echo $((1 + 1)) | grep 2 && env true";
	const { status, stdout, stderr } = await execute([
		"chroot",
		rootfs,
		"/bin/sh",
		"-c",
		script,
	]);
	expect([status, stderr]).toEqual([0, ""]);
	expect(stdout).toMatch(/^root:x:0:0/);
	expect(
		(await execute(["chroot", rootfs, "/bin/bash", "-c", "id -un"])).stdout,
	).toBe("root\n");
});

test("two at once: one whole root file system, and nothing beside it", async () => {
	const rootfs = scratch();
	const make = `require("tsx/cjs/api").register(); require("./kit/host/make-rootfs.ts").makeRootfs(${JSON.stringify(rootfs)})`;
	const outcomes = await Promise.all(
		[1, 2, 3].map(() => execute([process.execPath, "-e", make], { cwd: HOME })),
	);
	expect(outcomes.map(({ status, stderr }) => [status, stderr])).toEqual(
		outcomes.map(() => [0, ""]),
	);
	expect(readdirSync(join(rootfs, ".."))).toEqual(["rootfs"]);
	expect(existsSync(join(rootfs, MARKER))).toBe(true);
});

test("an interrupted build is never used, and is removed later", () => {
	const rootfs = scratch();
	const [old, young] = [`${rootfs}.building-old`, `${rootfs}.building-young`];
	for (const folder of [old, young]) mkdirSync(folder, { recursive: true });
	utimesSync(old, 0, 0);
	makeRootfs(rootfs);
	expect(existsSync(old)).toBe(false);
	expect(existsSync(young)).toBe(true);
});

test("$WORKSHOP_ROOTFS comes first", async () => {
	const rootfs = scratch();
	makeRootfs(rootfs);
	const { stdout } = await run("solution", ["4", "--trace", "true"], {
		env: { ...process.env, WORKSHOP_ROOTFS: rootfs },
	}).then(({ stderr }) => ({ stdout: stderr }));
	expect(stdout).toContain(`chroot("${rootfs}") = 0`);
});

/** `npm run solution 4` in a root file system, with ROOTFS/etc prepared by a script in the way a container could. */
async function plant(script: string) {
	const rootfs = scratch();
	makeRootfs(rootfs);
	const outside = join(rootfs, "../outside");
	mkdirSync(outside);
	const { status, stdout, stderr } = await execute(
		[
			...["unshare", "--mount", "sh", "-c"],
			`cd "$1/etc"; ${script}\nshift; exec "$@"`,
			...["sh", rootfs, ...scriptWords("solution"), "4"],
			...["ls", "-l", "/etc", "/"],
		],
		{ cwd: HOME, env: { ...process.env, WORKSHOP_ROOTFS: rootfs } },
	);
	expect([status, stderr]).toEqual([0, ""]);
	return { rootfs, outside, listed: stdout };
}

test("a link that a container has put in the place of /etc/hosts is replaced, and not followed", async () => {
	const { rootfs, outside } = await plant(
		// The kit first writes hosts.PID: the shell becomes the kit, and so knows its PID.
		"for name in hosts hosts.$$ resolv.conf.$$; do ln -sf ../../outside/file $name; done; rm -f resolv.conf; mkfifo resolv.conf",
	);
	expect(readdirSync(outside)).toEqual([]);
	for (const name of ["hosts", "resolv.conf"])
		if (existsSync(`/etc/${name}`))
			expect(readFileSync(join(rootfs, "etc", name))).toEqual(
				readFileSync(`/etc/${name}`),
			);
});

test("where /etc itself is a link, nothing is written", async () => {
	const { outside } = await plant("cd ..; mv etc old; ln -s ../outside etc");
	expect(readdirSync(outside)).toEqual([]);
});

test("where /etc/hosts is a mount point, nothing is left beside it", async () => {
	const { rootfs, listed } = await plant(
		"echo 1 >hosts; mount --bind hosts hosts",
	);
	expect(listed + readdirSync(join(rootfs, "etc"))).not.toMatch(/hosts\.\d/);
});
