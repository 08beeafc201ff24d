/**
 * What grades the grader: submissions that are known to be wrong, each with the
 * requirement that must fail, and known to be right in another form than the
 * reference. Each is the bodies of `run` and `child`; a whole file is in `file`.
 */

import { readFileSync } from "node:fs";
import * as runtime from "../../runtime/index.ts";
import { listSteps } from "../steps/catalog.ts";

export interface Submission {
	step: number;
	what: string;
	run?: string;
	child?: string;
	/** Code above the two functions. */
	top?: string;
	file?: string;
	/** The requirement that fails first: "4.directory". Without it the submission is right. */
	fails?: string;
}

/** The bodies of the reference, of which a submission names those that it changes. */
const FLAGS = [
	"",
	"",
	"CLONE_NEWUTS",
	"CLONE_NEWUTS",
	"CLONE_NEWUTS",
	"CLONE_NEWUTS | CLONE_NEWPID",
	"CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNS",
];
const REEXEC = "return reexec(command);";
const PRIVATE = 'mount(null, "/", null, MS_REC | MS_PRIVATE);';
const NAME = 'sethostname("container");';
const ROOT = 'chroot(ROOTFS); chdir("/");';
const PROC = 'mount("proc", "/proc", "proc");';
const EXEC = "execvp(command);";

const run = (step: number) =>
	`${step > 1 ? `unshare(${FLAGS[step]}); ` : ""}${REEXEC}`;
const child = (step: number) =>
	[
		step > 5 && PRIVATE,
		step > 2 && NAME,
		step > 3 && ROOT,
		step > 5 && PROC,
		EXEC,
	]
		.filter(Boolean)
		.join(" ");

/** Through a shell that is gone once the command runs. */
const viaShell = (script: string) =>
	`execvp(["sh", "-c", ${JSON.stringify(script)}, "sh", ...command]);`;

