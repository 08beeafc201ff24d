/**
 * What a container has of its own and what it shares with the dev container, as
 * plain data: `npm run look` draws it on a terminal, the book in a browser.
 */

import { type Chapter, listChapters } from "../notes/chapters.ts";
import {
	cgroupOf,
	familyOf,
	hostnameOf,
	interfacesOf,
	type Mount,
	mountsOf,
	type Namespaces,
	namespacesOf,
	type Place,
	type ProcessEntry,
	type ProcView,
	pidsOf,
	placeOf,
	procViewOf,
	startOf,
} from "../runtime/namespaces.ts";
import type { Container } from "./containers.ts";

/** The kinds of isolation, by the words that are shown for them. */
export const KINDS = {
	uts: "UTS",
	mnt: "mount",
	pid: "PID",
	proc: "/proc",
	root: "root",
	directory: "directory",
	net: "network",
	ipc: "IPC",
	user: "user",
	cgroup: "cgroup",
	time: "time",
} as const;

export type Kind = keyof typeof KINDS;

/** "none": the container has nothing of the kind. "unknown": it may not be read. */
export type State = "own" | "shared" | "none" | "unknown";

/** One kind of isolation, seen from both sides. */
export interface Row {
	kind: Kind;
	/** "UTS" */
	label: string;
	outside: Cell;
	inside: Cell;
	state: State;
	/** Whether it is the step at hand that makes it the container's own. */
	added: boolean;
}

export interface Cell {
	/** What this side has: a name, a number, a path. */
	text: string;
	/** The namespace's number: "4026531838". Empty where there is no namespace. */
	namespace: string;
}

/** A process of the container, or the `run` above it. */
export interface Member {
	pid: number;
	/** Its PID as the container counts; undefined where it is none of the container's. */
	inside: number | undefined;
	name: string;
	/** How far below the first line: 0, 1, … */
	depth: number;
	zombie: boolean;
}

/** The picture. */
export interface View {
	container: Container;
	/** What its step is about: "A host name of its own". */
	title: string;
	/** How many more containers run. */
	others: number;
	/** The container is over, and this is how it was. */
	ended: boolean;
	rows: Row[];
	/** Mounts that one side has and the other has not: "proc on /rootfs/proc". */
	mounts: { inside: string[]; outside: string[] };
	processes: Member[];
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
	cgroup: string;
}

/**
 * Reads one side.
 *
 * @param witness whose list of mounts to read, if it is in the same mount
 *   namespace: after chroot a process is told only of mounts below its root
 */
export function sideOf(pid: number, witness = pid): Side {
	const namespaces = namespacesOf(pid);
	const together = namespacesOf(witness).mnt === namespaces.mnt;
	return {
		pids: pidsOf(pid),
		namespaces,
		name: hostnameOf(pid),
		mounts: mountsOf(together ? witness : pid),
		proc: procViewOf(pid),
		root: placeOf(`/proc/${pid}/root`),
		directory: placeOf(`/proc/${pid}/cwd`),
		interfaces: interfacesOf(pid),
		cgroup: cgroupOf(pid),
	};
}

/**
 * The whole picture of a container.
 *
 * @param here the dev container's side
 * @returns undefined if it has ended: what was read meanwhile may be half of it
 */
export function viewOf(
	here: Side,
	container: Container,
	processes: ProcessEntry[],
): View | undefined {
	const { pid, supervisor } = container;
	// The reader's own directory is nobody's concern: `run` stands where the learner does.
	const outside = { ...here, directory: placeOf(`/proc/${supervisor}/cwd`) };
	const inside = sideOf(pid, supervisor);
	const zombie = processes.find((it) => it.pid === pid)?.zombie;
	if (zombie || startOf(pid) !== container.start) return undefined;
	const { title, added } = aboutStep(container.step);
	return {
		container,
		title,
		others: 0,
		ended: false,
		rows: compare(outside, inside, added),
		mounts: differingMounts(outside, inside),
		processes: membersOf(container, inside, processes),
	};
}

/** The kinds that a part of the diagram on a step's page stands for. */
const PARTS: Record<string, Kind[]> = {
	uts: ["uts"],
	hostname: ["uts"],
	root: ["root", "directory"],
	pid: ["pid"],
	mount: ["mnt"],
	proc: ["proc"],
};

/** A step's title, and the kinds that it makes the container's own: as its page has them. */
function aboutStep(step = 0): { title: string; added: Kind[] } {
	if (chapters.size === 0)
		for (const chapter of listChapters())
			if (chapter.step) chapters.set(chapter.step.number, chapter);
	const { title = "", house } = chapters.get(step) ?? {};
	return {
		title,
		added: house?.added.flatMap((part) => PARTS[part] ?? []) ?? [],
	};
}

/** The pages by step. They are read once: a picture is made five times a second. */
const chapters = new Map<number, Chapter>();

