import { type ChildProcess, spawn } from "node:child_process";
import {
	cpSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
	children,
	copyKit,
	execute,
	HOME,
	hasEnded,
	openTerminal,
	quoted,
	run,
	scriptWords,
	until,
} from "../testing/kit.ts";

const solution = (step: number, ...command: string[]) =>
	run("solution", [String(step), ...command]);

describe("the reference solutions", () => {
	test("step 6 is a container: a name, PID 1, a handful of processes", async () => {
		const mounts = readFileSync("/proc/self/mountinfo", "utf8");
		const name = hostname();
		const { status, stdout } = await solution(
			6,
			"sh",
			"-c",
			"uname -n; echo $$; ls -d /proc/[0-9]*; pwd; ls -a /",
		);
		const [inside, pid, ...rest] = stdout.split("\n");
		expect([status, inside, pid]).toEqual([0, "container", "1"]);
		expect(
			rest.filter((line) => line.startsWith("/proc/")).length,
		).toBeLessThan(5);
		expect(rest).toContain("/");
		expect(rest).toContain("CONTAINER_ROOT");
		expect(hostname()).toBe(name);
		expect(readFileSync("/proc/self/mountinfo", "utf8")).toBe(mounts);
	});

	test.each([1, 2, 3, 4, 5, 6])(
		"step %i passes exit statuses on",
		async (step) => {
			const statuses = await Promise.all(
				[0, 1, 42, 125, 255].map(
					async (status) =>
						(await solution(step, "sh", "-c", `exit ${status}`)).status,
				),
			);
			expect(statuses).toEqual([0, 1, 42, 125, 255]);
		},
	);

	test.each([1, 6])(
		"step %i: 128+n for a signal, 127 for no such command, 126 for one that can't run",
		async (step) => {
			// PID 1 can't kill itself by a signal, so it returns a child's status.
			expect(
				(await solution(step, "sh", "-c", "sh -c 'kill -TERM $$'; exit $?"))
					.status,
			).toBe(143);
			const missing = await solution(step, "no-such-command");
			expect(missing.status).toBe(127);
			expect(missing.stderr).toMatch(
				/no-such-command: not found in the container/,
			);
			expect((await solution(step, "/etc")).status).toBe(126);
		},
	);

	test("a signal that ends the command itself is 128+n", async () => {
		expect((await solution(1, "sh", "-c", "kill -TERM $$")).status).toBe(143);
		expect((await solution(1, "sh", "-c", "kill -KILL $$")).status).toBe(137);
		// A real-time signal, which Node has no name for.
		expect((await solution(1, "sh", "-c", "kill -40 $$")).status).toBe(168);
	});
});

describe("the command starts as a program should", () => {
	test.each([1, 6])(
		"step %i: no signal is ignored or blocked",
		async (step) => {
			const { stdout } = await execute(
				[
					"sh",
					"-c",
					'trap "" HUP PIPE USR1; exec "$@"',
					"sh",
					...scriptWords("solution"),
					String(step),
					// The command itself reads it: a shell blocks all signals while it forks.
					"grep",
					"Sig",
					"/proc/self/status",
				],
				{ cwd: HOME },
			);
			expect(stdout).toMatch(/SigIgn:\t0{16}/);
			expect(stdout).toMatch(/SigBlk:\t0{16}/);
		},
	);

	test("yes | head ends at once", async () => {
		const { stdout, stderr } = await solution(6, "sh", "-c", "yes | head -1");
		expect([stdout, stderr]).toEqual(["y\n", ""]);
	});

	test("its environment is PATH, HOME, TERM and HOSTNAME, and nothing of npm's or the kit's", async () => {
		const { stdout } = await run("solution", ["6", "env"], {
			env: { ...process.env, TERM: "vt100", SECRET: "x", npm_config_y: "z" },
		});
		const names = stdout
			.trim()
			.split("\n")
			.map((line) => line.split("=")[0])
			.sort();
		expect(names).toEqual(["HOME", "HOSTNAME", "PATH", "TERM"]);
		expect(stdout).toMatch(/^HOSTNAME=container$/m);
	});

	test("no descriptor above 2 reaches it", async () => {
		const words = [
			...scriptWords("solution"),
			"6",
			"sh",
			"-c",
			"ls /proc/self/fd",
		];
		const { stdout } = await execute(
			[
				"bash",
				"-c",
				'exec 7</etc/passwd 99</etc/passwd; "$@"',
				"bash",
				...words,
			],
			{ cwd: HOME },
		);
		// 3 is the directory that ls itself has open.
		expect(stdout.trim().split("\n")).toEqual(["0", "1", "2", "3"]);
	});

	test("arguments arrive unchanged", async () => {
		const words = [
			"two words",
			"",
			"'\"$HOME`",
			"line\nbreak",
			"čeština 容器 🐳",
			"-n",
			"--",
			"x".repeat(100_000),
		];
		const { stdout } = await solution(
			6,
			"sh",
			"-c",
			'for word; do printf "%s\\0" "$word"; done',
			"sh",
			...words,
		);
		expect(stdout.split("\0").slice(0, -1)).toEqual(words);
	});

	test("stdin, stdout and stderr are passed on", async () => {
		const outcome = await run(
			"solution",
			["6", "sh", "-c", "cat; echo err >&2"],
			{ input: "in" },
		);
		expect(outcome).toMatchObject({ status: 0, stdout: "in", stderr: "err\n" });
	});

	test("an argument that is too long is reported in the kernel's words", async () => {
		const kit = kitWith(2, (text) =>
			text.replace("execvp(command)", 'execvp(["echo", "x".repeat(200_000)])'),
		);
		const { status, stderr } = await run("step", ["2", "true"], { kit });
		expect(status).toBe(126);
		expect(stderr).toMatch(/E2BIG/);
	});
});