const wrongExec: Submission[] = [
	{
		step: 1,
		what: "run forgets to return the status",
		run: "await reexec(command);",
		fails: "1.status",
	},
	{
		step: 1,
		what: "run forgets to wait",
		run: "reexec(command); return 0;",
		fails: "1.status",
	},
	{
		step: 1,
		what: "run always says 0",
		run: "await reexec(command); return 0;",
		fails: "1.status",
	},
	{
		step: 1,
		what: "run makes a flag of the status",
		run: "return (await reexec(command)) ? 1 : 0;",
		fails: "1.status",
	},
	{
		step: 1,
		what: "run cuts the status to seven bits",
		run: "return (await reexec(command)) & 127;",
		fails: "1.zero",
	},
	{
		step: 1,
		what: "run makes 1 of a death by signal",
		run: "const status = await reexec(command); return status === 137 ? 1 : status;",
		fails: "1.signal",
	},
	{
		step: 1,
		what: "run makes 1 of a missing command",
		run: "const status = await reexec(command); return status === 127 ? 1 : status;",
		fails: "1.missing",
	},
	{
		step: 1,
		what: "child swallows execvp's error",
		child: "try { execvp(command); } catch { process.exit(1); }",
		fails: "1.missing",
	},
	{
		step: 1,
		what: "child spawns the command and waits",
		top: 'import { spawnSync } from "node:child_process";',
		child:
			'const { status } = spawnSync(command[0], command.slice(1), { stdio: "inherit" }); process.exit(status ?? 1);',
		fails: "1.becomes",
	},
	{
		step: 1,
		what: "a shell stays beneath the command",
		child: viaShell('"$@"; exit $?'),
		fails: "1.becomes",
	},
	{
		step: 1,
		what: "run itself becomes the command",
		run: EXEC,
		fails: "1.becomes",
	},
	{
		step: 1,
		what: "run spawns the command, and there is no child",
		top: 'import { spawn } from "node:child_process";',
		run: 'const it = spawn(command[0], command.slice(1), { stdio: "inherit", env: { PATH: process.env.PATH } }); return new Promise((go) => { it.on("error", () => go(127)); it.on("exit", (code, signal) => go(signal ? 137 : code)); });',
		fails: "1.outlives",
	},
	{
		step: 1,
		what: "the command is not told of its supervisor's death",
		child: 'execvp(["setpriv", "--pdeathsig=clear", ...command]);',
		fails: "1.outlives",
	},
	{
		step: 1,
		what: "the words are joined for a shell",
		child: 'execvp(["sh", "-c", command.join(" ")]);',
		fails: "1.arguments",
	},
	{
		step: 1,
		what: "empty words are dropped",
		child: "execvp(command.filter(Boolean));",
		fails: "1.arguments",
	},
	{
		step: 1,
		what: "words are trimmed",
		run: "return reexec(command.map((word) => word.trim()));",
		fails: "1.arguments",
	},
	{
		step: 1,
		what: "only ASCII survives",
		child:
			'execvp(command.map((word) => word.replace(/[^\\x00-\\x7f]/g, "?")));',
		fails: "1.arguments",
	},
	{
		step: 1,
		what: "words are split at blanks",
		run: 'return reexec(command.join(" ").split(" "));',
		fails: "1.runs",
	},
	{
		step: 1,
		what: "only the program's name is passed on",
		child: "execvp(command.slice(0, 1));",
		fails: "1.runs",
	},
	{
		step: 1,
		what: "all of Node's environment goes in",
		child: "execvp(command, process.env);",
		fails: "1.environment",
	},
	{
		step: 1,
		what: "one variable leaks",
		child:
			'execvp(command, { PATH: "/usr/bin:/bin", CANARY: process.env.CANARY });',
		fails: "1.environment",
	},
	{
		step: 1,
		what: "all but what is Node's, npm's and the kit's leaks",
		child:
			"execvp(command, Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE|WORKSHOP_)/.test(name))));",
		fails: "1.environment",
	},
	{
		step: 1,
		what: "stdin is /dev/null",
		top: 'import { closeSync, openSync } from "node:fs";',
		child: 'closeSync(0); openSync("/dev/null", "r"); execvp(command);',
		fails: "1.streams",
	},
	{
		step: 1,
		what: "stdout is closed",
		top: 'import { closeSync } from "node:fs";',
		child: "closeSync(1); execvp(command);",
		fails: "1.streams",
	},
	{
		step: 1,
		what: "stderr goes to stdout",
		child: viaShell('exec "$@" 2>&1'),
		fails: "1.streams",
	},
	{
		step: 1,
		what: "a descriptor leaks",
		child: viaShell('exec 5</etc/passwd; exec "$@"'),
		fails: "1.descriptors",
	},
	{
		step: 1,
		what: "SIGPIPE stays ignored",
		child: viaShell('trap "" PIPE; exec "$@"'),
		fails: "1.signals",
	},
	{
		step: 1,
		what: "the command runs twice",
		run: "await reexec(command); return reexec(command);",
		fails: "1.runs",
	},
];

/** Whatever a submission does: the grader answers, and the machine is as it was. */
const mischief: Submission[] = [
	{
		step: 1,
		what: "run hangs",
		run: "await new Promise((go) => setTimeout(go, 1e9)); return 0;",
		fails: "1.runs",
	},
	{
		step: 1,
		what: "run waits for nothing",
		run: "await new Promise(() => {}); return 0;",
		fails: "1.runs",
	},
	{ step: 1, what: "child spins", child: "for (;;);", fails: "1.runs" },
	{
		step: 1,
		what: "run throws",
		run: 'throw new Error("no");',
		fails: "1.runs",
	},
	{
		step: 1,
		what: "a syntax error",
		file: "export function run( {",
		fails: "1.runs",
	},
	{ step: 1, what: "an empty file", file: "", fails: "1.runs" },
	{
		step: 1,
		what: "no child",
		file: "export async function run() { return 0; }",
		fails: "1.runs",
	},
	{
		step: 1,
		what: "it forks a thousand children",
		top: 'import { execFileSync } from "node:child_process";',
		run: 'execFileSync("sh", ["-c", "for i in $(seq 1000); do sleep 1000 & done"], { stdio: "ignore" }); await new Promise((go) => setTimeout(go, 1e9)); return 0;',
		fails: "1.runs",
	},
	{
		step: 1,
		what: "it leaves a daemon",
		top: 'import { spawn } from "node:child_process";',
		run: 'spawn("sleep", ["1000"], { detached: true, stdio: "ignore" }).unref(); await reexec(command); return 0;',
		fails: "1.status",
	},
	{
		step: 1,
		what: "it renames the host",
		run: 'sethostname("mine"); await reexec(command); return 0;',
		fails: "1.status",
	},
	{
		step: 1,
		what: "it mounts over /proc",
		run: `mount("tmpfs", "/proc", "tmpfs"); ${REEXEC}`,
		fails: "1.runs",
	},
	{
		step: 1,
		what: "it kills everything",
		child: `process.kill(-1, "SIGKILL"); ${EXEC}`,
		fails: "1.runs",
	},
	{
		step: 1,
		what: "it writes a gigabyte to stdout",
		top: 'import { writeSync } from "node:fs";',
		run: 'const megabyte = Buffer.alloc(1 << 20, "x"); for (let count = 0; count < 1024; count++) for (let at = 0; at < megabyte.length;) { try { at += writeSync(1, megabyte, at); } catch {} } return 0;',
		fails: "1.runs",
	},
	{
		step: 1,
		what: "it deletes its own file",
		top: 'import { unlinkSync } from "node:fs";',
		run: `unlinkSync(process.env.WORKSHOP_CONTAINER); ${REEXEC}`,
		fails: "1.runs",
	},
	{
		step: 1,
		what: "it writes where it should not",
		top: 'import { writeFileSync } from "node:fs";',
		run: `writeFileSync("/etc/workshop-was-here", ""); ${REEXEC}`,
		fails: "1.runs",
	},
];

