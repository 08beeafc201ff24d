import {
	existsSync,
	linkSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
	folderOf,
	scratchFolder,
	sha256,
	type TestEntry,
	tarOf,
} from "../testing/archives.ts";
import { execute } from "../testing/kit.ts";
import { allowsWhiteouts, isOpaque, isWhiteout, lookUp } from "./overlay.ts";
import { unpackLayer } from "./unpack.ts";

/** Unpacks a layer from a file, in a directory below one that a hostile one may try to reach. */
async function unpack(
	archive: Buffer,
	{ root = join(scratchFolder(), "deep/er"), flat = false } = {},
): Promise<string> {
	mkdirSync(root, { recursive: true });
	const file = join(folderOf({ layer: archive }), "layer");
	await unpackLayer(file, root, flat);
	return root;
}

/** Unpacks layers, lowest first, as overlay shows them: mounted, and flattened. */
async function bothWays(layers: TestEntry[][]): Promise<string[][]> {
	const flat = join(scratchFolder(), "flat");
	const directories: string[] = [];
	for (const layer of layers) {
		directories.unshift(await unpack(await tarOf(layer)));
		await unpack(await tarOf(layer), { root: flat, flat: true });
	}
	const lower = [...directories, scratchFolder()].join(":");
	const script = `mount -t overlay -o ro,lowerdir=${lower} test /mnt && cp -a /mnt/. "$1"`;
	const copy = scratchFolder();
	const words = ["unshare", "--mount", "sh", "-c", script, "sh", copy];
	expect((await execute(words)).stderr).toBe("");
	return [listing(copy), listing(flat)];
}

/** All paths below a directory, with the content of files. */
function listing(directory: string, prefix = ""): string[] {
	return readdirSync(directory)
		.sort()
		.flatMap((name) => {
			const path = join(directory, name);
			const shown = prefix + name;
			const stat = lstatSync(path);
			if (stat.isDirectory()) return [shown, ...listing(path, `${shown}/`)];
			return stat.isFile() ? `${shown}=${readFileSync(path, "utf8")}` : shown;
		});
}

const directory = (name: string): TestEntry => ({
	name,
	type: "directory",
	mode: 0o755,
});
const file = (name: string, content = "x"): TestEntry => ({ name, content });

test("files, directories, links and devices come with their owners, permissions and times", async () => {
	const when = new Date("2020-02-02T02:02:02Z");
	const root = await unpack(
		await tarOf([
			{
				name: "bin",
				type: "directory",
				mode: 0o1770,
				uid: 7,
				gid: 8,
				mtime: when,
			},
			{
				name: "bin/su",
				mode: 0o4755,
				uid: 7,
				gid: 8,
				mtime: when,
				content: "program",
			},
			{ name: "bin/hard", type: "link", linkname: "bin/su" },
			{
				name: "bin/soft",
				type: "symlink",
				linkname: "/etc/../su",
				uid: 9,
				mtime: when,
			},
			{
				name: "bin/null",
				type: "character-device",
				mode: 0o666,
				devmajor: 1,
				devminor: 3,
			},
			{
				name: "bin/disk",
				type: "block-device",
				mode: 0o600,
				devmajor: 259,
				devminor: 300,
			},
			{ name: "bin/pipe", type: "fifo", mode: 0o600 },
			{ name: "big", uid: 3_000_000, pax: { uid: "3000000" } },
		]),
	);
	const stat = (name: string) => lstatSync(join(root, name));
	expect(stat("bin").mode.toString(8)).toBe("41770");
	expect(stat("bin").mtime).toEqual(when);
	expect(stat("bin/su").mode.toString(8)).toBe("104755");
	expect([stat("bin/su").uid, stat("bin/su").gid]).toEqual([7, 8]);
	expect(stat("bin/su").mtime).toEqual(when);
	expect(stat("bin/hard").ino).toBe(stat("bin/su").ino);
	expect(readlinkSync(join(root, "bin/soft"))).toBe("/etc/../su");
	expect([stat("bin/soft").uid, stat("bin/soft").mtime]).toEqual([9, when]);
	expect([stat("bin/null").rdev, stat("bin/null").mode.toString(8)]).toEqual([
		0x103,
		"20666",
	]);
	expect(stat("bin/disk").isBlockDevice()).toBe(true);
	// 259 and 300 as makedev(3) puts them together.
	expect(stat("bin/disk").rdev).toBe(0x11032c);
	expect(stat("bin/pipe").isFIFO()).toBe(true);
	expect(stat("big").uid).toBe(3_000_000);
});

test("the digest is that of the uncompressed archive", async () => {
	const archive = await tarOf([file("a")]);
	const compressed = join(folderOf({ layer: gzipSync(archive) }), "layer");
	expect(await unpackLayer(compressed, scratchFolder(), false)).toBe(
		`sha256:${sha256(archive)}`,
	);
});

