/**
 * The functions of node:fs that starting a container or a page needs, under their own names.
 *
 * `import … from "node:fs"` reads every property of that module, and Node then
 * loads streams, promises and readline: 3 ms of the 25 that Node 24 takes to
 * start. require() does not.
 */

import { createRequire } from "node:module";

const fs: typeof import("node:fs") = createRequire(import.meta.url)("node:fs");

export const {
	accessSync,
	chownSync,
	closeSync,
	constants,
	existsSync,
	fstatSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	readSync,
	renameSync,
	rmdirSync,
	rmSync,
	stat,
	statfsSync,
	statSync,
	unlinkSync,
	writeFileSync,
	writeSync,
} = fs;
