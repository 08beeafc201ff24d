/** CONTRIBUTING.md and CHANGELOG.md are true. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HOME, listSteps } from "../steps/catalog.ts";
import { codeFiles } from "./imports.ts";

const read = (name: string) => readFileSync(join(HOME, name), "utf8");
const contributing = read("CONTRIBUTING.md");
const manifest = JSON.parse(read("package.json"));

test("the table of environment variables is complete, and names no other", () => {
	const used = [...codeFiles(HOME), "Dockerfile", "compose.yaml"].flatMap(
		(file) => read(file).match(/WORKSHOP_[A-Z]+/g) ?? [],
	);
	const told = [...contributing.matchAll(/^\| `(WORKSHOP_[A-Z]+)` \|/gm)];
	expect(told.map(([, name]) => name).toSorted()).toEqual(
		[...new Set(used)].toSorted(),
	);
});

test("the list of a step's files is the list of what each step has", () => {
	const [, section = ""] = contributing.split("## How to add a step");
	const told = [...section.matchAll(/^\| `(\S*NN-name\S*)` \|/gm)].map(
		([, file = ""]) => file,
	);
	// The files in steps/ are the learner's.
	expect(told).toContain("steps/NN-name/container.ts");
	const ours = told.filter((file) => !file.startsWith("steps/"));
	for (const { id } of listSteps()) {
		const there = ["solutions", "notes", "checks"].flatMap((room) =>
			readdirSync(join(HOME, room)).flatMap((name) => {
				if (name === id) return [`${room}/${id}/container.ts`];
				return name.startsWith(`${id}.`) ? [`${room}/${name}`] : [];
			}),
		);
		expect(there.toSorted()).toEqual(
			ours.map((file) => file.replace("NN-name", id)).toSorted(),
		);
	}
});

test("the picture of the house has every folder of it", () => {
	const [, picture = ""] =
		contributing.split("## Who may import whom")[0]?.split("```\n") ?? [];
	for (const room of [
		"steps",
		"solutions",
		"runtime",
		"notes",
		"checks",
		"docker",
	])
		expect(picture).toMatch(new RegExp(`^${room}/`, "m"));
	for (const { name } of readdirSync(join(HOME, "kit"), {
		withFileTypes: true,
	}))
		if (!/\.(test|browser)\.ts$/.test(name)) expect(picture).toContain(name);
});

test("the commands and files that it names are there", () => {
	for (const [, script = ""] of contributing.matchAll(/\bnpm run ([a-z:-]+)/g))
		expect(Object.keys(manifest.scripts)).toContain(script);
	for (const [, path = ""] of contributing.matchAll(
		/((?:kit|\.ci|docker)\/[\w./-]+)/g,
	))
		expect([path, existsSync(join(HOME, path))]).toEqual([path, true]);
});

test("the changelog has a section for this version, and one for what is next", () => {
	const sections = read("CHANGELOG.md").match(/^## \[.*/gm) ?? [];
	expect(sections[0]).toBe("## [Unreleased]");
	expect(sections.join("\n")).toMatch(
		new RegExp(
			`^## \\[${manifest.version.replaceAll(".", "\\.")}\\] - \\d{4}-\\d\\d-\\d\\d$`,
			"m",
		),
	);
});
