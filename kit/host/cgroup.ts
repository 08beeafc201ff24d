/**
 * The container's cgroup: a directory that `mkdir(CGROUP)` makes in the machine's tree of groups. The kit prepares
 * the tree before a run, and removes the group after it, whatever the run came to. cgroups(7)
 */

import { join } from "node:path";
import { MS_BIND, MS_REMOUNT } from "../../runtime/constants.ts";
import {
	accessSync,
	constants,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmdirSync,
	statSync,
	writeFileSync,
} from "../../runtime/fs.ts";
import { mount } from "../../runtime/syscalls.ts";

const TREE = "/sys/fs/cgroup";

/** The controllers of step 10's limits. */
const CONTROLLERS = ["cpu", "memory", "pids"];

/** Where the dev container's own processes go: in version 2 a group that has members can't pass controllers on. */
const LEAF = "dev";

/** How the name of every container's group begins. */
const PREFIX = "workshop";

export interface CgroupPlace {
	/** The directory for the group, which is not there yet. */
	path: string;
	/** Limits that this host can't give: files of version 2 that it does not have. */
	missing: string[];
}

/**
 * Prepares the tree of groups, and chooses a name that no other run has. Groups of supervisors that were
 * killed before they could remove theirs are removed here.
 *
 * @throws SyscallError EPERM: the tree is read-only, and may not be remounted.
 */
export function prepareCgroup(): CgroupPlace {
	const { tree, missing } = prepareTree();
	removeAbandoned(tree);
	const random = Math.random().toString(36).slice(2, 8);
	return {
		path: join(tree, `${PREFIX}-${pidNamespace()}-${process.pid}-${random}`),
		missing,
	};
}

/** Whether groups can be made without mounting the tree anew. */
export function isTreeWritable(): boolean {
	return isWritable(treeHere().tree);
}

function prepareTree(): { tree: string; missing: string[] } {
	const { tree, version } = treeHere();
	// Docker mounts the tree read-only. The mount is this mount namespace's own.
	if (!isWritable(tree)) mount(null, tree, null, MS_REMOUNT | MS_BIND);
	const missing =
		version === 2 ? passControllersOn() : ["memory.max", "cpu.max"];
	return { tree, missing };
}

/** Version 1, alone or beside 2: of the limits only one controller's file has the same name as in 2, and this is its tree. */
function treeHere(): { tree: string; version: 1 | 2 } {
	return existsSync(join(TREE, "cgroup.controllers"))
		? { tree: TREE, version: 2 }
		: { tree: join(TREE, "pids"), version: 1 };
}

function isWritable(tree: string): boolean {
	try {
		accessSync(join(tree, "cgroup.procs"), constants.W_OK);
		return true;
	} catch {
		return false;
	}
}

/** The supervisor's PID counts in its own PID namespace, and several of those may share one tree. */
function pidNamespace(): string {
	return readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
}

/**
 * Removes the groups whose supervisors are gone. Only the PID namespace of a supervisor knows whether it is; of
 * others, the groups are removed that are old and have no member: no supervisor waits so long to fill one.
 */
function removeAbandoned(tree: string): void {
	const start = `${PREFIX}-${pidNamespace()}-`;
	for (const name of readdirSync(tree)) {
		const path = join(tree, name);
		if (name.startsWith(start)) {
			const [pid] = name.slice(start.length).split("-");
			if (!existsSync(`/proc/${pid}`)) removeCgroup(path);
		} else if (/^workshop-\d/.test(name) && isOld(path)) removeEmpty(path);
	}
}

/** After this, a group without members is nobody's. */
const OLD_MS = 10 * 60_000;

function isOld(path: string): boolean {
	const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? {};
	return mtimeMs !== undefined && Date.now() - mtimeMs > OLD_MS;
}

/** The kernel removes no group that has a member. */
function removeEmpty(path: string): void {
	try {
		for (const entry of readdirSync(path, { withFileTypes: true }))
			if (entry.isDirectory()) removeEmpty(join(path, entry.name));
		rmdirSync(path);
	} catch {}
}

/** Ends what is left in a group, and removes it with the groups below it. A group that was never made is no fault. */
export function removeCgroup(path: string): void {
	if (!existsSync(path)) return;
	for (const entry of readdirSync(path, { withFileTypes: true }))
		if (entry.isDirectory()) removeCgroup(join(path, entry.name));
	const members = () =>
		readFileSync(join(path, "cgroup.procs"), "utf8")
			.split("\n")
			.filter(Boolean)
			.map(Number);
	const TRIES = 50;
	for (let tries = 0; tries < TRIES; tries++) {
		for (const pid of members()) killQuietly(pid);
		try {
			rmdirSync(path);
			return;
		} catch {
			// A member that was killed is a member until it is gone.
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
		}
	}
}

/** Lets the groups of the tree have limits. Where the root has members, they move to a group of their own first. */
function passControllersOn(): string[] {
	const control = join(TREE, "cgroup.subtree_control");
	const has = (file: string) =>
		readFileSync(join(TREE, file), "utf8").split(/\s+/);
	const wanted = CONTROLLERS.filter(
		(name) =>
			has("cgroup.controllers").includes(name) &&
			!has("cgroup.subtree_control").includes(name),
	);
	if (wanted.length > 0) {
		const words = wanted.map((name) => `+${name}`).join(" ");
		passOn(control, words);
	}
	const given = has("cgroup.subtree_control");
	return CONTROLLERS.filter((name) => !given.includes(name)).map(
		(name) => `${name}.max`,
	);
}

function passOn(control: string, words: string): void {
	const TRIES = 50;
	for (let tries = 0; ; tries++) {
		try {
			writeFileSync(control, words);
			return;
		} catch (error) {
			if (tries === TRIES) throw error;
			// Each time all of them: a member that has not moved yet may have had a child.
			moveMembers(join(TREE, LEAF));
		}
	}
}

function moveMembers(leaf: string): void {
	mkdirSync(leaf, { recursive: true });
	const members = readFileSync(join(TREE, "cgroup.procs"), "utf8");
	for (const pid of members.split("\n").filter(Boolean)) {
		try {
			writeFileSync(join(leaf, "cgroup.procs"), pid);
		} catch {
			// It has ended meanwhile, or it is the kernel's own.
		}
	}
}

function killQuietly(pid: number): void {
	try {
		// 0: a process of another PID namespace, which this one can't name.
		if (pid > 0) process.kill(pid, "SIGKILL");
	} catch {}
}
