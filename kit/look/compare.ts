/** What a container has of its own and what it shares with the dev container, kind by kind. */

import { printable } from "../cli/terminal.ts";
import { type Bounds, boundsOf } from "../proc/bounds.ts";
import { type Mount, mountsOf } from "../proc/mounts.ts";
import {
	addressesOf,
	cgroupOf,
	hostnameOf,
	interfacesOf,
	type Namespaces,
	namespacesOf,
} from "../proc/namespaces.ts";
import { type Place, placeOf } from "../proc/process.ts";
import { type ProcView, procViewOf } from "../proc/procview.ts";
import { sharing } from "../proc/sharing.ts";
import { pidsOf, statusField } from "../proc/status.ts";
import {
	ALL_KINDS,
	isShown,
	KINDS,
	type Kind,
	type Ownership,
} from "../steps/kinds.ts";

/** One kind of isolation, seen from both sides. */
export interface Row {
	kind: Kind;
	/** "UTS" */
	label: string;
	outside: Cell;
	inside: Cell;
	ownership: Ownership;
	/** Whether the container's own step makes it the container's own. */
	added: boolean;
}

export interface Cell {
	/** What this side has: a name, a number, a path. */
	text: string;
	/** The namespace's number: "4026531838". Empty where there is no namespace. */
	namespace: string;
}

/** What one side has. */
export interface Side {
	/** Its PIDs, from the reader's PID namespace to its own. */
	pids: number[];
	namespaces: Namespaces;
	name: string | undefined;
	mounts: Mount[];
	proc: ProcView;
	root: Place;
	directory: Place;
	interfaces: string[];
	addresses: string[];
	cgroup: string;
	bounds: Bounds;
	/** Its effective user ID. */
	user: string;
}

/**
 * Reads one side.
 *
 * @param neighbour a process to read the mounts of, if it is in the same mount
 *   namespace: after chroot, mountinfo shows only the mounts below the root
 */
export function snapshot(pid: number, neighbour = pid): Side {
	const namespaces = namespacesOf(pid);
	const together =
		neighbour === pid || namespacesOf(neighbour).mnt === namespaces.mnt;
	const mounts = mountsOf(pid);
	return {
		pids: pidsOf(pid),
		namespaces,
		name: hostnameOf(pid),
		mounts: together ? mountsOf(neighbour) : mounts,
		proc: procViewOf(pid),
		root: placeOf(`/proc/${pid}/root`),
		directory: placeOf(`/proc/${pid}/cwd`),
		interfaces: interfacesOf(pid),
		addresses: addressesOf(pid),
		cgroup: cgroupOf(pid),
		bounds: boundsOf(pid, mounts),
		user: statusField(pid, "Uid")?.split("\t")[1] ?? "",
	};
}

/** What is the container's own and what it shares, kind by kind. */
export function compare(
	outside: Side,
	inside: Side,
	added: readonly Kind[] = [],
): Row[] {
	return ALL_KINDS.map((kind) => {
		const ownership = ownershipOf(kind, outside, inside);
		const [outer, inner] = texts[kind](outside, inside);
		const numbers =
			kind in outside.namespaces ? (kind as keyof Namespaces) : undefined;
		const cell = (text: string | undefined, side: Side): Cell => ({
			text: text === undefined ? "unreadable" : printable(text),
			namespace: numbers ? side.namespaces[numbers].replace(/\D/g, "") : "",
		});
		return {
			kind,
			label: KINDS[kind],
			outside: cell(outer, outside),
			inside: cell(inner, inside),
			ownership,
			added: added.includes(kind) && ownership === "own",
		};
	}).filter(({ kind, ownership }) => isShown(kind, ownership));
}