const wrongUts: Submission[] = [
	{ step: 2, what: "no namespace is made", run: REEXEC, fails: "2.uts" },
	{
		step: 2,
		what: "unshare comes after the child's end",
		run: "const status = await reexec(command); unshare(CLONE_NEWUTS); return status;",
		fails: "2.uts",
	},
	{
		step: 2,
		what: "unshare comes after the child's birth",
		run: "const status = reexec(command); unshare(CLONE_NEWUTS); return status;",
		fails: "2.uts",
	},
	{ step: 2, what: "no flag", run: `unshare(0); ${REEXEC}`, fails: "2.runs" },
	{
		step: 2,
		what: "flags as two arguments",
		run: `unshare(CLONE_NEWUTS, CLONE_NEWPID); ${REEXEC}`,
		fails: "2.runs",
	},
	{
		step: 1,
		what: "child starts a child of its own",
		child: "return reexec(command);",
		fails: "1.runs",
	},
	{
		step: 2,
		what: "the mount namespace's flag",
		run: `unshare(CLONE_NEWNS); ${REEXEC}`,
		fails: "2.uts",
	},
	{
		step: 2,
		what: "the IPC namespace's flag",
		run: `unshare(CLONE_NEWIPC); ${REEXEC}`,
		fails: "2.uts",
	},
	{
		step: 2,
		what: "flags joined by &",
		run: `unshare(CLONE_NEWUTS & CLONE_NEWPID); ${REEXEC}`,
		fails: "2.runs",
	},
	{
		step: 2,
		what: "a user namespace",
		run: `unshare(CLONE_NEWUTS | CLONE_NEWUSER); ${REEXEC}`,
		fails: "2.runs",
	},
	{
		step: 2,
		what: "the dev container is renamed first",
		run: `sethostname("mine"); ${run(2)}`,
		fails: "2.outer-name",
	},
	{
		step: 2,
		what: "unshare(1) stays beneath",
		child: 'execvp(["unshare", "--uts", "--fork", ...command]);',
		fails: "2.exec",
	},
	{
		step: 2,
		what: "the status is lost again",
		run: "unshare(CLONE_NEWUTS); await reexec(command); return 0;",
		fails: "2.exec",
	},
];

