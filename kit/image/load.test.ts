import { spawn } from "node:child_process";
import { once } from "node:events";
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import zlib, { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
	configOf,
	folderOf,
	newDockerArchive,
	ociFiles,
	oldDockerArchive,
	scratchFolder,
	sha256,
	type TestImage,
	tarOf,
} from "../testing/archives.ts";
import { execute, type Outcome, run, scriptWords } from "../testing/kit.ts";

const image = async (): Promise<TestImage> => ({
	name: "test/thing:7",
	layers: [
		await tarOf([
			{ name: "etc/passwd", content: "alice:x:12:34::/home/alice:/bin/sh\n" },
		]),
		await tarOf([{ name: "a", content: "a" }]),
	],
	config: {
		User: "alice",
		Env: ["A=b=c", "A2="],
		Entrypoint: ["/a"],
		Cmd: ["x"],
		WorkingDir: "/place/dir",
	},
});

/** `npm run image …` with a store of the test's own. */
function store() {
	const folder = join(scratchFolder(), "images");
	const env = { ...process.env, WORKSHOP_IMAGES: folder, TERM: undefined };
	return {
		folder,
		image: (...words: string[]): Promise<Outcome> =>
			run("image", words, { env }),
		load: (archive: Buffer, ...words: string[]) =>
			run(
				"image",
				["load", join(folderOf({ "file.tar": archive }), "file.tar"), ...words],
				{ env },
			),
		env,
	};
}

/** The directories of an image and what the runtime is told of it. */
const prepared = (folder: string) =>
	readdirSync(join(folder, "init"))
		.filter((name) => name.endsWith(".json"))
		.map((name) =>
			JSON.parse(readFileSync(join(folder, "init", name), "utf8")),
		);

/** Bytes as zstd stores what it can't make shorter: a frame of one block. RFC 8878 */
function inZstd(content: Buffer): Buffer {
	const header = Buffer.from([
		0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0, 0, 0, 0,
	]);
	header.writeUInt32LE(content.length, 5);
	header.writeUIntLE((content.length << 3) | 1, 9, 3);
	return Buffer.concat([header, content]);
}

