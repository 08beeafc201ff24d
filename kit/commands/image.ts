/** `npm run image`: the images that a container can be made of. It lists them, brings them in and takes them away. */

import { createRequire } from "node:module";
import {
	CommandError,
	colours,
	wrapToTerminal,
	write,
} from "../cli/terminal.ts";
import { requireHost } from "../host/requirements.ts";
import type { Added } from "../image/add.ts";
import { listImages } from "../image/paths.ts";
import { readableSize } from "../image/size.ts";
import { parseWords } from "../steps/request.ts";

const require = createRequire(import.meta.url);

const USAGE = `npm run image                    lists the images
       npm run image load FILE          what docker save wrote, or an OCI layout; - is stdin
       npm run image pull NAME          from a registry: debian:bookworm-slim
       npm run image remove NAME`;

export async function main(args: string[]): Promise<number> {
	const [action, name, ...more] = parseWords(args, [], USAGE).words;
	if (action === undefined) return list();
	const act = new Map(Object.entries({ load, pull, remove })).get(action);
	if (!act) throw wrongUsage(`There is no \`npm run image ${action}\`.`);
	if (name === undefined || more.length > 0)
		throw wrongUsage(`\`npm run image ${action}\` takes one word more.`);
	// They write in the store, which belongs to root.
	requireHost();
	return act(name);
}

function wrongUsage(problem: string): CommandError {
	return new CommandError(2, `${problem}\nUsage: ${USAGE}`);
}

function list(): number {
	const { readManifest }: typeof import("../image/add.ts") =
		require("../image/add.ts");
	const rows = listImages().map(({ name, digest }) => {
		const { layers } = readManifest(digest);
		const size = layers.reduce((sum, it) => sum + it.size, 0);
		return [
			name,
			String(layers.length),
			readableSize(size),
			digest.slice(7, 19),
		];
	});
	if (rows.length === 0) {
		write(
			2,
			wrapToTerminal(
				2,
				"No image was brought in yet. A container is made of the root file system that the kit ships.\n" +
					`Usage: ${USAGE}\n`,
			),
		);
		return 0;
	}
	const table = [["NAME", "LAYERS", "SIZE", "DIGEST"], ...rows];
	const widths = [0, 1, 2].map((column) =>
		Math.max(...table.map((row) => row[column]?.length ?? 0)),
	);
	const { bold } = colours(1);
	for (const [index, row] of table.entries()) {
		const line = row
			.map((word, column) => word.padEnd(widths[column] ?? 0))
			.join("  ");
		write(1, `${index === 0 ? bold(line) : line}\n`);
	}
	return 0;
}

async function load(path: string): Promise<number> {
	const { loadImages }: typeof import("../image/load.ts") =
		require("../image/load.ts");
	for (const added of await loadImages(path)) tell(added);
	return 0;
}

async function pull(name: string): Promise<number> {
	const { pullImage }: typeof import("../image/pull.ts") =
		require("../image/pull.ts");
	const { progressBar }: typeof import("../image/progress.ts") =
		require("../image/progress.ts");
	tell(await pullImage(name, progressBar()));
	return 0;
}

function remove(name: string): number {
	const { removeImage }: typeof import("../image/remove.ts") =
		require("../image/remove.ts");
	write(1, `${removeImage(name)} is removed.\n`);
	return 0;
}

function tell({ name, layers, flat, foreign }: Added): void {
	const count = `${layers} ${layers === 1 ? "layer" : "layers"}`;
	write(
		1,
		`${name} is here: ${count}${flat && layers > 1 ? ", in one directory" : ""}.\n`,
	);
	if (foreign !== undefined)
		write(
			2,
			wrapToTerminal(
				2,
				`It is for another kind of machine, ${foreign || "which it doesn't name"}: its programs may not start here.\n`,
			),
		);
}