const wrongName: Submission[] = [
	{ step: 3, what: "no name is set", child: EXEC, fails: "3.name" },
	{
		step: 3,
		what: "the dev container's name is set again",
		top: 'import { hostname } from "node:os";',
		child: `sethostname(hostname()); ${EXEC}`,
		fails: "3.name",
	},
	{
		step: 3,
		what: "the dev container's real name is typed again",
		top: 'import { readFileSync } from "node:fs";',
		child: `sethostname(readFileSync("/etc/hostname", "utf8").trim()); ${EXEC}`,
		fails: "3.name",
	},
	{
		step: 3,
		what: "an empty name",
		child: `sethostname(""); ${EXEC}`,
		fails: "3.name",
	},
	{
		step: 3,
		what: "only the variable is set",
		child: 'execvp(command, { PATH: "/usr/bin:/bin", HOSTNAME: "container" });',
		fails: "3.name",
	},
	{
		step: 3,
		what: "the name comes late",
		run: 'unshare(CLONE_NEWUTS); const status = reexec(command); setTimeout(() => sethostname("late"), 2500).unref(); return status;',
		child: EXEC,
		fails: "3.name",
	},
	{
		step: 3,
		what: "the name is too long",
		child: `sethostname("x".repeat(65)); ${EXEC}`,
		fails: "3.runs",
	},
	{
		step: 3,
		what: "the name is set without a namespace",
		run: REEXEC,
		fails: "3.uts",
	},
	{
		step: 3,
		what: "run sets it before the namespace is made",
		run: `sethostname("container"); ${run(3)}`,
		child: EXEC,
		fails: "3.outer-name",
	},
	{
		step: 3,
		what: "run sets it back and forth",
		run: 'unshare(CLONE_NEWIPC); sethostname("container"); return reexec(command);',
		child: EXEC,
		fails: "3.uts",
	},
	{
		step: 3,
		what: "the environment leaks again",
		child: `${NAME} execvp(command, process.env);`,
		fails: "3.exec",
	},
];

const wrongRoot: Submission[] = [
	{ step: 4, what: "no chroot", child: `${NAME} ${EXEC}`, fails: "4.root" },
	{
		step: 4,
		what: "chroot without chdir",
		child: `${NAME} chroot(ROOTFS); ${EXEC}`,
		fails: "4.directory",
	},
	{
		step: 4,
		what: "chdir before chroot",
		child: `${NAME} chdir("/"); chroot(ROOTFS); ${EXEC}`,
		fails: "4.directory",
	},
	{
		step: 4,
		what: "chdir to somewhere else inside",
		child: `${NAME} chroot(ROOTFS); chdir("/etc"); ${EXEC}`,
		fails: "4.directory",
	},
	{
		step: 4,
		what: "chdir without chroot",
		child: `${NAME} chdir(ROOTFS); ${EXEC}`,
		fails: "4.root",
	},
	{
		step: 4,
		what: "chroot to /",
		child: `${NAME} chroot("/"); chdir("/"); ${EXEC}`,
		fails: "4.root",
	},
	{
		step: 4,
		what: "chroot to / by another name",
		child: `${NAME} chroot("/proc/self/root"); chdir("/"); ${EXEC}`,
		fails: "4.root",
	},
	{
		step: 4,
		what: "chroot to a folder without a shell",
		child: `${NAME} chroot("/tmp"); chdir("/"); ${EXEC}`,
		fails: "4.runs",
	},
	{
		step: 4,
		what: "chroot to what is not there",
		child: `${NAME} chroot("/nowhere"); chdir("/"); ${EXEC}`,
		fails: "4.runs",
	},
	{
		step: 4,
		what: "chroot in run",
		run: `unshare(CLONE_NEWUTS); chroot(ROOTFS); chdir("/"); ${REEXEC}`,
		child: `${NAME} ${EXEC}`,
		fails: "4.runs",
	},
	{
		step: 4,
		what: "run follows the child into the root",
		run: "unshare(CLONE_NEWUTS); const status = reexec(command); chroot(ROOTFS); return status;",
		fails: "4.outer-root",
	},
	{
		step: 4,
		what: "the name is forgotten",
		child: `${ROOT} ${EXEC}`,
		fails: "4.name",
	},
	{
		step: 4,
		what: "the UTS namespace is forgotten",
		run: REEXEC,
		fails: "4.uts",
	},
];