/** What is the container's own and what it shares, kind by kind. */
export function compare(
	outside: Side,
	inside: Side,
	added: readonly Kind[] = [],
): Row[] {
	return (Object.keys(KINDS) as Kind[]).map((kind) => {
		const state = stateOf(kind, outside, inside);
		const [outer, inner] = texts[kind](outside, inside);
		const numbers =
			kind in outside.namespaces ? (kind as keyof Namespaces) : undefined;
		const cell = (text: string | undefined, side: Side): Cell => ({
			text: text === undefined ? "may not be read" : printable(text),
			namespace: numbers ? side.namespaces[numbers].replace(/\D/g, "") : "",
		});
		return {
			kind,
			label: KINDS[kind],
			outside: cell(outer, outside),
			inside: cell(inner, inside),
			state,
			added: added.includes(kind) && state === "own",
		};
	});
}

function stateOf(kind: Kind, outside: Side, inside: Side): State {
	switch (kind) {
		case "root":
			return differ(outside.root.id, inside.root.id);
		case "directory": {
			// It is the container's own if it lies in a root of its own.
			const root = differ(outside.root.id, inside.root.id);
			return root === "own" && pathInRoot(inside) === undefined
				? "shared"
				: root;
		}
		case "proc":
			if (inside.proc.listed.length === 0) return "none";
			return differ(outside.namespaces.pid, inside.proc.namespace);
		default:
			return differ(outside.namespaces[kind], inside.namespaces[kind]);
	}
}

function differ(one: string, other: string): State {
	if (one === "" || other === "") return "unknown";
	return one === other ? "shared" : "own";
}

/** What either side has of a kind, in a word or two. */
const texts: Record<
	Kind,
	(outside: Side, inside: Side) => [string | undefined, string | undefined]
> = {
	uts: both(({ name }) => name),
	mnt: (outside, inside) => {
		const shared = stateOf("mnt", outside, inside) === "shared";
		const mounts = ({ mounts }: Side) => count(mounts.length, "mount");
		return [mounts(outside), mounts(shared ? outside : inside)];
	},
	// One process, by the number that each side has for it.
	pid: (_, { pids }) => [String(pids[0]), String(pids.at(-1))],
	proc: both(({ proc }) => count(proc.listed.length, "process")),
	root: both(({ root }) => root.path || undefined),
	directory: both(
		(side) => pathInRoot(side) ?? (side.directory.path || undefined),
	),
	net: both(({ interfaces }) => interfaces.join(" ")),
	ipc: both(() => ""),
	user: both(() => ""),
	cgroup: both(({ cgroup }) => cgroup),
	time: both(() => ""),
};

function both<Told>(tell: (side: Side) => Told) {
	return (outside: Side, inside: Side): [Told, Told] => [
		tell(outside),
		tell(inside),
	];
}

/** A side's working directory as the side itself calls it. Undefined: it lies outside its root. */
function pathInRoot({ root, directory }: Side): string | undefined {
	if (directory.path === "") return undefined;
	if (root.path === "/") return directory.path;
	if (directory.path === root.path) return "/";
	return directory.path.startsWith(`${root.path}/`)
		? directory.path.slice(root.path.length)
		: undefined;
}

/** A copy of a mount has a number of its own, so they are told apart by what they mount where. */
function differingMounts(outside: Side, inside: Side): View["mounts"] {
	if (stateOf("mnt", outside, inside) !== "own")
		return { inside: [], outside: [] };
	const list = ({ mounts }: Side) =>
		mounts.map(({ type, target }) => printable(`${type} on ${target}`));
	const [ours, theirs] = [list(outside), list(inside)];
	return {
		inside: theirs.filter((it) => !ours.includes(it)),
		outside: ours.filter((it) => !theirs.includes(it)),
	};
}

/** The tree: `run` first, then the container. */
function membersOf(
	{ pid, supervisor }: Container,
	{ pids }: Side,
	processes: ProcessEntry[],
): Member[] {
	const byPid = new Map(processes.map((entry) => [entry.pid, entry]));
	const depths = new Map<number, number>([[supervisor, 0]]);
	return [supervisor, ...familyOf(pid, processes)].flatMap((member) => {
		const entry = byPid.get(member);
		if (!entry) return [];
		const depth = depths.get(member) ?? (depths.get(entry.parent) ?? 0) + 1;
		depths.set(member, depth);
		return {
			pid: member,
			inside: entry.pids[pids.length - 1],
			name: printable(entry.name),
			depth,
			zombie: entry.zombie,
		};
	});
}

function count(number: number, thing: string): string {
	if (number === 0) return "nothing";
	return `${number} ${thing}${number === 1 ? "" : thing.endsWith("s") ? "es" : "s"}`;
}

/** Names are the processes' own choice, and may hold what would move a terminal's cursor. */
function printable(text: string): string {
	return text.replace(/\p{C}/gu, "�");
}