describe("an image is loaded", () => {
	test.each<[string, (it: TestImage) => Promise<Buffer> | Buffer]>([
		["as docker save wrote it for long", oldDockerArchive],
		["as docker save writes it now", newDockerArchive],
		[
			"as an OCI layout",
			(it) =>
				tarOf(
					Object.entries(ociFiles(it)).map(([name, content]) => ({
						name,
						content,
					})),
				),
		],
		[
			"compressed as a whole",
			async (it) => gzipSync(await oldDockerArchive(it)),
		],
		[
			"with compressed layers",
			(it) =>
				newDockerArchive({
					...it,
					stored: it.layers.map((layer) => gzipSync(layer)),
				}),
		],
	])("%s", async (_, archive) => {
		const it = await image();
		const { folder, load, image: command } = store();
		expect(await load(await archive(it))).toMatchObject({
			status: 0,
			stdout: "test/thing:7 is here: 2 layers.\n",
			stderr: "",
		});
		const [init = "", ...layers] = prepared(folder)[0].layers;
		expect(layers).toEqual(
			it.layers
				.map((layer) => join(folder, "layers", sha256(layer).slice(0, 32)))
				.reverse(),
		);
		expect(readFileSync(join(layers[0], "a"), "utf8")).toBe("a");
		expect(readdirSync(init).sort()).toEqual([
			"dev",
			"etc",
			"place",
			"proc",
			"sys",
		]);
		expect(prepared(folder)[0]).toMatchObject({
			env: {
				A: "b=c",
				A2: "",
				HOME: "/home/alice",
				PATH: expect.stringContaining("/usr/bin"),
			},
			entrypoint: ["/a"],
			command: ["x"],
			workingDirectory: "/place/dir",
			user: { uid: 12, gid: 34, groups: [] },
		});
		expect((await command()).stdout).toMatch(
			/^NAME +LAYERS +SIZE +DIGEST\ntest\/thing:7 +2 +[\d.]+ k?B +[0-9a-f]{12}\n$/,
		);
		expect(readdirSync(join(folder, "aside"))).not.toContain("layer");
	});

	test("from a folder, from stdin, and under its file's name where it has none", async () => {
		const it = await image();
		const { load, image: command, env } = store();
		expect((await command("load", folderOf(ociFiles(it)))).stdout).toBe(
			"test/thing:7 is here: 2 layers.\n",
		);
		const nameless = folderOf({
			"My Image.tar": await tarOf(
				Object.entries(ociFiles({ ...it, name: "" })).map(
					([name, content]) => ({ name, content }),
				),
			),
		});
		expect((await command("load", join(nameless, "My Image.tar"))).stdout).toBe(
			"my-image:latest is here: 2 layers.\n",
		);
		expect(
			(
				await load(
					await oldDockerArchive({ ...it, name: "docker.io/library/other" }),
				)
			).stdout,
		).toBe("other:latest is here: 2 layers.\n");
		const file = join(folderOf({ it: await newDockerArchive(it) }), "it");
		const words = scriptWords("image")
			.map((word) => `'${word}'`)
			.join(" ");
		expect(
			(await execute(["sh", "-c", `cat ${file} | ${words} load -`], { env }))
				.stdout,
		).toBe("test/thing:7 is here: 2 layers.\n");
		expect((await command()).stdout.split("\n")).toHaveLength(5);
	});

	test("with a layer that docker save links to, since two images share it", async () => {
		const it = await image();
		const config = configOf(it);
		const [lower = Buffer.alloc(0), upper = Buffer.alloc(0)] = it.layers;
		const { load } = store();
		const archive = await tarOf([
			{ name: "one/layer.tar", content: lower },
			{ name: "two/layer.tar", type: "symlink", linkname: "../one/layer.tar" },
			{ name: "three/layer.tar", content: upper },
			{ name: `${sha256(config)}.json`, content: config },
			{
				name: "manifest.json",
				content: JSON.stringify([
					{
						Config: `${sha256(config)}.json`,
						Layers: ["two/layer.tar", "three/layer.tar"],
					},
				]),
			},
		]);
		expect((await load(archive)).stdout).toBe(
			"file:latest is here: 2 layers.\n",
		);
	});

	test("with layers in zstd, where Node can read it", async () => {
		const it = await image();
		const archive = await newDockerArchive({
			...it,
			stored: it.layers.map(inZstd),
		});
		const { status, stderr } = await store().load(archive);
		if ("createZstdDecompress" in zlib) expect(status).toBe(0);
		else
			expect([status, stderr]).toEqual([
				1,
				expect.stringContaining("compressed with zstd, which Node"),
			]);
	});

	test("in one directory where there are more layers than a mount can name", async () => {
		const layers = await Promise.all(
			Array.from({ length: 60 }, (_, index) =>
				tarOf([
					{ name: `file-${index}`, content: "x" },
					...(index > 0 ? [{ name: `.wh.file-${index - 1}` }] : []),
				]),
			),
		);
		const { folder, load } = store();
		expect(
			(await load(await oldDockerArchive({ layers, name: "many" }))).stdout,
		).toBe("many:latest is here: 60 layers, in one directory.\n");
		const [, flat] = prepared(folder)[0].layers;
		expect(readdirSync(flat)).toEqual(["file-59"]);
		expect(readdirSync(join(folder, "layers"))).toEqual([]);
	});
});