const wrongPid: Submission[] = [
	{ step: 5, what: "the flag is missing", run: run(4), fails: "5.pid" },
	{
		step: 5,
		what: "the flag replaces the other",
		run: `unshare(CLONE_NEWPID); ${REEXEC}`,
		fails: "5.uts",
	},
	{
		step: 5,
		what: "unshare in child comes too late",
		run: run(4),
		child: `unshare(CLONE_NEWPID); ${child(5)}`,
		fails: "5.pid",
	},
	{
		step: 5,
		what: "unshare comes after the child's birth",
		run: "unshare(CLONE_NEWUTS); const status = reexec(command); unshare(CLONE_NEWPID); return status;",
		fails: "5.pid",
	},
	{
		step: 5,
		what: "a mount namespace instead",
		run: `unshare(CLONE_NEWUTS | CLONE_NEWNS); ${REEXEC}`,
		fails: "5.pid",
	},
	{
		step: 5,
		what: "a shell is PID 1",
		child: `${NAME} ${ROOT} ${viaShell('"$@"; exit $?')}`,
		fails: "5.exec",
	},
	{
		step: 5,
		what: "another process was PID 1, and died",
		top: 'import { spawnSync } from "node:child_process";',
		run: `unshare(${FLAGS[5]}); spawnSync("true"); ${REEXEC}`,
		fails: "5.runs",
	},
	{
		step: 5,
		what: "another process is PID 1",
		top: 'import { spawn } from "node:child_process";',
		run: `unshare(${FLAGS[5]}); spawn("sleep", ["1000"], { stdio: "ignore" }).unref(); ${REEXEC}`,
		fails: "5.pid",
	},
	{
		step: 5,
		what: "a daemon is started outside",
		top: 'import { spawn } from "node:child_process";',
		run: `spawn("sleep", ["1000"], { detached: true, stdio: "ignore" }).unref(); ${run(5)}`,
		fails: "5.end",
	},
	{
		step: 5,
		what: "chdir is forgotten",
		child: `${NAME} chroot(ROOTFS); ${EXEC}`,
		fails: "5.directory",
	},
	{
		step: 5,
		what: "chroot is forgotten",
		child: `${NAME} ${EXEC}`,
		fails: "5.root",
	},
	{
		step: 5,
		what: "the name is forgotten",
		child: `${ROOT} ${EXEC}`,
		fails: "5.name",
	},
];

const wrongProc: Submission[] = [
	{
		step: 6,
		what: "nothing is mounted",
		child: `${PRIVATE} ${child(5)}`,
		fails: "6.proc",
	},
	{
		step: 6,
		what: "mounted before chroot, on the other /proc",
		child: `${PRIVATE} ${NAME} ${PROC} ${ROOT} ${EXEC}`,
		fails: "6.proc",
	},
	{
		step: 6,
		what: "a tmpfs on /proc",
		child: `${PRIVATE} ${NAME} ${ROOT} mount("proc", "/proc", "tmpfs"); ${EXEC}`,
		fails: "6.proc",
	},
	{
		step: 6,
		what: "mounted on /mnt",
		child: `${PRIVATE} ${NAME} ${ROOT} mount("proc", "/mnt", "proc"); ${EXEC}`,
		fails: "6.proc",
	},
	{
		step: 6,
		what: "the dev container's /proc, bound",
		child: `${PRIVATE} ${NAME} mount("/proc", ROOTFS + "/proc", null, MS_BIND | MS_REC); ${ROOT} ${EXEC}`,
		fails: "6.proc-first",
	},
	{
		step: 6,
		what: "mounted in run, by a process of the other PID namespace",
		run: `unshare(${FLAGS[6]}); mount(null, "/", null, MS_REC | MS_PRIVATE); mount("proc", ROOTFS + "/proc", "proc"); ${REEXEC}`,
		child: child(5),
		fails: "6.proc-first",
	},
	{ step: 6, what: "no mount namespace", run: run(5), fails: "6.private" },
	{
		step: 6,
		what: "no mount namespace, and the number of a mount of the dev container's goes to the new one",
		run: run(5),
		child: `umount("/dev/shm", MNT_DETACH); ${NAME} ${ROOT} ${PROC} ${EXEC}`,
		fails: "6.private",
	},
	{
		step: 6,
		what: "no mount namespace, and cleared up afterwards",
		run: `unshare(${FLAGS[5]}); const status = await reexec(command); umount(ROOTFS + "/proc"); return status;`,
		child: `${NAME} ${ROOT} ${PROC} ${EXEC}`,
		fails: "6.private",
	},
	{
		step: 6,
		what: "not private",
		child: `${NAME} ${ROOT} ${PROC} ${EXEC}`,
		fails: "6.private",
	},
	{
		step: 6,
		what: "shared instead of private",
		child: `mount(null, "/", null, MS_REC | MS_SHARED); ${NAME} ${ROOT} ${PROC} ${EXEC}`,
		fails: "6.private",
	},
	{
		step: 6,
		what: "private once it is mounted",
		child: `mount("proc", ROOTFS + "/proc", "proc"); ${PRIVATE} ${NAME} ${ROOT} ${EXEC}`,
		fails: "6.private",
	},
	{
		step: 6,
		what: "private after chroot, where / is no mount",
		child: `${NAME} ${ROOT} ${PRIVATE} ${PROC} ${EXEC}`,
		fails: "6.runs",
	},
	{
		step: 6,
		what: "the dev container loses a mount",
		run: `umount("/dev/shm", MNT_DETACH); ${run(6)}`,
		fails: "6.outer-mounts",
	},
	{
		step: 6,
		what: "no PID namespace",
		run: `unshare(CLONE_NEWUTS | CLONE_NEWNS); ${REEXEC}`,
		fails: "6.pid",
	},
	{
		step: 6,
		what: "no UTS namespace",
		run: `unshare(CLONE_NEWPID | CLONE_NEWNS); ${REEXEC}`,
		fails: "6.uts",
	},
	{
		step: 6,
		what: "chdir is forgotten",
		child: `${PRIVATE} ${NAME} chroot(ROOTFS); ${PROC} ${EXEC}`,
		fails: "6.directory",
	},
	{
		step: 6,
		what: "chroot is forgotten",
		child: `${PRIVATE} ${NAME} ${PROC} ${EXEC}`,
		fails: "6.root",
	},
];

