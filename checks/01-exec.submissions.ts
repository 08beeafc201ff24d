import type { Submissions } from "../kit/grader/index.ts";

const SPAWN = 'import { spawn, spawnSync } from "node:child_process";';
const FILES =
	'import { closeSync, openSync, unlinkSync, writeFileSync, writeSync } from "node:fs";';

const wrong: Submissions["wrong"] = [
	{
		what: "run forgets to return the status",
		fails: "status",
		edit: { "return reexec": "await reexec" },
	},
	{
		what: "run forgets to wait",
		fails: "status",
		run: "reexec(command); return 0;",
	},
	{
		what: "run always says 0",
		fails: "status",
		run: "await reexec(command); return 0;",
	},
	{
		what: "run makes a flag of the status",
		fails: "status",
		run: "return (await reexec(command)) ? 1 : 0;",
	},
	{
		what: "run cuts the status to seven bits",
		fails: "zero",
		run: "return (await reexec(command)) & 127;",
	},
	{
		what: "run makes 1 of a death by signal",
		fails: "signal",
		run: "const status = await reexec(command); return status === 137 ? 1 : status;",
	},
	{
		what: "run makes 1 of a missing command",
		fails: "missing",
		run: "const status = await reexec(command); return status === 127 ? 1 : status;",
	},
	{
		what: "child swallows execvp's error",
		fails: "missing",
		child: "try { execvp(command); } catch { process.exit(1); }",
	},
	{
		what: "the supervisor crashes, each time",
		fails: "runs",
		run: 'process.kill(process.pid, "SIGSEGV"); return reexec(command);',
	},
	{
		what: "child spawns the command and waits",
		fails: "becomes",
		top: SPAWN,
		child: `
	const [program, ...args] = command;
	const { status } = spawnSync(program, args, { stdio: "inherit" });
	process.exit(status ?? 1);`,
	},
	{
		what: "a shell stays beneath the command",
		fails: "becomes",
		child: `execvp(["sh", "-c", '"$@"; exit $?', "sh", ...command]);`,
	},
	{
		what: "run itself becomes the command",
		fails: "becomes",
		run: "execvp(command);",
	},
	{
		what: "run spawns the command, and there is no child",
		fails: "outlives",
		top: SPAWN,
		run: `
	const [program, ...args] = command;
	const { PATH } = process.env;
	const it = spawn(program, args, { stdio: "inherit", env: { PATH } });
	return new Promise((resolve) => {
		it.on("error", () => resolve(127));
		it.on("exit", (code, signal) => resolve(signal ? 137 : code));
	});`,
	},
	{
		what: "the command does not end with its supervisor",
		fails: "outlives",
		child: 'execvp(["setpriv", "--pdeathsig=clear", ...command]);',
	},
	{
		what: "the words are joined for a shell",
		fails: "arguments",
		child: 'execvp(["sh", "-c", command.join(" ")]);',
	},
	{
		what: "empty words are dropped",
		fails: "arguments",
		child: "execvp(command.filter(Boolean));",
	},
	{
		what: "words are trimmed",
		fails: "arguments",
		run: "return reexec(command.map((word) => word.trim()));",
	},
	{
		what: "only ASCII survives",
		fails: "arguments",
		child:
			'execvp(command.map((word) => word.replace(/[^\\x00-\\x7f]/g, "?")));',
	},
	{
		what: "words are split at blanks",
		fails: "runs",
		run: 'return reexec(command.join(" ").split(" "));',
	},
	{
		what: "only the program's name is passed on",
		fails: "runs",
		child: "execvp(command.slice(0, 1));",
	},
	{
		what: "all of Node's environment goes in",
		fails: "environment",
		child: "execvp(command, process.env);",
	},
	{
		what: "one variable leaks",
		fails: "environment",
		child: `
	const { CANARY } = process.env;
	execvp(command, { PATH: "/usr/bin:/bin", CANARY });`,
	},
	{
		what: "all but what is Node's, npm's and the kit's leaks",
		fails: "environment",
		child: `
	const theirs = Object.entries(process.env).filter(
		([name]) => !/^(npm_|NODE|WORKSHOP_)/.test(name),
	);
	execvp(command, Object.fromEntries(theirs));`,
	},
	{
		what: "stdin is /dev/null",
		fails: "streams",
		top: FILES,
		child: 'closeSync(0); openSync("/dev/null", "r"); execvp(command);',
	},
	{
		what: "stdout is closed",
		fails: "streams",
		top: FILES,
		child: "closeSync(1); execvp(command);",
	},
	{
		what: "stderr goes to stdout",
		fails: "streams",
		child: `execvp(["sh", "-c", 'exec "$@" 2>&1', "sh", ...command]);`,
	},
	{
		what: "a descriptor leaks",
		fails: "descriptors",
		child: `execvp(["sh", "-c", 'exec 5</etc/passwd; exec "$@"', "sh", ...command]);`,
	},
	{
		what: "SIGPIPE stays ignored",
		fails: "signals",
		child: `execvp(["sh", "-c", 'trap "" PIPE; exec "$@"', "sh", ...command]);`,
	},
	{
		what: "the command runs twice",
		fails: "runs",
		run: "await reexec(command); return reexec(command);",
	},
	{
		what: "child starts another child",
		fails: "runs",
		child: "return reexec(command);",
	},

	// Whatever a submission does: the grader answers, and the machine is as it was.
	{
		what: "run hangs",
		fails: "runs",
		run: "await new Promise((resolve) => setTimeout(resolve, 1e9)); return 0;",
	},
	{
		what: "run waits for nothing",
		fails: "runs",
		run: "await new Promise(() => {}); return 0;",
	},
	{ what: "child spins", fails: "runs", child: "for (;;);" },
	{ what: "run throws", fails: "runs", run: 'throw new Error("no");' },
	{ what: "a syntax error", fails: "runs", file: "export function run( {" },
	{ what: "an empty file", fails: "runs", file: "" },
	{
		what: "no child",
		fails: "runs",
		file: "export async function run() { return 0; }",
	},
	{
		what: "it forks a thousand children",
		fails: "runs",
		top: SPAWN,
		run: `
	const script = "for i in $(seq 1000); do sleep 1000 & done";
	spawnSync("sh", ["-c", script], { stdio: "ignore" });
	await new Promise((resolve) => setTimeout(resolve, 1e9));
	return 0;`,
	},
	{
		what: "it leaves a daemon",
		fails: "status",
		top: SPAWN,
		run: `
	spawn("sleep", ["1000"], { detached: true, stdio: "ignore" }).unref();
	await reexec(command);
	return 0;`,
	},
	{
		what: "it renames the host",
		fails: "status",
		run: 'sethostname("mine"); await reexec(command); return 0;',
	},
	{
		what: "it mounts over /proc",
		fails: "runs",
		run: 'mount("tmpfs", "/proc", "tmpfs"); return reexec(command);',
	},
	{
		what: "it kills everything",
		fails: "runs",
		// The supervisor's end ends the child, a moment later.
		child:
			'process.kill(-1, "SIGKILL"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000); execvp(command);',
	},
	{
		what: "a fork bomb",
		fails: "runs",
		child: `execvp(["sh", "-c", "bomb() { bomb | bomb & }; bomb; sleep 1000"]);`,
	},
	{
		what: "it takes memory without end",
		fails: "runs",
		child: `
	const all = [];
	for (;;) all.push(Buffer.alloc(1 << 26, 1));`,
	},
	{
		what: "it writes a gigabyte to stdout",
		fails: "runs",
		top: FILES,
		run: `
	const megabyte = Buffer.alloc(1 << 20, "x");
	for (let count = 0; count < 1024; count++)
		for (let at = 0; at < megabyte.length; )
			try {
				at += writeSync(1, megabyte, at);
			} catch {}
	return 0;`,
	},
	{
		what: "it deletes its own file",
		fails: "runs",
		top: FILES,
		run: "unlinkSync(process.env.WORKSHOP_CONTAINER); return reexec(command);",
	},
];

