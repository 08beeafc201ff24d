/** The layout of the repository: which room imports which, what each room holds, and the size of runtime/. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HOME, listSteps } from "../steps/catalog.ts";
import { listParts } from "../steps/parts.ts";
import {
	codeFiles,
	findCircle,
	findFault,
	findSpecifiers,
	readArrows,
} from "./imports.ts";

const files = codeFiles(HOME);
const arrows = files.flatMap((file) => readArrows(HOME, file));

test("imports lead downwards", () => {
	expect(arrows.map(findFault).filter(Boolean)).toEqual([]);
});

test("imports lead in no circle", () => {
	expect(findCircle(arrows)).toBeUndefined();
});

test("imports lead to files that are there", () => {
	expect(files.length).toBeGreaterThan(50);
	expect(arrows.length).toBeGreaterThan(files.length);
	for (const { from, to } of arrows)
		if (/\.(ts|cjs)$/.test(to))
			expect([from, files]).toEqual([from, expect.arrayContaining([to])]);
});

test.each([
	["kit/look/view.ts", "kit/book/chapters.ts"],
	["kit/grader/watch.ts", "kit/commands/check.ts"],
	["kit/grader/watch.ts", "kit/book/site.ts"],
	["kit/grader/watch.ts", "kit/class/member.ts"],
	["kit/class/member.ts", "kit/commands/join.ts"],
	["kit/book/serve.ts", "kit/desk/protocol.ts"],
	["kit/desk/server/files.ts", "kit/commands/hint.ts"],
	["kit/cli/keys.ts", "kit/proc/process.ts"],
	["kit/steps/catalog.ts", "kit/host/rootfs.ts"],
	["kit/steps/starter.test.ts", "kit/book/site.ts"],
	["kit/commands/step.ts", "kit/testing/kit.ts"],
	["kit/commands/step.ts", "kit/launch.cjs"],
	["kit/commands/step.ts", "docker/engine.ts"],
	["kit/commands/check.ts", "checks/01-exec.check.ts"],
	["runtime/libc.ts", "kit/proc/process.ts"],
	["runtime/libc.ts", "kleur"],
	["checks/01-exec.check.ts", "kit/proc/process.ts"],
	["checks/02-uts-namespace.check.ts", "checks/01-exec.check.ts"],
	["solutions/01-exec/container.ts", "node:fs"],
	["solutions/01-exec/container.ts", "runtime/libc.ts"],
	["docker/warm.ts", "runtime/index.ts"],
])("the rule refuses that %s imports %s", (from, to) => {
	expect(findFault({ from, to })).toContain(`${from} imports ${to}: `);
});

test.each([
	["kit/commands/step.ts", "kit/run/report.ts"],
	["kit/commands/check.ts", "kit/commands/doctor.ts"],
	["kit/class/board/titles.ts", "kit/grader/demands.ts"],
	["kit/desk/client/check.ts", "kit/desk/protocol.ts"],
	["kit/desk/server/grade.ts", "kit/grader/grade.ts"],
	["kit/launch.cjs", "kit/cli/terminal.ts"],
	["kit/steps/starter.test.ts", "kit/testing/kit.ts"],
	["kit/cli/terminal.ts", "runtime/fs.ts"],
	["kit/cli/terminal.ts", "kleur/colors"],
	["checks/01-exec.check.ts", "kit/grader/requirement.ts"],
	["docker/warm.ts", "kit/steps/catalog.ts"],
])("the rule lets %s import %s", (from, to) => {
	expect(findFault({ from, to })).toBeUndefined();
});

test("a circle is found, over any number of files", () => {
	const circle = [
		{ from: "a.ts", to: "b.ts" },
		{ from: "b.ts", to: "c.ts" },
		{ from: "c.ts", to: "b.ts" },
	];
	expect(findCircle(circle)).toEqual(["b.ts", "c.ts", "b.ts"]);
	expect(findCircle(circle.slice(0, 2))).toBeUndefined();
});

test("every way to import is seen, and a text that looks like one is not", () => {
	expect(
		findSpecifiers(`
			import a from "1";
			import type { B } from "2";
			export * from "3";
			const d: typeof import("4") = require("5");
			const f = await import("6");
			createRequire(import.meta.url)("7");
			import "8";
			// import i from "9";
			const text = 'import j from "10"';
		`).toSorted(),
	).toEqual(["1", "2", "3", "4", "5", "6", "7", "8"]);
});

test("runtime/ is short enough to be read in half an hour", () => {
	const lengths = files
		.filter((file) => file.startsWith("runtime/"))
		.map((file) => ({
			file,
			lines: readFileSync(join(HOME, file), "utf8").split("\n").length - 1,
		}));
	expect(lengths.filter(({ lines }) => lines > 200)).toEqual([]);
	// Part two doubles it: each of its steps brings a file or two.
	const linesOf = (some: string[]) =>
		lengths
			.filter(({ file }) => some.includes(file))
			.reduce((sum, { lines }) => sum + lines, 0);
	const calls = (listParts()[0]?.steps ?? []).map(({ solution }) =>
		readFileSync(solution, "utf8"),
	);
	const partOne = withImports(
		exportsOfIndex()
			.filter(({ name }) =>
				calls.some((text) => new RegExp(`\\b${name}\\b`).test(text)),
			)
			.map(({ file }) => file),
	);
	expect(linesOf(["runtime/index.ts", ...partOne])).toBeLessThanOrEqual(1050);
	expect(linesOf(lengths.map(({ file }) => file))).toBeLessThanOrEqual(2200);
});

test("the container of step 14 is on two screens", () => {
	const solution = readFileSync(
		join(HOME, "solutions/14-image/container.ts"),
		"utf8",
	);
	expect(solution.split("\n").length - 1).toBeLessThanOrEqual(140);
});

/** The names that `#runtime` has, each with its file. */
function exportsOfIndex(): { name: string; file: string }[] {
	const text = readFileSync(join(HOME, "runtime/index.ts"), "utf8");
	return [...text.matchAll(/export \{([^}]*)\} from "\.\/(.*)";/g)].flatMap(
		([, names = "", file]) =>
			(names.match(/\w+/g) ?? []).map((name) => ({
				name,
				file: `runtime/${file}`,
			})),
	);
}

/** Some files of runtime/, and all that they import there. */
function withImports(found: string[]): string[] {
	const all = new Set(found);
	for (const file of all)
		for (const { from, to } of arrows)
			if (from === file && to.startsWith("runtime/")) all.add(to);
	return [...all];
}

test("the rooms hold what they are for", () => {
	const names = listSteps().map(({ id }) => id);
	expect(readdirSync(join(HOME, "solutions"))).toEqual(names);
	for (const id of names)
		expect(readdirSync(join(HOME, "solutions", id))).toEqual(["container.ts"]);
	expect(readdirSync(join(HOME, "checks"))).toEqual(
		names.flatMap((id) => [`${id}.check.ts`, `${id}.submissions.ts`]),
	);
	for (const name of readdirSync(join(HOME, "notes")))
		expect(name).toMatch(/\.md$|^pictures$/);
	for (const name of readdirSync(join(HOME, "notes/pictures")))
		expect(name).toMatch(/\.(png|svg)$/);
});
