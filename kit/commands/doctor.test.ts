import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { execute, HOME, plain, run, scriptWords } from "../testing/kit.ts";

const onTerminal = (words: string[], env = process.env) =>
	execute(["script", "-qec", words.join(" "), "/dev/null"], { cwd: HOME, env });

test("on a fit machine, with a terminal: a tick for each requirement, status 0", async () => {
	const { status, stdout } = await onTerminal(scriptWords("doctor"), {
		...process.env,
		NO_COLOR: "1",
	});
	expect(stdout).not.toContain("✘");
	expect(status).toBe(0);
	for (const what of [
		"Linux",
		"the dev container",
		"root",
		"Node.js",
		"CAP_SYS_ADMIN",
		"CAP_SYS_CHROOT",
		"unshare(CLONE_NEWUTS)",
		"unshare(CLONE_NEWPID)",
		"unshare(CLONE_NEWNS)",
		"unshare(CLONE_NEWIPC)",
		"unshare(CLONE_NEWNET)",
		"unshare(CLONE_NEWCGROUP)",
		"mount",
		"a root file system",
		"a shell in it",
		"a terminal",
	])
		expect(stdout).toMatch(
			new RegExp(`^✔ ${what.replace(/[()]/g, "\\$&")}`, "m"),
		);
});

const fromStep = (text: string) =>
	[...text.matchAll(/^○ (\S+).*\n {4}Needed from step (\d+) on\. /gm)].map(
		([, what, step]) => [what, Number(step)],
	);

test("what only Part two needs does not make a machine unfit", async () => {
	const { status, stdout } = await onTerminal([
		...["setpriv", "--bounding-set=-net_admin"],
		...scriptWords("doctor"),
	]);
	const text = plain(stdout);
	expect(fromStep(text)).toContainEqual(["CAP_NET_ADMIN", 11]);
	expect(text).toMatch(/--cap-add=NET_ADMIN/);
	expect(text).toMatch(/^✔ pivot_root/m);
	expect(text).toMatch(
		/All is well\. Part two lacks something from step \d+ on/,
	);
	expect(status).toBe(0);
});

test("a tree of cgroups that can't be written is told, with the step that needs it", async () => {
	const { status, stdout } = await onTerminal([
		...["unshare", "--mount", "sh", "-c"],
		`'mount -t tmpfs -o ro none /sys/fs/cgroup; exec "$@"'`,
		...["sh", ...scriptWords("doctor")],
	]);
	expect(fromStep(plain(stdout))).toContainEqual(["a", 10]);
	expect(status).toBe(0);
});

test("without a terminal: that one fails, with the flag", async () => {
	const { status, stdout } = await run("doctor");
	expect(status).toBe(1);
	expect(stdout.match(/^✘/gm)).toHaveLength(1);
	expect(stdout).toMatch(/✘ a terminal.*docker run -it/s);
});

test("--json: the same, for machines", async () => {
	const { stdout } = await run("doctor", ["--json"]);
	const { fit, requirements } = JSON.parse(stdout);
	expect(fit).toBe(false);
	expect(
		requirements
			.filter(
				(it: { problem?: string; fromStep?: number }) =>
					it.problem && it.fromStep === undefined,
			)
			.map(({ title }: { title: string }) => title),
	).toEqual(["a terminal"]);
});

/** Makes another steps/ for the doctor alone, with /mnt to do it in. */
function inSteps(make: string): string[] {
	return [
		...["unshare", "--mount", "sh", "-ec"],
		`mount -t tmpfs none /mnt; ${make}; exec "$@"`,
		"sh",
	];
}

test("without a network there is a note, and no obstacle", async () => {
	const { stdout, status } = await onTerminal([
		...["unshare", "--net"],
		...scriptWords("doctor"),
	]);
	expect(stdout).toContain("There is no network here");
	expect(status).toBe(0);
});

test.each([
	[
		["setpriv", "--bounding-set=-sys_admin"],
		/✘ CAP_SYS_ADMIN.*--cap-add=SYS_ADMIN/s,
	],
	[
		["setpriv", "--bounding-set=-sys_chroot"],
		/✘ CAP_SYS_CHROOT.*--cap-add=SYS_CHROOT/s,
	],
	[
		[
			...["unshare", "--mount", "sh", "-c"],
			`mount -t tmpfs -o ro none /proc/tty
			exec unshare --user --map-root-user --mount --pid --fork "$@"`,
			"sh",
		],
		/✘ mount of a procfs.*user namespace.*systempaths=unconfined.*unmask=ALL.*procMount/s,
	],
	[
		["setpriv", "--bounding-set=-dac_override"],
		/✘ CAP_DAC_OVERRIDE.*--cap-add=DAC_OVERRIDE/s,
	],
	[
		inSteps(`mount --bind -o ro "$PWD/steps" steps`),
		/✘ steps\/ can be written.*mounted read-only/s,
	],
	[
		inSteps("mount -t tmpfs none steps"),
		/✘ steps\/ is complete.*steps\/ is empty/s,
	],
	[
		inSteps(
			"cp -r steps /mnt/of-windows; mount -t tmpfs none steps; cp -r /mnt/of-windows/* steps; printf '// \\r\\n' >>steps/03-hostname/container.ts",
		),
		/✘ line endings.*03-hostname.*autocrlf/s,
	],
	[
		// In Docker, steps/ is a mount of the learner's folder.
		[
			...["unshare", "--mount", "sh", "-c"],
			'umount steps 2>/dev/null; WORKSHOP_SANDBOX=docker exec "$@"',
			"sh",
		],
		/✘ steps\/ is shared.*is gone.*docker run -v/s,
	],
	[["setpriv", "--reuid=65534", "--clear-groups"], /✘ root .*without --user/s],
	[
		["env", "-u", "WORKSHOP_SANDBOX"],
		/✘ the dev container.*docker compose run --rm dev/s,
	],
	[
		["env", "WORKSHOP_ROOTFS=/nowhere"],
		/✘ a root file system.*chroot\("\/nowhere"\) failed: ENOENT/s,
	],
	[
		["env", "WORKSHOP_ROOTFS=/etc"],
		/✘ a root file system.*has no file CONTAINER_ROOT/s,
	],
])(
	"%j: the requirement that fails, and the command that mends it",
	async (wrapper, says) => {
		const { status, stdout } = await execute(
			[...wrapper, ...scriptWords("doctor")],
			{ cwd: HOME },
		);
		expect(status).toBe(1);
		expect(stdout).toMatch(says);
	},
);

test("in Docker on a host with cgroup version 1, it warns of release_agent", async () => {
	const isVersionOne = /^\d+:[^:]+:/m.test(
		readFileSync("/proc/self/cgroup", "utf8"),
	);
	const warned = async (sandbox: string) => {
		const env = { ...process.env, WORKSHOP_SANDBOX: sandbox };
		const { stdout } = await run("doctor", [], { env });
		return stdout.includes("release_agent");
	};
	expect(await warned("vm")).toBe(false);
	expect(await warned("docker")).toBe(isVersionOne);
});

test("an unknown option: status 2", async () => {
	expect(await run("doctor", ["--fix"])).toMatchObject({
		status: 2,
		stderr: expect.stringMatching(/Unknown option '--fix'/),
	});
});
