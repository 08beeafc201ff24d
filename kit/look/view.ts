/** The whole picture of a container, as plain data: `npm run look` draws it on a terminal, the book in a browser. */

import { printable } from "../cli/terminal.ts";
import { placeOf, startOf } from "../proc/process.ts";
import { familyOf, type ProcessEntry } from "../proc/table.ts";
import { listSteps } from "../steps/catalog.ts";
import { accumulate, type Kind } from "../steps/kinds.ts";
import { readPage } from "../steps/page.ts";
import {
	compare,
	inRoot,
	ownershipOf,
	type Row,
	type Side,
	snapshot,
} from "./compare.ts";
import type { Container } from "./containers.ts";

/** A process of the container, or its supervisor. */
export interface Member {
	pid: number;
	/** Its PID in the container; undefined for a process outside. */
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
	/** The number of other running containers. */
	others: number;
	/** The container has ended, and this is its last view. */
	ended: boolean;
	rows: Row[];
	/** Mounts that only one side has, those in the container's root first: "proc on /proc". */
	mounts: { inside: string[]; outside: string[] };
	/** The capabilities that are left to the container, by name. Empty if it has lost none. */
	powers: string[];
	processes: Member[];
}

/**
 * The whole picture of a container.
 *
 * @param here the dev container's side
 * @returns undefined if the container has ended: the data may be incomplete
 */
export function viewOf(
	here: Side,
	container: Container,
	processes: ProcessEntry[],
): View | undefined {
	const { pid, supervisor } = container;
	// Show the supervisor's working directory instead of the reader's: the learner typed the command there.
	const outside = { ...here, directory: placeOf(`/proc/${supervisor}/cwd`) };
	const inside = snapshot(pid, supervisor);
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
		powers:
			ownershipOf("powers", outside, inside) === "own"
				? inside.bounds.powers
				: [],
		processes: membersOf(container, inside, processes),
	};
}

interface About {
	/** What the step is about: its page's title. */
	title: string;
	/** The kinds that it adds. */
	added: Kind[];
}

/** The pages' data for each step. Read once: a view is made five times a second. */
let pages: Map<number, About> | undefined;

function aboutStep(number = 0): About {
	pages ??= readAbout();
	return pages.get(number) ?? { title: "", added: [] };
}

function readAbout(): Map<number, About> {
	const steps = listSteps().map((step) => ({
		step,
		page: readPage(step.page),
	}));
	const isolations = accumulate(steps.map(({ page }) => page));
	return new Map(
		steps.map(({ step, page }, index) => [
			step.number,
			{
				title: page.title || step.name,
				added: isolations[index]?.added ?? [],
			},
		]),
	);
}

/** Compares mounts by type and target: a copy of a mount has another ID. */
function differingMounts(outside: Side, inside: Side): View["mounts"] {
	if (ownershipOf("mnt", outside, inside) !== "own")
		return { inside: [], outside: [] };
	const lacking = (some: Side, others: Side) =>
		some.mounts
			.filter(
				({ type, target }) =>
					!others.mounts.some((it) => it.type === type && it.target === target),
			)
			.map(({ type, target }) => ({
				type,
				target,
				own: inRoot(inside, target),
			}))
			.sort((one, other) => Number(!one.own) - Number(!other.own))
			.map(({ type, target, own }) => printable(`${type} on ${own ?? target}`));
	return {
		inside: lacking(inside, outside),
		outside: lacking(outside, inside),
	};
}

/** The tree: the supervisor first, then the container. */
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