export const wrong: Submission[] = [
	...wrongExec,
	...mischief,
	...wrongUts,
	...wrongName,
	...wrongRoot,
	...wrongPid,
	...wrongProc,
];

export const right: Submission[] = [
	{
		step: 1,
		what: "await, then return",
		run: "const status = await reexec(command); return status;",
	},
	{ step: 1, what: "a copy of the words", run: "return reexec([...command]);" },
	{
		step: 1,
		what: "arrow functions",
		file: 'import { execvp, reexec } from "#runtime";\nexport const run = (command: string[]) => reexec(command);\nexport const child = (command: string[]) => execvp(command);\n',
	},
	{
		step: 1,
		what: "an environment of one's own",
		child:
			'execvp(command, { PATH: "/usr/bin:/bin", HOME: "/", NODE_ENV: "production" });',
	},
	{ step: 1, what: "through a shell that goes", child: viaShell('exec "$@"') },
	{
		step: 1,
		what: "an asynchronous child",
		file: 'import { execvp, reexec } from "#runtime";\nexport async function run(command: string[]) { return await reexec(command); }\nexport async function child(command: string[]) { await null; execvp(command); }\n',
	},
	{
		step: 2,
		what: "unshare in child",
		run: REEXEC,
		child: `unshare(CLONE_NEWUTS); ${EXEC}`,
	},
	{
		step: 2,
		what: "more namespaces than asked",
		run: `unshare(CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWCGROUP); ${REEXEC}`,
	},
	{
		step: 2,
		what: "two namespaces, one in another",
		run: `unshare(CLONE_NEWUTS); unshare(CLONE_NEWUTS); ${REEXEC}`,
	},
	{
		step: 2,
		what: "unshare(1), which becomes the command",
		run: REEXEC,
		child: 'execvp(["unshare", "--uts", ...command]);',
	},
	{
		step: 3,
		what: "the name is set in run, inside the new namespace",
		run: `unshare(CLONE_NEWUTS); sethostname("container"); ${REEXEC}`,
		child: EXEC,
	},
	{
		step: 3,
		what: "the longest name",
		child: `sethostname("x".repeat(64)); ${EXEC}`,
	},
	{
		step: 3,
		what: "a name of other letters",
		child: `sethostname("容器"); ${EXEC}`,
	},
	{
		step: 3,
		what: "the name is set by a shell that goes",
		child: viaShell('echo container >/proc/sys/kernel/hostname; exec "$@"'),
	},
	{
		step: 4,
		what: "chdir first, then chroot to .",
		child: `${NAME} chdir(ROOTFS); chroot("."); ${EXEC}`,
	},
	{
		step: 4,
		what: "chdir into it, then chroot",
		child: `${NAME} chdir(ROOTFS); chroot(ROOTFS); ${EXEC}`,
	},
	{ step: 4, what: "chroot before the name", child: `${ROOT} ${NAME} ${EXEC}` },
	{
		step: 4,
		what: "chroot(1), which becomes the command",
		child: `${NAME} execvp(["chroot", ROOTFS, ...command]);`,
	},
	{
		step: 4,
		what: "everything in child",
		run: REEXEC,
		child: `unshare(CLONE_NEWUTS); ${NAME} ${ROOT} ${EXEC}`,
	},
	{
		step: 5,
		what: "two calls of unshare",
		run: `unshare(CLONE_NEWPID); unshare(CLONE_NEWUTS); ${REEXEC}`,
	},
	{
		step: 5,
		what: "the other namespaces in child",
		run: `unshare(CLONE_NEWPID); ${REEXEC}`,
		child: `unshare(CLONE_NEWUTS); ${child(5)}`,
	},
	{
		step: 5,
		what: "network, IPC and cgroup as well",
		run: `unshare(${FLAGS[5]} | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWCGROUP); ${REEXEC}`,
	},
	{
		step: 6,
		what: "private, but only /: the root file system is part of it here",
		child: `mount(null, "/", null, MS_PRIVATE); ${NAME} ${ROOT} ${PROC} ${EXEC}`,
	},
	{
		step: 6,
		what: "slave instead of private",
		child: `mount(null, "/", null, MS_REC | MS_SLAVE); ${NAME} ${ROOT} ${PROC} ${EXEC}`,
	},
	{
		step: 6,
		what: "private in run",
		run: `unshare(${FLAGS[6]}); ${PRIVATE} ${REEXEC}`,
		child: `${NAME} ${ROOT} ${PROC} ${EXEC}`,
	},
	{
		step: 6,
		what: "the mount namespace in child",
		run: run(5),
		child: `unshare(CLONE_NEWNS); ${child(6)}`,
	},
	{
		step: 6,
		what: "runc's flags, and another source",
		child: `${PRIVATE} ${NAME} ${ROOT} mount("anything", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC); ${EXEC}`,
	},
	{
		step: 6,
		what: "mounted before chroot, at its place in the rootfs",
		child: `${PRIVATE} mount("proc", ROOTFS + "/proc", "proc"); ${NAME} ${ROOT} ${EXEC}`,
	},
	{
		step: 6,
		what: "the root moved to /, as without pivot_root",
		child: `${PRIVATE} mount(ROOTFS, ROOTFS, null, MS_BIND | MS_REC); chdir(ROOTFS); mount(".", "/", null, MS_MOVE); chroot("."); chdir("/"); ${NAME} ${PROC} ${EXEC}`,
	},
	{
		step: 6,
		what: "an overlay over the root file system",
		top: 'import { mkdirSync } from "node:fs";',
		// Under Docker this would be the third overlay, and the kernel stacks two.
		child: `${PRIVATE} ${NAME} mount("tmpfs", "/mnt", "tmpfs"); for (const name of ["upper", "work", "root"]) mkdirSync("/mnt/" + name); let root = "/mnt/root"; try { mount("overlay", root, "overlay", 0, "lowerdir=" + ROOTFS + ",upperdir=/mnt/upper,workdir=/mnt/work"); } catch { root = ROOTFS; } chroot(root); chdir("/"); ${PROC} ${EXEC}`,
	},
	{
		step: 6,
		what: "a tmpfs on /tmp as well",
		child: `${PRIVATE} ${NAME} ${ROOT} ${PROC} mount("tmpfs", "/tmp", "tmpfs"); ${EXEC}`,
	},
];

/** The text of a submission's container.ts. */
export function textOf(submission: Submission): string {
	const { step, top = "", file } = submission;
	if (file !== undefined) return file;
	const text = `import { ${Object.keys(runtime).join(", ")} } from "#runtime";
${top}
export async function run(command: any): Promise<any> { ${submission.run ?? run(step)} }
export function child(command: any): any { ${submission.child ?? child(step)} }
`;
	return text;
}

/** The references themselves, which are right. */
export const references: Submission[] = listSteps().map(
	({ number, solution }) => ({
		step: number,
		what: "the reference",
		file: readFileSync(solution, "utf8"),
	}),
);