export function ownershipOf(
	kind: Kind,
	outside: Side,
	inside: Side,
): Ownership {
	switch (kind) {
		case "root":
			return sharing(outside.root.id, inside.root.id);
		case "directory": {
			// It is the container's own if it lies in the container's own root.
			const root = sharing(outside.root.id, inside.root.id);
			return root === "own" &&
				inRoot(inside, inside.directory.path) === undefined
				? "shared"
				: root;
		}
		case "proc":
			if (inside.proc.listed.length === 0) return "none";
			return inside.proc.knowsReader ? "shared" : "own";
		case "top":
		case "dev": {
			// After chroot there is no such mount: what is there belongs to another one.
			const id = inside.bounds[kind].id;
			return id === "" || id === outside.bounds[kind].id ? "shared" : "own";
		}
		case "limits":
			return inside.bounds.limits.pids !== undefined &&
				inside.bounds.limits.group !== outside.bounds.limits.group
				? "own"
				: "shared";
		case "powers":
			return inside.bounds.powers.length < outside.bounds.powers.length
				? "own"
				: "shared";
		case "seccomp":
			return inside.bounds.filters > outside.bounds.filters ? "own" : "shared";
		default:
			return sharing(outside.namespaces[kind], inside.namespaces[kind]);
	}
}

/** What either side has of a kind, in a word or two. */
const texts: Record<
	Kind,
	(outside: Side, inside: Side) => [string | undefined, string | undefined]
> = {
	uts: both(({ name }) => name),
	mnt: counted("mnt", ({ mounts }) => count(mounts.length, "mount")),
	// One process, by the number that each side has for it.
	pid: (_, { pids }) => [String(pids[0]), String(pids.at(-1))],
	proc: counted("proc", ({ proc }) => count(proc.listed.length, "process")),
	root: both(({ root }) => root.path || undefined),
	directory: both(
		(side) =>
			inRoot(side, side.directory.path) ?? (side.directory.path || undefined),
	),
	net: both(({ addresses, interfaces }) =>
		[...addresses, ...interfaces].join(" "),
	),
	ipc: both(() => ""),
	user: both(({ user }) => user && `uid ${user}`),
	cgroup: both(({ cgroup }) => cgroup),
	time: both(() => ""),
	top: both(({ bounds }) => bounds.top.type),
	dev: both(({ bounds }) => bounds.dev.type),
	limits: both(({ bounds: { limits } }) =>
		limits.pids === undefined
			? "none"
			: `${limits.pids} ${limits.memory ?? "processes"}`,
	),
	powers: both(({ bounds: { powers, inEffect } }) =>
		inEffect === powers.length
			? `${inEffect} capabilities`
			: `${inEffect} of ${powers.length} in use`,
	),
	seccomp: both(({ bounds }) => count(bounds.filters, "filter")),
};

/** What is shared has one count. It is read on both sides, and one of them may not see all. */
function counted(kind: Kind, tell: (side: Side) => string) {
	return (outside: Side, inside: Side): [string, string] => {
		const shared = ownershipOf(kind, outside, inside) === "shared";
		return [tell(outside), tell(shared ? outside : inside)];
	};
}

function both<Told>(tell: (side: Side) => Told) {
	return (outside: Side, inside: Side): [Told, Told] => [
		tell(outside),
		tell(inside),
	];
}

/** A path as the side itself sees it. Undefined if it lies outside the side's root. */
export function inRoot({ root }: Side, path: string): string | undefined {
	if (root.path === "/") return path || undefined;
	if (path === root.path) return "/";
	return path.startsWith(`${root.path}/`)
		? path.slice(root.path.length)
		: undefined;
}

/** The comparison in two sentences. */
export function ownAndShared(rows: Row[]): [own: string, shared: string] {
	const list = (wanted: Ownership) =>
		rows
			.filter((row) => row.ownership === wanted)
			.map(({ label }) => label)
			.join(", ") || "nothing";
	return [
		`The container's own: ${list("own")}.`,
		`Shared with the dev container: ${list("shared")}.`,
	];
}

function count(number: number, thing: string): string {
	if (number === 0) return "nothing";
	return `${number} ${thing}${number === 1 ? "" : thing.endsWith("s") ? "es" : "s"}`;
}
