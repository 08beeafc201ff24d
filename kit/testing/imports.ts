/** Finds the imports between the rooms, and those that the rule forbids. For kit/testing/house.test.ts. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseAst } from "vitest/node";

/** One import: of a file, as a path below the kit's folder, or of a package or a part of Node. */
export interface Arrow {
	from: string;
	to: string;
}

/** The rooms with code. steps/ is the learner's, and starters import what the solutions import. */
const ROOMS = ["runtime", "solutions", "notes", "checks", "kit", "docker"];

/** The floors of kit/, from the top. A folder imports from those on the floors below, and never from its neighbours. */
const FLOORS = [
	["commands"],
	["desk"],
	["class"],
	["grader", "book", "run", "bench"],
	["look"],
	["host"],
	["steps", "image"],
	["proc", "cli"],
];

/** All code files, as paths below the kit's folder. */
export function codeFiles(home: string): string[] {
	return ROOMS.filter((room) => existsSync(join(home, room)))
		.flatMap((room) =>
			readdirSync(join(home, room), { recursive: true, encoding: "utf8" }).map(
				(name) => join(room, name),
			),
		)
		.filter((name) => /\.(ts|cjs)$/.test(name))
		.sort();
}

/** All imports of a file: static, dynamic, of types, and by `require`. */
export function readArrows(home: string, file: string): Arrow[] {
	const text = readFileSync(join(home, file), "utf8");
	return findSpecifiers(text).map((specifier) => ({
		from: file,
		to: resolve(home, file, specifier),
	}));
}

/** The specifiers that a TypeScript text imports. Computed specifiers are not found. */
export function findSpecifiers(text: string): string[] {
	const found: string[] = [];
	visit(parseAst(text, { lang: "ts" }));
	return found;

	function visit(node: unknown): void {
		if (typeof node !== "object" || node === null) return;
		const specifier = loadedBy(node as Node);
		if (typeof specifier === "string") found.push(specifier);
		for (const part of Object.values(node)) visit(part);
	}
}

/** The parts of a syntax tree's node that matter here. */
interface Node {
	type?: string;
	source?: { value?: unknown } | null;
	callee?: { name?: string; callee?: { name?: string } };
	arguments?: { value?: unknown }[];
}

function loadedBy({ type, source, callee, arguments: given }: Node): unknown {
	// import … from, export … from, import(…), and import(…) as a type.
	if (type !== "CallExpression") return source?.value;
	// require(…), and createRequire(…)(…).
	const loads =
		callee?.name === "require" || callee?.callee?.name === "createRequire";
	return loads ? given?.[0]?.value : undefined;
}

function resolve(home: string, file: string, specifier: string): string {
	if (specifier === "#runtime") return "runtime/index.ts";
	if (!specifier.startsWith(".")) return specifier;
	return relative(home, join(home, dirname(file), specifier));
}

/** Why an import is forbidden; undefined for one that is allowed. */
export function findFault({ from, to }: Arrow): string | undefined {
	const allowed = rule(from);
	if (allowed === undefined || allowed.may(to)) return undefined;
	return `${from} imports ${to}: ${allowed.says}`;
}

interface Rule {
	says: string;
	may(to: string): boolean;
}

const below = (to: string, ...folders: string[]) =>
	folders.some((folder) => to.startsWith(`${folder}/`));

/** A part of Node, or a package. */
const isForeign = (to: string) => !below(to, ...ROOMS, "steps", "..");

function rule(from: string): Rule | undefined {
	if (below(from, "solutions"))
		return {
			says: "a container.ts imports #runtime and nothing else",
			may: (to) => to === "runtime/index.ts",
		};
	if (below(from, "runtime"))
		return {
			says: "runtime/ imports koffi, what is Node's, and itself",
			may: (to) =>
				to === "koffi" || to.startsWith("node:") || below(to, "runtime"),
		};
	if (below(from, "checks"))
		return {
			says: "checks/ imports kit/grader, vitest, and what is Node's",
			may: (to) =>
				to === "vitest" || to.startsWith("node:") || below(to, "kit/grader"),
		};
	if (below(from, "docker"))
		return {
			says: "docker/ imports kit/, and itself",
			may: (to) => isForeign(to) || below(to, "kit", "docker"),
		};
	if (below(from, "kit/testing")) return undefined;
	return ruleOfKit(from);
}

function ruleOfKit(from: string): Rule {
	const floor = floorOf(from);
	const room = from.split("/").slice(0, 2).join("/");
	const lower = FLOORS.slice(floor + 1)
		.flat()
		.map((folder) => `kit/${folder}`);
	const own = floor < 0 ? [] : [room];
	const tests = isTest(from) ? ["kit/testing"] : [];
	return {
		says: `${room} imports ${[...own, ...lower, ...tests, "runtime"].join(", ")}`,
		may: (to) =>
			isForeign(to) || below(to, ...own, ...lower, ...tests, "runtime"),
	};
}

/** Counted from the top; -1 for what stands above all floors, as the launcher does. */
function floorOf(file: string): number {
	const [, folder = ""] = file.split("/");
	const floor = FLOORS.findIndex((folders) => folders.includes(folder));
	if (floor < 0 && file.split("/").length > 2)
		throw new Error(`${file}: kit/ has no floor for the folder ${folder}`);
	return floor;
}

function isTest(file: string): boolean {
	return /\.(test|browser)\.ts$|\/fixtures\//.test(file);
}

/** A circle of files that import one another, by name from the first to the first again; undefined where there is none. */
export function findCircle(arrows: Arrow[]): string[] | undefined {
	const next = new Map<string, string[]>();
	for (const { from, to } of arrows)
		next.set(from, [...(next.get(from) ?? []), to]);
	const done = new Set<string>();
	for (const file of next.keys()) {
		const circle = follow(file, []);
		if (circle) return circle;
	}
	return undefined;

	function follow(file: string, path: string[]): string[] | undefined {
		if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
		if (done.has(file)) return undefined;
		for (const to of next.get(file) ?? []) {
			const circle = follow(to, [...path, file]);
			if (circle) return circle;
		}
		done.add(file);
		return undefined;
	}
}
