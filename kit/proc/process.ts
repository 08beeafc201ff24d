/** What the kernel tells of a process: its namespaces, and what confines it. proc(5) */

import { hostname } from "node:os";
import {
	closeSync,
	openSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	statSync,
} from "../../runtime/fs.ts";
import { cfunction } from "../../runtime/libc.ts";

/** Capability numbers, from <linux/capability.h>. capabilities(7) */
const CAPABILITIES = { SYS_CHROOT: 18, SYS_ADMIN: 21 };

export type Capability = keyof typeof CAPABILITIES;

export interface Confinement {
	/** Effective capabilities, a bit each. */
	capabilities: bigint;
	/** The AppArmor profile that confines this process, e.g. "docker-default (enforce)". */
	apparmor: string | undefined;
}

let known: Confinement | undefined;

/**
 * What confines this process. It is read once, and `reexec`'s child does so at
 * its start: after chroot there may be no /proc to ask.
 */
export function confinement(): Confinement {
	known ??= {
		capabilities: BigInt(`0x${statusField("self", "CapEff") ?? "0"}`),
		apparmor: appArmorProfile(),
	};
	return known;
}

/** Whether this process has a capability in effect. capabilities(7) */
export function hasCapability(name: Capability): boolean {
	return (
		((confinement().capabilities >> BigInt(CAPABILITIES[name])) & 1n) === 1n
	);
}

/** A field of /proc/PID/status, or undefined where there is no such process or field. proc_pid_status(5) */
export function statusField(
	pid: number | "self",
	field: string,
): string | undefined {
	const status = read(`/proc/${pid}/status`) ?? "";
	return new RegExp(`^${field}:\\s*(.*)$`, "m").exec(status)?.[1];
}

function appArmorProfile(): string | undefined {
	const profile = read("/proc/self/attr/current")?.replace(/[\0\n]+$/, "");
	return profile && profile !== "unconfined" ? profile : undefined;
}

function read(path: string): string | undefined {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return undefined;
	}
}

/** The kinds of namespaces, as /proc/PID/ns names them. namespaces(7) */
export const NAMESPACES = [
	"uts",
	"mnt",
	"pid",
	"net",
	"ipc",
	"user",
	"cgroup",
	"time",
] as const;

/** A process's namespaces by kind: "uts:[4026531838]". One that can't be read is empty. */
export type Namespaces = Record<(typeof NAMESPACES)[number], string>;

/** What /proc tells of a process at one moment. Parts that can't be read, since it has ended or may not be looked at, are empty. */
export interface ProcessSnapshot {
	pid: number;
	parent: number;
	/** Its program and arguments. */
	command: string[];
	/** Its environment when the program began, "NAME=value" each. */
	environment: string[];
	/** The program's file. */
	program: string;
	namespaces: Namespaces;
	/** Its PIDs, from the PID namespace of this /proc to its own. */
	pids: number[];
	root: Place;
	directory: Place;
	/** What each open descriptor is: "pipe:[4242]", "/etc/passwd". */
	descriptors: Map<number, string>;
	/** Masks of ignored and blocked signals, a bit each from signal 1. */
	ignored: bigint;
	blocked: bigint;
	mounts: Mount[];
}

/** A directory that a process stands in. The path is as the process's own mount namespace has it; the id is the file's own. */
export interface Place {
	path: string;
	/** Device and inode: the same for the same directory, whatever it is called. */
	id: string;
}

/** A line of mountinfo. proc_pid_mountinfo(5) */
export interface Mount {
	id: string;
	target: string;
	type: string;
	source: string;
	/** The line itself. */
	line: string;
}

/** Everything of one process. */
export function readProcess(pid: number): ProcessSnapshot {
	const base = `/proc/${pid}`;
	return {
		pid,
		parent: Number(statusField(pid, "PPid") ?? 0),
		command: commandOf(pid),
		environment: words(read(`${base}/environ`)),
		program: programOf(pid),
		namespaces: namespacesOf(pid),
		pids: pidsOf(pid),
		root: placeOf(`${base}/root`),
		directory: placeOf(`${base}/cwd`),
		descriptors: new Map(
			list(`${base}/fd`).map((fd) => [Number(fd), link(`${base}/fd/${fd}`)]),
		),
		ignored: BigInt(`0x${statusField(pid, "SigIgn") ?? "0"}`),
		blocked: BigInt(`0x${statusField(pid, "SigBlk") ?? "0"}`),
		mounts: mountsOf(pid),
	};
}