describe("what a layer removes is gone, mounted and flattened", () => {
	const lower = [
		directory("a"),
		file("a/one"),
		file("a/two"),
		directory("a/sub"),
		file("a/sub/three"),
		file("b"),
	];
	test.each<[string, TestEntry[], string[]]>([
		[
			"a file",
			[directory("a"), file("a/.wh.one", "")],
			["a", "a/sub", "a/sub/three=x", "a/two=x", "b=x"],
		],
		[
			"a directory",
			[directory("a"), file("a/.wh.sub", "")],
			["a", "a/one=x", "a/two=x", "b=x"],
		],
		["at the top", [file(".wh.a", "")], ["b=x"]],
		[
			"what never was",
			[file(".wh.nothing", "")],
			["a", "a/one=x", "a/sub", "a/sub/three=x", "a/two=x", "b=x"],
		],
		[
			"all in a directory",
			[directory("a"), file("a/.wh..wh..opq", ""), file("a/new", "n")],
			["a", "a/new=n", "b=x"],
		],
		[
			"all in a directory, said last",
			[directory("a"), file("a/new", "n"), file("a/.wh..wh..opq", "")],
			["a", "a/new=n", "b=x"],
		],
		[
			"a file, and a directory in its place",
			[file(".wh.b", ""), directory("b"), file("b/c", "n")],
			["a", "a/one=x", "a/sub", "a/sub/three=x", "a/two=x", "b", "b/c=n"],
		],
		[
			"a directory, and another in its place",
			[file(".wh.a", ""), directory("a"), file("a/new", "n")],
			["a", "a/new=n", "b=x"],
		],
		[
			"a directory, and another before it",
			[directory("a"), file("a/new", "n"), file(".wh.a", "")],
			["a", "a/new=n", "b=x"],
		],
		[
			"a directory, and files in it alone",
			[file(".wh.a", ""), file("a/new", "n")],
			["a", "a/new=n", "b=x"],
		],
		["a directory by a file", [file("a", "n")], ["a=n", "b=x"]],
		[
			"the marks of an older file system",
			[file(".wh..wh.plnk", "")],
			["a", "a/one=x", "a/sub", "a/sub/three=x", "a/two=x", "b=x"],
		],
	])("%s", async (_, upper, expected) => {
		const [mounted, flat] = await bothWays([lower, upper]);
		expect(mounted).toEqual(expected);
		expect(flat).toEqual(expected);
	});

	// Docker writes one file that removes several, and links the others to it: their headers keep the link's name.
	test("by a mark that is a hard link, as Docker writes it", async () => {
		const [mounted, flat] = await bothWays([
			lower,
			[file(".wh.b", ""), { name: "a/.wh.one", linkname: ".wh.b" }],
		]);
		expect(flat).toEqual(["a", "a/sub", "a/sub/three=x", "a/two=x"]);
		expect(mounted).toEqual(flat);
	});
});

test("the marks that overlay knows are made", async () => {
	const root = await unpack(
		await tarOf([file("a/.wh.one", ""), file("b/.wh..wh..opq", "")]),
	);
	expect(isWhiteout(lstatSync(join(root, "a/one")))).toBe(true);
	expect(isOpaque(join(root, "b"))).toBe(true);
	expect(isOpaque(join(root, "a"))).toBe(false);
	expect(readdirSync(join(root, "b"))).toEqual([]);
	expect(allowsWhiteouts(root)).toBe(true);
	expect(readdirSync(root)).toEqual(["a", "b"]);
});

test("a path is looked up in the layers as overlay does it", async () => {
	const lower = await unpack(
		await tarOf([
			file("etc/passwd", "l"),
			file("opt/a"),
			file("gone"),
			{ name: "link", type: "symlink", linkname: "/etc" },
		]),
	);
	const upper = await unpack(
		await tarOf([
			file("etc/group", "u"),
			file(".wh.gone", ""),
			file("opt/.wh..wh..opq", ""),
		]),
	);
	const found = (path: string) => lookUp([upper, lower], path)?.path;
	expect(found("etc/passwd")).toBe(join(lower, "etc/passwd"));
	expect(found("/etc/group")).toBe(join(upper, "etc/group"));
	expect(found("gone")).toBe(undefined);
	expect(found("opt/a")).toBe(undefined);
	expect(found("link")).toBe(join(lower, "link"));
	expect(found("link/passwd")).toBe(undefined);
	expect(found("none")).toBe(undefined);
});