describe("what is not right is refused, and leaves no image", () => {
	const refused = async (archive: Buffer): Promise<string> => {
		const { folder, load, image: command } = store();
		const { status, stdout, stderr } = await load(archive);
		expect([status, stdout]).toEqual([1, ""]);
		expect((await command()).stdout).toBe("");
		expect(existsSync(join(folder, "index.json"))).toBe(false);
		return stderr;
	};

	test("an entry that leaves its directory, in a whole image", async () => {
		const layers = [await tarOf([{ name: "ok" }, { name: "a/../../../evil" }])];
		expect(await refused(await oldDockerArchive({ layers }))).toBe(
			'The image is refused: its entry "a/../../../evil" can\'t be unpacked, its path has .. in it.\n',
		);
	});

	test("an archive that is cut off", async () => {
		const it = await image();
		const archive = await oldDockerArchive(it);
		expect(await refused(archive.subarray(0, 2000))).toMatch(
			/broken or not whole/,
		);
		expect(await refused(gzipSync(archive).subarray(0, -30))).toMatch(
			/broken or not whole/,
		);
		expect(
			await refused(archive.subarray(0, 512 + (it.layers[0]?.length ?? 0))),
		).toMatch(/is no image: it has neither/);
	});

	test("a layer with another digest than its name or its configuration says", async () => {
		const it = await image();
		const wrong = [
			it.layers[0] ?? Buffer.alloc(0),
			await tarOf([{ name: "a", content: "changed" }]),
		];
		expect(
			await refused(await oldDockerArchive({ ...it, stored: wrong })),
		).toMatch(/a layer's content has the digest/);
		const files = ociFiles(it);
		files[`blobs/sha256/${sha256(it.layers[1] ?? "")}`] = wrong[1] ?? "";
		expect(
			await refused(
				await tarOf(
					Object.entries(files).map(([name, content]) => ({ name, content })),
				),
			),
		).toMatch(/its content was changed or damaged/);
	});

	test("a configuration that is none, and a user whom nobody knows", async () => {
		const it = await image();
		expect(
			await refused(await oldDockerArchive({ ...it, config: { Env: "A=b" } })),
		).toMatch(/config\.Env is not a list/);
		expect(
			await refused(await oldDockerArchive({ ...it, config: { User: "bob" } })),
		).toMatch(/its \/etc\/passwd has no such name/);
		expect(
			await refused(await oldDockerArchive({ ...it, layers: [] })),
		).toMatch(/it has 0 layers/);
	});

	test("what is no image at all", async () => {
		expect(await refused(await tarOf([{ name: "a", content: "b" }]))).toMatch(
			/is no image/,
		);
		expect(await refused(Buffer.from("text"))).toMatch(
			/broken or not whole|is no image/,
		);
	});
});

test("what an interrupted load left goes with the next one", async () => {
	const { folder, load } = store();
	expect((await load(await oldDockerArchive(await image()))).status).toBe(0);
	writeFileSync(join(folder, "aside/left"), "half");
	expect((await load(await oldDockerArchive(await image()))).status).toBe(0);
	expect(readdirSync(join(folder, "aside"))).not.toContain("left");
	expect(prepared(folder)).toHaveLength(1);
});

test("two at once don't meet", async () => {
	const { folder, load } = store();
	mkdirSync(folder);
	const words = [join(folder, "lock"), "sh", "-c", "echo locked; read line"];
	const other = spawn("flock", words, { stdio: ["pipe", "pipe", "inherit"] });
	const ended = once(other, "exit");
	await once(other.stdout, "data");
	expect(await load(await oldDockerArchive(await image()))).toMatchObject({
		status: 1,
		stderr: expect.stringContaining("Another `npm run image` is at work"),
	});
	other.stdin.end();
	await ended;
	expect((await load(await oldDockerArchive(await image()))).status).toBe(0);
});

test("wrong words are told with the right ones", async () => {
	const { image: command } = store();
	expect(await command("eat")).toMatchObject({
		status: 2,
		stderr: expect.stringContaining("Usage: npm run image"),
	});
	expect(await command("load")).toMatchObject({ status: 2 });
	expect(await command("load", "a", "b")).toMatchObject({ status: 2 });
	expect(await command("load", "/no/such/file")).toMatchObject({
		status: 1,
		stderr: "There is no file /no/such/file.\n",
	});
	expect(await command()).toMatchObject({ status: 0, stdout: "" });
});