/** A process's PIDs, from the PID namespace of this /proc to its own. pid_namespaces(7) */
export function pidsOf(pid: number): number[] {
	return (statusField(pid, "NSpid") ?? "").split("\t").map(Number);
}

/** The namespaces that a process is in: its main thread, where threads differ. namespaces(7) */
export function namespacesOf(pid: number): Namespaces {
	return Object.fromEntries(
		NAMESPACES.map((kind) => [kind, link(`/proc/${pid}/ns/${kind}`)]),
	) as Namespaces;
}

/**
 * The host name in the UTS namespace of a process. No file tells it.
 *
 * @returns undefined if the process has ended, or its namespace may not be entered
 */
export function hostnameOf(pid: number): string | undefined {
	return withinUts(pid, hostname);
}

/**
 * Does something in the UTS namespace of a process: this thread goes there for
 * the moment it takes, and comes back.
 *
 * @returns what `act` does; undefined if the process has ended, or its namespace may not be entered
 * @see setns(2)
 */
export function withinUts<Result>(
	pid: number,
	act: () => Result,
): Result | undefined {
	const there = open(`/proc/${pid}/ns/uts`);
	if (there === undefined) return undefined;
	const here = openSync("/proc/thread-self/ns/uts", "r");
	const setns = cfunction("int setns(int fd, int nstype)");
	const comeBack = () => {
		if (setns(here, 0) !== 0) throw new Error("no way back from setns(2)");
	};
	try {
		if (setns(there, 0) !== 0) return undefined;
		try {
			return act();
		} finally {
			comeBack();
		}
	} finally {
		closeSync(there);
		closeSync(here);
	}
}

function open(path: string): number | undefined {
	try {
		return openSync(path, "r");
	} catch {
		return undefined;
	}
}

/** The network interfaces that a process sees. network_namespaces(7) */
export function interfacesOf(pid: number): string[] {
	return [...(read(`/proc/${pid}/net/dev`) ?? "").matchAll(/^ *([^ :]+):/gm)]
		.map(([, name = ""]) => name)
		.sort();
}

/** A process's cgroup, as its reader's cgroup namespace names it. cgroups(7) */
export function cgroupOf(pid: number): string {
	return /^0::(.*)$/m.exec(read(`/proc/${pid}/cgroup`) ?? "")?.[1] ?? "";
}

/** What the /proc in a process's own root directory tells. */
export interface ProcView {
	/** The PIDs that `ls /proc` lists there. */
	listed: number[];
	/** What /proc/1 is there: its program and arguments, and its PID namespace. */
	first: string[];
	namespace: string;
	/** Whether the reader is among them: a procfs of another PID namespace does not know it. */
	knowsReader: boolean;
}

/** What a process would find in its /proc. A directory that is no procfs lists nothing. proc(5) */
export function procViewOf(pid: number): ProcView {
	const proc = `/proc/${pid}/root/proc`;
	return {
		listed: listPids(proc),
		first: words(read(`${proc}/1/cmdline`)),
		namespace: link(`${proc}/1/ns/pid`),
		knowsReader: link(`${proc}/self`) !== "",
	};
}

/** The mounts that a process sees, in the order they were made. */
export function mountsOf(pid: number): Mount[] {
	const lines = (read(`/proc/${pid}/mountinfo`) ?? "").split("\n");
	return lines.filter(Boolean).map((line) => {
		const [id = "", , , , target = ""] = line.split(" ");
		const [type = "", source = ""] = (line.split(" - ")[1] ?? "").split(" ");
		return { id, target: unescaped(target), type, source, line };
	});
}

/**
 * Mounts of the second list that the first does not have. Propagation marks are
 * no part of a mount's identity; its number alone is not enough, since the
 * kernel gives that of one unmounted to the next.
 */