describe("what would leave the directory is refused, by name", () => {
	const link = (name: string, linkname: string): TestEntry => ({
		name,
		type: "symlink",
		linkname,
	});
	const cases: [string, TestEntry[], string][] = [
		["up", [file("../evil")], "../evil"],
		["up, from below", [directory("a"), file("a/../../evil")], "a/../../evil"],
		["absolute", [file("/tmp/image-test-evil")], "/tmp/image-test-evil"],
		["through a link up", [link("a", ".."), file("a/evil")], "a/evil"],
		[
			"through an absolute link",
			[link("a", "/tmp"), file("a/image-test-evil")],
			"a/image-test-evil",
		],
		[
			"through a link to a link",
			[link("a", "b"), link("b", "../.."), file("a/evil")],
			"a/evil",
		],
		[
			"through a link below",
			[directory("d"), link("d/a", "../../.."), file("d/a/evil")],
			"d/a/evil",
		],
		[
			"a directory through a link",
			[link("a", "/tmp"), directory("a/image-test-evil")],
			"a/image-test-evil",
		],
		[
			"a hard link up",
			[{ name: "a", type: "link", linkname: "../secret" }],
			"a",
		],
		[
			"a hard link, absolute",
			[{ name: "a", type: "link", linkname: "/etc/passwd" }],
			"a",
		],
		[
			"a hard link through a link",
			[link("up", ".."), { name: "a", type: "link", linkname: "up/secret" }],
			"a",
		],
		[
			"a link in place of the root",
			[link(".", "/tmp"), file("image-test-evil")],
			".",
		],
		["a whiteout of the parent", [file("a/.wh...", "")], "a/.wh..."],
		["a whiteout of itself", [file("a/.wh..", "")], "a/.wh.."],
		["a whiteout of nothing", [file("a/.wh.", "")], "a/.wh."],
		[
			"a whiteout through a link",
			[link("up", ".."), file("up/.wh.secret", "")],
			"up/.wh.secret",
		],
		[
			"an opaque mark through a link",
			[link("up", ".."), file("up/.wh..wh..opq", "")],
			"up/.wh..wh..opq",
		],
		["through a file", [file("a"), file("a/b")], "a/b"],
		["through a link to nowhere", [link("a", "nowhere"), file("a/b")], "a/b"],
	];
	test.each(
		cases.flatMap((it) => [[...it, false] as const, [...it, true] as const]),
	)("%s", async (_, entries, name, flat) => {
		const outer = scratchFolder();
		const root = join(outer, "root");
		writeFileSync(join(outer, "secret"), "secret");
		await expect(unpack(await tarOf(entries), { root, flat })).rejects.toThrow(
			`entry ${JSON.stringify(name)} can't be unpacked`,
		);
		expect(readdirSync(outer).sort()).toEqual(["root", "secret"]);
		expect(existsSync("/tmp/image-test-evil")).toBe(false);
		expect(lstatSync(join(outer, "secret")).nlink).toBe(1);
	});

	test("through a link that a lower layer has planted", async () => {
		const outer = scratchFolder();
		const root = join(outer, "root");
		await unpack(await tarOf([link("a", "..")]), { root, flat: true });
		await expect(
			unpack(await tarOf([file("a/evil")]), { root, flat: true }),
		).rejects.toThrow(
			'"a/evil" can\'t be unpacked, it leads out through a symbolic link',
		);
		expect(readdirSync(outer)).toEqual(["root"]);
	});

	test("a file is never written through a link of its own name", async () => {
		const outer = scratchFolder();
		writeFileSync(join(outer, "secret"), "secret");
		const root = await unpack(
			await tarOf([
				link("a", "../secret"),
				file("a", "evil"),
				link("d", ".."),
				{ ...directory("d"), mode: 0o700 },
			]),
			{ root: join(outer, "root") },
		);
		expect(readFileSync(join(outer, "secret"), "utf8")).toBe("secret");
		expect(readFileSync(join(root, "a"), "utf8")).toBe("evil");
		expect(lstatSync(join(root, "d")).isDirectory()).toBe(true);
		expect(statSync(outer).mode & 0o777).toBe(0o700);
	});

	test("a hard link in the flat directory is not written through", async () => {
		const root = scratchFolder();
		writeFileSync(join(root, "shared"), "old");
		linkSync(join(root, "shared"), join(root, "other"));
		symlinkSync("shared", join(root, "soft"));
		await unpack(await tarOf([file("other", "new"), file("soft", "new")]), {
			root,
			flat: true,
		});
		expect(listing(root)).toEqual(["other=new", "shared=old", "soft=new"]);
	});
});

test("a link that stays inside is followed", async () => {
	const root = await unpack(
		await tarOf([
			directory("usr"),
			directory("usr/lib"),
			{ name: "lib", type: "symlink", linkname: "usr/lib" },
			file("lib/a"),
		]),
	);
	expect(listing(root)).toEqual(["lib", "usr", "usr/lib", "usr/lib/a=x"]);
});

test.each([
	["cut off", (archive: Buffer) => archive.subarray(0, 700)],
	[
		"cut off, compressed",
		(archive: Buffer) => gzipSync(archive).subarray(0, -20),
	],
	[
		"changed",
		(archive: Buffer) => Buffer.concat([Buffer.from("A"), archive.subarray(1)]),
	],
	[
		"no archive",
		() =>
			Buffer.from(
				"no archive at all, and long enough for a header\n".repeat(30),
			),
	],
])("an archive that is broken is told as that: %s", async (_, spoil) => {
	const archive = await tarOf([file("name", "some content ".repeat(99))]);
	await expect(unpack(spoil(archive))).rejects.toThrow("broken or not whole");
});
