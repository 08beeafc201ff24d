/** What the browser loads: made by esbuild at the first need, and kept for as long as nothing of it changes. */

import { createHash } from "node:crypto";
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { HOME } from "../steps/catalog.ts";
import type { Bundle } from "./protocol.ts";

const DESK = join(HOME, "kit/desk");
const CLIENT = join(DESK, "client");
/** The looks of a page are the book's. */
const BOOK = join(HOME, "kit/book");
const CACHE = join(HOME, "node_modules/.cache/desk");

/**
 * The desk's page, its script and its style. The image has them already; elsewhere
 * the first call makes them, in about half a second.
 */
export async function loadBundle(): Promise<Bundle> {
	const name = hashOfSources();
	const kept = readKept(name);
	if (kept) return kept;
	const made = await build();
	keep(name, made);
	return made;
}

/** Which packages are installed, in which versions: npm writes it. */
const INSTALLED = join(HOME, "node_modules/.package-lock.json");

/** The client's files, its packages' versions and the machinery itself: a change of any makes another bundle. */
function hashOfSources(): string {
	const files = [
		...listFiles(CLIENT, ""),
		...listFiles(BOOK, ".css"),
		...listFiles(DESK, ".ts"),
		INSTALLED,
	];
	const hash = createHash("sha256");
	for (const file of files.filter((file) => existsSync(file)))
		hash.update(`${basename(file)}\0`).update(readFileSync(file));
	return hash.digest("hex").slice(0, 16);
}

function listFiles(folder: string, end: string): string[] {
	return readdirSync(folder)
		.filter((name) => name.endsWith(end))
		.sort()
		.map((name) => join(folder, name));
}

function readKept(name: string): Bundle | undefined {
	try {
		const folder = join(CACHE, name);
		return {
			html: readFileSync(join(folder, "desk.html"), "utf8"),
			js: readFileSync(join(folder, "desk.js")),
			css: readFileSync(join(folder, "desk.css")),
		};
	} catch {
		return undefined;
	}
}

/** Keeps a bundle. On a read-only disk nothing is kept. */
function keep(name: string, { html, js, css }: Bundle): void {
	const aside = join(CACHE, `${name}.${process.pid}`);
	try {
		mkdirSync(aside, { recursive: true });
		writeFileSync(join(aside, "desk.html"), html);
		writeFileSync(join(aside, "desk.js"), js);
		writeFileSync(join(aside, "desk.css"), css);
		// As a whole: a desk that starts at the same time finds all of it, or nothing.
		renameSync(aside, join(CACHE, name));
	} catch {}
}

async function build(): Promise<Bundle> {
	const { build } = await import("esbuild");
	const { outputFiles } = await build({
		entryPoints: {
			desk: join(CLIENT, "main.ts"),
			"desk-style": join(CLIENT, "desk.css"),
		},
		outdir: "/",
		bundle: true,
		minify: true,
		format: "esm",
		target: ["chrome120", "firefox120", "safari17.5"],
		write: false,
		logLevel: "error",
	});
	const output = (end: string) => {
		const file = outputFiles.find(({ path }) => path.endsWith(end));
		if (!file) throw new Error(`esbuild made no ${end}`);
		return file.contents;
	};
	return {
		html: readFileSync(join(CLIENT, "desk.html"), "utf8"),
		js: output("desk.js"),
		css: output("desk-style.css"),
	};
}