export function addedMounts(some: Mount[], others: Mount[]): Mount[] {
	const identity = ({ id, type, source, target }: Mount) =>
		[id, type, source, target].join("\0");
	const known = new Set(some.map(identity));
	return others.filter((mount) => !known.has(identity(mount)));
}

/** mountinfo writes blanks, and a few more, as octal numbers. */
function unescaped(path: string): string {
	return path.replace(/\\(\d{3})/g, (_, octal) =>
		String.fromCharCode(Number.parseInt(octal, 8)),
	);
}

/** A line of the process table. */
export interface ProcessEntry {
	pid: number;
	parent: number;
	/** The name that the kernel has for it: the program's, cut at 15 bytes, or one it chose. proc_pid_comm(5) */
	name: string;
	/** It has ended, and its parent has not asked how. */
	zombie: boolean;
	/** Its PIDs, from the PID namespace of this /proc to its own. */
	pids: number[];
	/** How often its main thread was given the processor. As long as that stays the same, it has done nothing. */
	turns: number;
}

/** The lines of /proc/PID/status that make an entry, in their order. */
const STATUS =
	/^Name:\t(.*)\n(?:.*\n)*?State:\t(.).*\n(?:.*\n)*?PPid:\t(\d+)\n(?:.*\n)*?NSpid:\t(.*)\n(?:.*\n)*?voluntary_ctxt_switches:\t(\d+)\nnonvoluntary_ctxt_switches:\t(\d+)$/m;

/** The processes that the reader's /proc shows; of those named, the ones that are still there. proc_pid_status(5) */
export function listProcesses(pids = listPids()): ProcessEntry[] {
	return pids.flatMap((pid) => {
		const status = STATUS.exec(read(`/proc/${pid}/status`) ?? "");
		if (!status) return []; // it has ended since it was listed
		const [, name = "", state, parent, numbers = "", given, taken] = status;
		return {
			pid,
			parent: Number(parent),
			name,
			zombie: state === "Z",
			pids: numbers.split("\t").map(Number),
			turns: Number(given) + Number(taken),
		};
	});
}

/** The numbers of the processes that a procfs shows: the reader's own, or another. */
export function listPids(proc = "/proc"): number[] {
	return list(proc)
		.filter((name) => /^\d+$/.test(name))
		.map(Number);
}

/** A process and all that descend from it, parents first. */
export function familyOf(pid: number, processes = listProcesses()): number[] {
	const children = new Map<number, number[]>();
	for (const { parent, pid } of processes) {
		const siblings = children.get(parent);
		if (siblings) siblings.push(pid);
		else children.set(parent, [pid]);
	}
	const family = [pid];
	for (const member of family) family.push(...(children.get(member) ?? []));
	return family;
}

/**
 * The last PID that was given in the reader's PID namespace. As long as it stays
 * the same, no process was born, and the table need not be read. proc_loadavg(5)
 */
export function lastPid(): string | undefined {
	return read("/proc/loadavg")?.split(" ").at(-1);
}

/** When a process began, in clock ticks after boot. With it, a PID that was given twice is told apart. proc_pid_stat(5) */
export function startOf(pid: number): number | undefined {
	const stat = read(`/proc/${pid}/stat`);
	// After the program's name, which may hold anything, field 3 is the first.
	return stat
		? Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[22 - 3])
		: undefined;
}

/** The program and arguments that a process was started with. proc_pid_cmdline(5) */
export function commandOf(pid: number): string[] {
	return words(read(`/proc/${pid}/cmdline`));
}

/** The file of a process's program. proc_pid_exe(5) */
export function programOf(pid: number): string {
	return link(`/proc/${pid}/exe`);
}

/** The directory at a path, or behind a link of /proc. */
export function placeOf(path: string): Place {
	try {
		const { dev, ino } = statSync(`${path}/`);
		return { path: link(path), id: `${dev}:${ino}` };
	} catch {
		return { path: "", id: "" };
	}
}

function link(path: string): string {
	try {
		return readlinkSync(path);
	} catch {
		return "";
	}
}

function list(path: string): string[] {
	try {
		return readdirSync(path);
	} catch {
		return [];
	}
}

/** NUL-terminated words, as /proc has them. */
function words(text: string | undefined): string[] {
	return text ? text.replace(/\0$/, "").split("\0") : [];
}
