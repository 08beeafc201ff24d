/**
 * Removes what the tests made in the Docker engine: everything with their label,
 * and new layers and build cache, which have no label.
 *
 *     node kit/launch.cjs docker/leftovers.ts note FILE
 *     node kit/launch.cjs docker/leftovers.ts remove FILE
 */

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { ask, LABEL } from "./engine.ts";

/** The images and build cache before the tests. */
export interface Inventory {
	images: string[];
	cache: string[];
}

export function main([what = "", file = ""]: string[]): number {
	if (what === "note") writeFileSync(file, JSON.stringify(note()));
	else remove(JSON.parse(readFileSync(file, "utf8")));
	return 0;
}

export function note(): Inventory {
	return {
		images: lines(ask("image", "ls", "--all", "--quiet", "--no-trunc")),
		cache: ask(
			...["system", "df", "--verbose"],
			...["--format", "{{range .BuildCache}}{{.ID}} {{end}}"],
		).split(" "),
	};
}

export function remove(before: Inventory): void {
	const labelled = ["--filter", `label=${LABEL}`];
	const containers = lines(ask("ps", "--all", "--quiet", ...labelled));
	discard("rm", "--force", "--volumes", ...containers);
	discard("network", "rm", ...lines(ask("network", "ls", "-q", ...labelled)));
	discard("rmi", "--force", ...lines(ask("image", "ls", "-q", ...labelled)));

	discardEach(
		() => untaggedSince(before),
		(layer) => {
			// Containers that an interrupted build left running: of this very layer, and not of an image with it below.
			discard("rm", "--force", ...containersOf(layer));
			discard("rmi", layer);
		},
	);
	discardEach(
		() => note().cache.filter((id) => !before.cache.includes(id)),
		(id) =>
			discard("builder", "prune", "--all", "--force", "--filter", `id=${id}`),
	);
}

function containersOf(image: string): string[] {
	const all = lines(ask("ps", "--all", "--quiet"));
	if (all.length === 0) return [];
	return lines(ask("inspect", "--format", "{{.Id}} {{.Image}}", ...all))
		.filter((line) => line.endsWith(` ${image}`))
		.map((line) => line.split(" ")[0] ?? "");
}

/** Repeats until nothing more can be removed: a layer can't go before the layers above it. */
function discardEach(list: () => string[], discard: (id: string) => void) {
	for (let left = Infinity; ; ) {
		const ids = list();
		if (ids.length === 0 || ids.length === left) break;
		left = ids.length;
		ids.forEach(discard);
	}
}

function untaggedSince({ images }: Inventory): string[] {
	const format = "{{.ID}} {{.Repository}}";
	return lines(ask("image", "ls", "--all", "--no-trunc", "--format", format))
		.filter((line) => line.endsWith(" <none>"))
		.map((line) => line.split(" ")[0] ?? "")
		.filter((id) => !images.includes(id));
}

/** Removes things. Something that is gone or still in use is no failure. */
function discard(command: string, ...words: string[]): void {
	if (words.some((word) => !word.startsWith("-") && word !== "rm"))
		spawnSync("docker", [command, ...words]);
}

function lines(text: string): string[] {
	return text.split("\n").filter(Boolean);
}