const right: Submissions["right"] = [
	{
		what: "it leaves a file in the dev container",
		top: FILES,
		run: 'writeFileSync("/etc/workshop-was-here", ""); return reexec(command);',
	},
	{
		what: "a variable that says it is a container",
		starred: "variable",
		edit: {
			"execvp(command)":
				'execvp(command, { PATH: "/usr/bin:/bin", container: "mine" })',
		},
	},
	{
		what: "await, then return",
		run: "const status = await reexec(command); return status;",
	},
	{
		what: "it prints words that a grader could wait for",
		edit: {
			"return reexec": 'console.log("ready\\nstage 0\\nready."); return reexec',
		},
	},
	{
		what: "it prints more than a grader keeps",
		edit: {
			"return reexec":
				'for (let line = 0; line < 4000; line++) console.log("y".repeat(60)); return reexec',
			"execvp(command)":
				'for (let line = 0; line < 4000; line++) console.error("n".repeat(60)); execvp(command)',
		},
	},
	{
		what: "a variable has the value that it has outside",
		child: `
	const theirs = /^(PATH|HOME|TERM|HOSTNAME|LANG|PWD|OLDPWD|SHLVL|_|CANARY|WORKSHOP_.*)$/;
	const [[name = "", value] = []] = Object.entries(process.env).filter(
		([name]) => !theirs.test(name),
	);
	execvp(command, { PATH: "/usr/bin:/bin", [name]: value });`,
	},
	{ what: "a copy of the words", run: "return reexec([...command]);" },
	{
		what: "arrow functions",
		file: `
import { execvp, reexec } from "#runtime";
export const run = (command: string[]) => reexec(command);
export const child = (command: string[]) => execvp(command);
`,
	},
	{
		what: "an environment of one's own",
		child: `
	const env = { PATH: "/usr/bin:/bin", HOME: "/", NODE_ENV: "production" };
	execvp(command, env);`,
	},
	{
		what: "through a shell that goes",
		child: `execvp(["sh", "-c", 'exec "$@"', "sh", ...command]);`,
	},
	{
		what: "an asynchronous child",
		edit: {
			"export function child(command: string[]): never {":
				"export async function child(command: string[]) { await null;",
			"return reexec": "return await reexec",
		},
	},
];

export default { wrong, right };
