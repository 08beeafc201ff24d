/** What the kernel tells of a process: its namespaces, and what confines it. proc(5) */

import { readdirSync, readFileSync, readlinkSync, statSync } from "./fs.ts";

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

/** The flags that a descriptor of this process was opened with, or undefined where there is no such descriptor. proc_pid_fdinfo(5) */
export function fdFlags(fd: number): number | undefined {
	const info = read(`/proc/self/fdinfo/${fd}`) ?? "";
	const octal = /^flags:\s*(\d+)/m.exec(info)?.[1];
	return octal === undefined ? undefined : Number.parseInt(octal, 8);
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

/** What /proc tells of a process at one moment. Parts that can't be read, since it has ended or may not be looked at, are empty. */
export interface ProcessFacts {
	pid: number;
	parent: number;
	/** Its program and arguments. */
	command: string[];
	/** Its environment when the program began, "NAME=value" each. */
	environment: string[];
	/** The program's file. */
	program: string;
	/** Its namespaces by kind: "uts:[4026531838]". */
	namespaces: Record<(typeof NAMESPACES)[number], string>;
	/** Its PIDs, from the reader's PID namespace to its own. */
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
export function factsOf(pid: number): ProcessFacts {
	const base = `/proc/${pid}`;
	const namespaces = Object.fromEntries(
		NAMESPACES.map((kind) => [kind, link(`${base}/ns/${kind}`)]),
	) as ProcessFacts["namespaces"];
	return {
		pid,
		parent: Number(statusField(pid, "PPid") ?? 0),
		command: words(read(`${base}/cmdline`)),
		environment: words(read(`${base}/environ`)),
		program: link(`${base}/exe`),
		namespaces,
		pids: (statusField(pid, "NSpid") ?? "").split("\t").map(Number),
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

/** The mounts that a process sees, in the order they were made. */
export function mountsOf(pid: number): Mount[] {
	const lines = (read(`/proc/${pid}/mountinfo`) ?? "").split("\n");
	return lines.filter(Boolean).map((line) => {
		const [id = "", , , , target = ""] = line.split(" ");
		const [type = "", source = ""] = (line.split(" - ")[1] ?? "").split(" ");
		return { id, target: unescaped(target), type, source, line };
	});
}

/** mountinfo writes blanks, and a few more, as octal numbers. */
function unescaped(path: string): string {
	return path.replace(/\\(\d{3})/g, (_, octal) =>
		String.fromCharCode(Number.parseInt(octal, 8)),
	);
}

/** A process and all that descend from it, parents first. */
export function familyOf(pid: number): number[] {
	const children = new Map<number, number[]>();
	for (const name of list("/proc")) {
		if (!/^\d+$/.test(name)) continue;
		// After the program's name, which may hold anything, come its state and its parent.
		const stat = read(`/proc/${name}/stat`) ?? "";
		const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
		children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
	}
	const family = [pid];
	for (const member of family) family.push(...(children.get(member) ?? []));
	return family;
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