describe("streams that are closed or full", () => {
	const shell = (line: string) =>
		execute(["bash", "-c", line, "bash", ...scriptWords("solution"), "1"], {
			cwd: HOME,
		});

	test("stdin closed", async () => {
		expect(await shell('"$@" echo fine <&-')).toMatchObject({
			status: 0,
			stdout: "fine\n",
			stderr: "",
		});
	});
	test("stdout's reader gone", async () => {
		expect(await shell('"$@" yes | head -1')).toMatchObject({
			status: 0,
			stdout: "y\n",
			stderr: "",
		});
	});
	test("stdout a full disk", async () => {
		const { status, stderr } = await shell('"$@" sh -c "echo text" >/dev/full');
		expect(status).not.toBe(0);
		expect(stderr).toMatch(/No space left|I\/O error/);
	});
	test("the kit's own words to a full disk", async () => {
		const { status, stderr } = await execute(
			["bash", "-c", '"$@" >/dev/full', "bash", ...scriptWords("start")],
			{ cwd: HOME },
		);
		expect(status).toBe(1);
		expect(stderr).toMatch(/Can't write to stdout: ENOSPC/);
	});
	test("the kit's own words to a reader that left", async () => {
		expect(
			await execute(
				["bash", "-c", '"$@" | true', "bash", ...scriptWords("start")],
				{ cwd: HOME },
			),
		).toMatchObject({ status: 0, stderr: "" });
	});
});

describe("the supervisor", () => {
	test("SIGTERM stops the container, and its status shows it", async () => {
		const container = await waiting([
			"solution",
			"1",
			"sh",
			"-c",
			"echo up; exec sleep 60",
		]);
		container.supervisor.kill("SIGTERM");
		expect(await container.ended).toBe(143);
	});

	test("a command that ignores SIGTERM is killed two seconds later", async () => {
		const container = await waiting([
			"solution",
			"6",
			"sh",
			"-c",
			"trap '' TERM; echo up; while :; do sleep 1; done",
		]);
		const begin = Date.now();
		container.supervisor.kill("SIGHUP");
		expect(await container.ended).toBe(137);
		expect(Date.now() - begin).toBeGreaterThan(1900);
	});

	test.each([
		["SIGINT", 1],
		["SIGUSR1", 6],
	] as const)(
		"%s does not end the supervisor of step %i",
		async (signal, step) => {
			const container = await waiting([
				"solution",
				String(step),
				"sh",
				"-c",
				"echo up; read line; echo $line",
			]);
			for (let times = 0; times < 10; times++)
				container.supervisor.kill(signal);
			container.supervisor.stdin?.end("still here\n");
			expect(await container.ended).toBe(0);
		},
	);

	test.each([1, 6])(
		"step %i: killed with SIGKILL, it takes the container along",
		async (step) => {
			const container = await waiting([
				"solution",
				String(step),
				"sh",
				"-c",
				"echo up; exec sleep 60",
			]);
			const pid = onlyChild(container.supervisor.pid);
			expect(hasEnded(pid)).toBe(false);
			container.supervisor.kill("SIGKILL");
			await until(() => hasEnded(pid));
		},
	);

	test.each([1, 6])(
		"step %i: killed before its child knows of it, it takes the child along",
		async (step) => {
			const [program = "", ...words] = scriptWords("solution");
			const supervisor = spawn(
				program,
				[...words, String(step), "sleep", "60"],
				{ cwd: HOME, stdio: "ignore" },
			);
			await until(() => children(supervisor.pid).length > 0);
			const pid = onlyChild(supervisor.pid);
			supervisor.kill("SIGKILL");
			await until(() => hasEnded(pid));
		},
	);

	test("Ctrl-\\ ends a container whose PID 1 has no handler for it", async () => {
		const container = await waiting([
			...["solution", "6", "sh", "-c"],
			"echo up; exec sleep 60",
		]);
		container.supervisor.kill("SIGQUIT");
		expect(await container.ended).toBe(137);
	});

	test("npm's death ends the container", async () => {
		const line = `${scriptWords("solution").map(quoted).join(" ")} 1 sleep 60; :`;
		const npm = spawn("sh", ["-c", line], {
			cwd: HOME,
			stdio: "ignore",
			env: { ...process.env, npm_lifecycle_event: "solution" },
		});
		const [supervisor = 0] = await untilSome(() => children(npm.pid));
		const [command = 0] = await untilSome(() => children(supervisor));
		npm.kill("SIGKILL");
		await until(() => hasEnded(supervisor) && hasEnded(command));
	});

	test("twenty at once", async () => {
		const outcomes = await Promise.all(
			Array.from({ length: 20 }, (_, index) =>
				solution(6, "sh", "-c", `echo ${index}`),
			),
		);
		expect(outcomes.map(({ status, stdout }) => [status, stdout])).toEqual(
			outcomes.map((_, index) => [0, `${index}\n`]),
		);
	}, 60_000);
});

describe("on a terminal", () => {
	const onTerminal = (line: string, input = "") =>
		execute(["script", "-qec", line, "/dev/null"], {
			cwd: HOME,
			input,
			env: { ...process.env, TERM: "xterm" },
		});

	test("a shell opens with the step's title, the file and the way out; colour is on", async () => {
		const { stdout } = await onTerminal(
			`${scriptWords("solution").join(" ")} 6`,
			"echo pid $$\nexit 7\n",
		);
		expect(stdout).toMatch(/Step 6/);
		expect(stdout).toContain("solutions/06-proc-mount/container.ts");
		expect(stdout).toContain("\u001b[");
		expect(stdout).toContain("pid 1");
		expect(stdout).toContain("Leave it with: exit");
	});

	test("the terminal is given back: what comes after a shell can read", async () => {
		const step = scriptWords("solution").map(quoted).join(" ");
		const terminal = openTerminal([
			...["bash", "--norc", "-ic"],
			`(${step} 6; read word; echo "read $word")`,
		]);
		await terminal.sees(/# $/);
		terminal.type("exit\n");
		await terminal.sees("Shared with");
		terminal.type("this\n");
		await terminal.sees("read this");
	});

	test("names that a program chose reach the terminal as text", async () => {
		const kit = kitWith(2, (text) =>
			text
				.replace(
					"return reexec",
					'sethostname("x;\\u009b2J");\n\treturn reexec',
				)
				.replace("{ ", "{ sethostname, "),
		);
		const command = `${scriptWords("step", kit).join(" ")} 2 true`;
		const { stdout } = await execute(
			["unshare", "--uts", "script", "-qec", command, "/dev/null"],
			{ cwd: HOME, env: { ...process.env, TERM: "xterm" } },
		);
		expect(stdout).toContain("to x;�2J.");
		expect(stdout).toMatch(/Undo it with:\s+hostname \S+\s/);
	});

	test("a command that is given opens with nothing", async () => {
		const { stdout } = await onTerminal(
			`${scriptWords("solution").join(" ")} 6 hostname`,
		);
		expect(stdout).toMatch(/^container\r\n.*The container's own: /);
	});

	test("without one, and with nothing to read, a shell is refused", async () => {
		const { status, stderr } = await execute(
			["sh", "-c", '"$@" </dev/null', "sh", ...scriptWords("solution"), "6"],
			{ cwd: HOME },
		);
		expect(status).toBe(125);
		expect(stderr).toMatch(/docker run -it/);
	});

	test("commands may come through a pipe, and then the kit says nothing", async () => {
		const { stdout, stderr } = await run("solution", ["6"], {
			input: "hostname\n",
		});
		expect([stdout, stderr]).toEqual(["container\n", ""]);
	});
});

describe("which step", () => {
	test("words that are not UTF-8 are refused, and not changed", async () => {
		const { status, stderr } = await execute(
			[
				...["sh", "-c", `"$@" "$(printf 'a\\377')"`],
				...["sh", ...scriptWords("solution"), "1", "echo"],
			],
			{ cwd: HOME },
		);
		expect(status).toBe(2);
		expect(stderr).toMatch(/must be UTF-8/);
	});
	test.each([[], ["0"], ["77"], ["abc"], ["3.5"], [""]])(
		"%j: the list of steps, status 2",
		async (...args) => {
			const { status, stdout, stderr } = await run("step", args);
			expect(status).toBe(2);
			expect(stdout).toBe("");
			expect(stderr).toMatch(/1 {2}exec\n.*6 {2}proc-mount/s);
			expect(stderr).toMatch(/Usage: npm run step N/);
		},
	);
	test.each(["3", "03", "hostname", "03-hostname"])(
		"%s is step 3",
		async (word) => {
			expect((await run("solution", [word, "hostname"])).stdout).toBe(
				"container\n",
			);
		},
	);
	test("an unknown option is an error", async () => {
		expect(await run("step", ["3", "--colour", "ls"])).toMatchObject({
			status: 2,
			stderr: expect.stringMatching(/Unknown option '--colour'/),
		});
	});
	test("an option that npm consumed is an error", async () => {
		expect(
			await run("step", ["3", "ls"], {
				env: { ...process.env, npm_config_trace: "true" },
			}),
		).toMatchObject({
			status: 2,
			stderr: expect.stringMatching(
				/^npm consumed --trace: write it after --$/m,
			),
		});
	});
	test.each([
		["ls -l /", "-l"],
		["sh -c true", "-c"],
		["ps -ef", "-ef"],
	])(
		"npm run solution 1 %s: an option that npm consumed is an error",
		async (line, option) => {
			const npm = ["npm", "run", "--silent", "solution", "1"];
			const command = line.split(" ");
			expect(await execute([...npm, ...command], { cwd: HOME })).toMatchObject({
				status: 2,
				stdout: "",
				stderr: expect.stringContaining(
					`npm consumed ${option}, and ${command[0]} would run without it. Write a command's options after --\n  npm run solution 1 -- ${command[0]} ${option} …\n`,
				),
			});
			expect(
				await execute([...npm, "--", "echo", ...command], { cwd: HOME }),
			).toMatchObject({ status: 0, stdout: `${line}\n` });
		},
	);
	test("options after the command are the command's", async () => {
		expect((await solution(1, "echo", "--trace", "-n", "--", "x")).stdout).toBe(
			"--trace -n -- x\n",
		);
	});
});

describe("a container.ts that is wrong", () => {
	const cases: [
		what: string,
		step: number,
		edit: (text: string) => string,
		says: RegExp,
		place?: string,
	][] = [
		[
			"a syntax error",
			2,
			(text) => text.replace("reexec(command)", "reexec(command"),
			/Expected/,
			":8:",
		],
		[
			"chroot in run",
			6,
			(text) => text.replace("\treturn", "\tchroot(ROOTFS);\n\treturn"),
			/can't find this program any more: was chroot called in run\(\)\?/,
			":29:",
		],
		[
			"no such import",
			2,
			(text) =>
				text
					.replace("reexec }", "reexec, CLONE_NEWUT }")
					.replace("return reexec", "CLONE_NEWUT;\n\treturn reexec"),
			/"#runtime" has no CLONE_NEWUT: did you mean CLONE_NEWUTS/,
			":1:",
		],
		[
			"two imports that do not exist",
			2,
			(text) => text.replace("reexec }", "reexec, CLONE_NEWUT, sethostnam }"),
			/has no CLONE_NEWUT: did you mean CLONE_NEWUTS[\s\S]*has no sethostnam: did you mean sethostname/,
			":1:",
		],
		[
			"two names that are not imported",
			2,
			(text) =>
				text.replace(
					"return reexec",
					"unshare(CLONE_NEWUTS);\n\treturn reexec",
				),
			/(unshare|CLONE_NEWUTS) is not defined: add it to the import from "#runtime", and (CLONE_NEWUTS|unshare), too/,
			":8:",
		],
		[
			"chroot a second time",
			4,
			(text) =>
				text
					.replace("{ ", "{ chroot, ROOTFS, ")
					.replace(
						"\texecvp(",
						"\tchroot(ROOTFS);\n\tchroot(ROOTFS);\n\texecvp(",
					),
			/changed above this line already: remove this call/,
		],
		[
			"a flag's name without its middle",
			2,
			(text) =>
				text
					.replace("return reexec", "unshare(CLONE_UTS);\n\treturn reexec")
					.replace("{ ", "{ unshare, "),
			/CLONE_UTS is not defined: did you mean CLONE_NEWUTS/,
			":8:",
		],
		[
			"a name that is not imported",
			2,
			(text) => text.replace("return reexec", "unshare(0);\n\treturn reexec"),
			/unshare is not defined: add it to the import/,
			":8:",
		],
		[
			"run is not exported",
			2,
			(text) => text.replace("export async", "async"),
			/must export a function run/,
		],
		[
			"child is not exported",
			2,
			(text) => text.replace("export function child", "function child"),
			/must export a function child/,
		],
		[
			"run of another kind",
			2,
			(text) =>
				text.replace(
					"export async function run",
					"export const run = 3;\nasync function other",
				),
			/run is number/,
		],
		[
			"run throws",
			2,
			(text) =>
				text.replace(
					"return reexec",
					'throw new Error("my own words");\n\treturn reexec',
				),
			/my own words/,
			":8:",
		],
		[
			"child throws",
			2,
			(text) =>
				text.replace("execvp(command)", 'throw new Error("my own words")'),
			/my own words/,
			":14:",
		],
		[
			"something thrown that is no error",
			2,
			(text) =>
				text.replace("return reexec", 'throw "words";\n\treturn reexec'),
			/threw "words"/,
		],
		[
			"a system call fails",
			3,
			(text) => text.replace("CLONE_NEWUTS)", "0x10000000)"),
			/unshare\(CLONE_NEWUSER\) failed: EINVAL \(Invalid argument\)\n.*Node has threads/,
			":6:",
		],
		[
			"run forgets the status",
			2,
			(text) => text.replace("return reexec", "reexec"),
			/run\(\) resolved to undefined/,
		],
		[
			"child returns",
			2,
			(text) => text.replace("execvp(command)", "command.length"),
			/child\(\) returned/,
		],
		[
			"run waits for nothing",
			2,
			(text) =>
				text.replace(
					"return reexec",
					"await new Promise(() => {});\n\treturn reexec",
				),
			/waits for something that never happens/,
		],
		[
			"an unhandled rejection",
			2,
			(text) =>
				text.replace(
					"return reexec",
					'Promise.reject(new Error("my own words"));\n\tawait new Promise((go) => setTimeout(go, 500));\n\treturn reexec',
				),
			/my own words/,
			":8:",
		],
		[
			"an error in a callback",
			2,
			(text) =>
				text.replace(
					"return reexec",
					'setTimeout(() => {\n\t\tthrow new Error("my own words");\n\t});\n\tawait new Promise((go) => setTimeout(go, 500));\n\treturn reexec',
				),
			/Error: my own words/,
			":9:",
		],
		[
			"something thrown that JSON has no words for",
			2,
			(text) =>
				text.replace("return reexec", "throw { big: 1n };\n\treturn reexec"),
			/threw \{ big: 1n \}/,
		],
		[
			"reexec twice, and nobody waits",
			2,
			(text) =>
				text.replace("return reexec", "reexec(command);\n\treturn reexec"),
			/reexec\(\) was called again while its first container still runs/,
			":9:",
		],
		[
			"a helper program becomes PID 1",
			6,
			(text) =>
				text
					.replace("\treturn", '\texecSync("true");\n\treturn')
					.replace(
						"import {",
						'import { execSync } from "node:child_process";\nimport {',
					),
			/fork\(\) failed: ENOMEM.*\n.*a helper program, too/,
			":30:",
		],
		[
			"a command that is too long",
			2,
			(text) =>
				text.replace("reexec(command)", 'reexec(["x".repeat(200_000)])'),
			/fork\(\) failed: E2BIG.*\n.*too long/,
			":8:",
		],
		[
			"words for a terminal in an error",
			2,
			(text) =>
				text.replace(
					"return reexec",
					'throw new Error("\\x1b[2J\\x9b2J clear\\nsecond");\n\treturn reexec',
				),
			/Error: �\[2J�2J clear\nsecond/,
			":8:",
		],
		[
			"no flags for mount",
			6,
			(text) => text.replace("MS_REC | MS_PRIVATE", "MS_REC & MS_PRIVATE"),
			/mount\(source.*flags are 0.*join several flags with \|/,
			":34:",
		],
		[
			"await at the top",
			2,
			(text) => `${text}\nawait Promise.resolve();\n`,
			/await/,
		],
	];
	test.each(cases)(
		"%s: file, line, caret, no stack of ours, 125",
		async (_, step, edit, says, place) => {
			const { status, stdout, stderr } = await run(
				"step",
				[String(step), "true"],
				{ kit: kitWith(step, edit) },
			);
			expect(stderr).toMatch(says);
			expect(stderr).toMatch(
				new RegExp(`steps/0${step}-[a-z-]+/container\\.ts${place ?? ""}`),
			);
			if (place) expect(stderr).toMatch(/│ .*\n.*│ *\t*\s*\^/);
			expect(stderr).not.toMatch(/\n\s+at |node:internal/);
			expect([status, stdout]).toEqual([125, ""]);
		},
	);

	test("deleted", async () => {
		const kit = copyKit();
		rmSync(join(kit, "steps/02-uts-namespace/container.ts"));
		expect(await run("step", ["2", "true"], { kit })).toMatchObject({
			status: 125,
			stderr: expect.stringMatching(/no such file.*npm run reset/),
		});
	});

	test.each([
		["run", "return reexec(command)", "process.exit(7)", 7, ":8:"],
		["child", "execvp(command)", "process.exit(7) as never", 7, ":14:"],
	])(
		"%s ends the program itself",
		async (role, line, exit, expected, place) => {
			const kit = kitWith(2, (text) => text.replace(line, exit));
			const { status, stderr } = await run("step", ["2", "true"], { kit });
			expect(status).toBe(expected);
			expect(stderr).toContain(`container.ts${place}`);
			expect(stderr).toContain(
				`${role}() ended the program with process.exit(7)`,
			);
			expect(stderr).not.toMatch(/\n\s+at /);
		},
	);

	test("steps/ renamed", async () => {
		const kit = copyKit();
		const words = scriptWords("step", kit);
		renameSync(join(kit, "steps"), join(kit, "stairs"));
		const { status, stderr } = await execute([...words, "2", "true"], {
			cwd: kit,
		});
		expect(status).toBe(125);
		expect(stderr).toMatch(/\/steps is missing.*git checkout -- steps/s);
		expect(stderr.split("\n").length).toBeLessThan(5);
	});

	test("a second container in a PID namespace without its PID 1", async () => {
		const kit = kitWith(6, (text) =>
			text.replace(
				"return reexec(command)",
				"await reexec(command);\n\treturn reexec(command)",
			),
		);
		const { status, stderr } = await run("step", ["6", "true"], { kit });
		expect(status).toBe(125);
		expect(stderr).toMatch(
			/fork\(\) failed: ENOMEM.*\n.*first process of the new PID namespace has ended/,
		);
	});
});

describe("the way back is closed", () => {
	const edits = (lines: string, exec = "execvp(command)") =>
		kitWith(6, (text) =>
			text
				.replace("import {", 'import { openSync } from "node:fs";\nimport {')
				.replace(
					"\tmount(null",
					'\tconst outer = openSync("/", "r");\n\tmount(null',
				)
				.replace("execvp(command)", `${lines}\n\t${exec}`),
		);

	test("no descriptor that leads out is there when the command is looked up", async () => {
		const kit = edits(
			"",
			// biome-ignore lint/suspicious/noTemplateCurlyInString: it is the learner's
			"execvp([`/proc/self/fd/${outer}${process.execPath}`, ...command])",
		);
		const { status, stdout, stderr } = await run("step", ["6", "x"], {
			kit,
		});
		expect([status, stdout]).toEqual([127, ""]);
		expect(stderr).toMatch(/\/proc\/self\/fd\/\d+\/.*not found/);
	});

	test.each([
		[
			125,
			'throw new Error("my own words");',
			/container\.ts:\d+:.*\n.*my own words;?"\).*\n.*\^\n {2}Error: my own words/,
		],
		[
			125,
			'chdir("/nowhere");',
			/│ .*\n.*\^\n.*chdir\("\/nowhere"\) failed: ENOENT.*\n.*here/,
		],
		[125, "throw Symbol();", /threw Symbol\(\), which is not an Error/],
		[125, "throw { big: 1n };", /threw \{ big: 1n \}, which is not an Error/],
		[127, "", /✘ no-such-command: not found in the container/],
	])(
		"as another user in another root, it ends with %i: %s",
		async (expected, line, says) => {
			const kit = edits(`process.setuid?.(65534);\n\t${line}`);
			const { status, stderr } = await run("step", ["6", "no-such-command"], {
				kit,
			});
			expect(stderr).toMatch(says);
			expect(stderr).not.toMatch(/\n\s+at |node:internal/);
			expect(status).toBe(expected);
		},
	);

	test("a second try is possible", async () => {
		const kit = edits('try { execvp(["no-such-command"]); } catch {}');
		expect(await run("step", ["6", "echo", "here"], { kit })).toMatchObject({
			status: 0,
			stdout: "here\n",
			stderr: "",
		});
	});

	test("variables of the same names from outside change nothing", async () => {
		const env = {
			...process.env,
			WORKSHOP_TRACE: "on",
			WORKSHOP_HANDSHAKE: "7",
			WORKSHOP_FAILURE: "8",
			WORKSHOP_SUPERVISOR: "1",
			WORKSHOP_CONTAINER: "/nowhere",
		};
		expect(await run("solution", ["6", "hostname"], { env })).toMatchObject({
			status: 0,
			stdout: "container\n",
			stderr: "",
		});
	});
});

describe("where no container can be made", () => {
	const words = [...scriptWords("solution"), "6", "true"];
	const refused = async (
		command: string[],
		env: NodeJS.ProcessEnv = process.env,
	) => {
		const { status, stderr } = await execute(command, { cwd: HOME, env });
		expect(status).toBe(125);
		return stderr;
	};

	test("not the dev container", async () => {
		const { WORKSHOP_SANDBOX, ...env } = process.env;
		expect(await refused(words, env)).toMatch(
			/not the dev container.*docker compose run --rm dev/s,
		);
	});
	test.each(["step", "start"])(
		"the shell of a container: npm run %s names that cause, and no way around it",
		async (name) => {
			const [node = "", ...launch] = scriptWords(name);
			const typed = `cd '${HOME}' && '${node}' ${launch.join(" ")} 2 true 2>&1; true`;
			const { stdout } = await solution(2, "sh", "-c", typed);
			expect(stdout).toMatch(/inside the container of step 2\.\n.*exit\n/);
			expect(stdout).not.toMatch(/export|docker/);
		},
	);
	test("WORKSHOP_SANDBOX is not set, and another program was given the same words", async () => {
		const { WORKSHOP_SANDBOX, ...env } = process.env;
		expect(await refused(["timeout", "60", ...words], env)).toContain(
			"This is not the dev container",
		);
	});
	test("not root", async () => {
		expect(
			await refused(["setpriv", "--reuid=65534", "--clear-groups", ...words]),
		).toMatch(/not root/);
	});
	test.each(["sys_admin", "sys_chroot"])("no CAP_%s", async (name) => {
		expect(
			await refused(["setpriv", `--bounding-set=-${name}`, ...words]),
		).toContain(`--cap-add=${name.toUpperCase()}`);
	});
	test.each([
		// One may lie upon another.
		[
			"while umount -l /proc 2>/dev/null; do :; done",
			/There is no procfs on \/proc/,
		],
		[
			'exec unshare --pid --fork sh -c \'"$@"\' sh "$@"',
			/belongs to another PID namespace/,
		],
	])("another /proc: %s", async (change, says) => {
		// The outer procfs shows the processes of inner namespaces: only one of another inner namespace does not.
		const foreign = change.startsWith("exec")
			? "unshare --pid --fork mount -t proc proc /proc; "
			: "";
		const stderr = await refused([
			...["unshare", "--mount", "sh", "-c"],
			`${foreign}${change}${foreign ? "" : '; exec "$@"'}`,
			...["sh", ...words],
		]);
		expect(stderr).toMatch(says);
		expect(stderr).toContain("mount -t proc proc /proc");
	});
	test("a folder on a mount with noexec", async () => {
		const kit = copyKit();
		const packages = join(kit, "node_modules");
		rmSync(packages, { recursive: true });
		cpSync(join(HOME, "node_modules/koffi"), join(packages, "koffi"), {
			recursive: true,
			dereference: true,
		});
		for (const name of ["@koromix", "tsx", "esbuild", "@esbuild", "kleur"])
			cpSync(join(HOME, "node_modules", name), join(packages, name), {
				recursive: true,
				dereference: true,
			});
		const stderr = await refused([
			...["unshare", "--mount", "sh", "-c"],
			'mount --bind "$0" "$0"; mount -o remount,bind,noexec "$0"; cd "$0"; exec "$@"',
			...[kit, ...scriptWords("solution", kit), "6", "true"],
		]);
		expect(stderr).toMatch(/option noexec.*\nMove the folder/);
	});
	test("no root file system", async () => {
		expect(
			await refused(words, { ...process.env, WORKSHOP_ROOTFS: "/nowhere" }),
		).toMatch(/chroot\("\/nowhere"\) failed: ENOENT.*WORKSHOP_ROOTFS/s);
	});
	test("npm start never refuses, and says how to open it", async () => {
		const { WORKSHOP_SANDBOX, ...env } = process.env;
		const { status, stdout } = await run("start", [], { env });
		expect(status).toBe(0);
		expect(stdout).toContain("docker compose run --rm dev");
	});
});

test("--trace prints each call of run and of child, on stderr", async () => {
	const { stdout, stderr } = await solution(6, "--trace", "echo", "out");
	expect(stdout).toBe("out\n");
	const lines = stderr
		.split("\n")
		.map((line) =>
			line
				.replace(/pid \d+/, "pid N")
				.replace(/"\/[^"]*rootfs[^"]*"/, "ROOTFS"),
		);
	expect(lines).toEqual([
		"run    unshare(CLONE_NEWNS|CLONE_NEWUTS|CLONE_NEWPID) = 0",
		'run    reexec(["echo","out"]) = pid N',
		'child  mount(NULL, "/", NULL, MS_REC|MS_PRIVATE, NULL) = 0',
		'child  sethostname("container", 9) = 0',
		"child  chroot(ROOTFS) = 0",
		'child  chdir("/") = 0',
		'child  mount("proc", "/proc", "proc", MS_NOSUID|MS_NODEV|MS_NOEXEC, NULL) = 0',
		'child  execvp(["echo","out"] <unfinished ...>',
		"run    +++ pid N ended with 0 +++",
		"",
	]);
});

/** A copy of the kit with one changed step. */
function kitWith(step: number, edit: (text: string) => string): string {
	const kit = copyKit();
	const folder =
		[
			"01-exec",
			"02-uts-namespace",
			"03-hostname",
			"04-chroot",
			"05-pid-namespace",
			"06-proc-mount",
		][step - 1] ?? "";
	const from = step === 6 ? "solutions" : "steps";
	const text = readFileSync(join(kit, from, folder, "container.ts"), "utf8");
	const edited = edit(text);
	expect(edited).not.toBe(text);
	writeFileSync(join(kit, "steps", folder, "container.ts"), edited);
	return kit;
}

/** A container whose command has printed that it is up. */
async function waiting([name = "", ...args]: string[]): Promise<{
	supervisor: ChildProcess;
	ended: Promise<number | null>;
}> {
	const [program = "", ...words] = [...scriptWords(name), ...args];
	const supervisor = spawn(program, words, { cwd: HOME, stdio: "pipe" });
	onTestFinished(() => void supervisor.kill("SIGKILL"));
	const ended = new Promise<number | null>((resolve) =>
		supervisor.on("close", resolve),
	);
	let up = false;
	supervisor.stdout.on("data", () => {
		up = true;
	});
	await until(() => up);
	return { supervisor, ended };
}

/** What a list holds, as soon as it holds something. */
async function untilSome(list: () => number[]): Promise<number[]> {
	await until(() => list().length > 0);
	return list();
}

function onlyChild(pid: number | undefined): number {
	return Number(children(pid)[0]);
}
