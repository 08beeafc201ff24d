import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import {
	configOf,
	manifestOf,
	scratchFolder,
	sha256,
	type TestImage,
	tarOf,
} from "../testing/archives.ts";
import {
	type Outcome,
	openTerminal,
	run,
	scriptWords,
} from "../testing/kit.ts";
import { startRegistry } from "../testing/registry.ts";

const image = async (): Promise<TestImage> => {
	const layers = [
		await tarOf([{ name: "a", content: randomBytes(300_000) }]),
		await tarOf([{ name: "b", content: "b" }]),
	];
	return {
		layers,
		stored: layers.map((it) => gzipSync(it)),
		config: { Cmd: ["/a"] },
	};
};

/** `npm run image …` with a store of the test's own. */
function store() {
	const folder = join(scratchFolder(), "images");
	const env = { ...process.env, WORKSHOP_IMAGES: folder };
	const blobs = join(folder, "blobs/sha256");
	return {
		folder,
		env,
		/** How much is there of a blob that is not whole. */
		kept: () =>
			readdirSync(blobs)
				.filter((name) => name.endsWith(".part"))
				.reduce((sum, name) => sum + statSync(join(blobs, name)).size, 0),
		image: (...words: string[]): Promise<Outcome> =>
			run("image", words, { env }),
	};
}

test("an image is pulled with a token, once, and its layers are unpacked", async () => {
	const it = await image();
	const registry = await startRegistry(it);
	const { image: command, folder } = store();
	const name = `${registry.host}/test/image:1`;
	expect(await command("pull", name)).toMatchObject({
		status: 0,
		stdout: `${name} is here: 2 layers.\n`,
		stderr: "",
	});
	expect(registry.asked).toEqual([
		"1",
		...[configOf(it), ...(it.stored ?? [])].map(
			(blob) => `sha256:${sha256(blob)}`,
		),
	]);
	expect(readdirSync(join(folder, "layers")).sort()).toEqual(
		it.layers.map((layer) => sha256(layer).slice(0, 32)).sort(),
	);
	// Again: only the name is asked for.
	expect((await command("pull", name)).status).toBe(0);
	expect(registry.asked.slice(4)).toEqual(["1"]);
	// By its digest it is the same, and another name.
	const digest = `sha256:${sha256(manifestOf(it))}`;
	expect(
		(await command("pull", `${registry.host}/test/image@${digest}`)).status,
	).toBe(0);
	const { stdout } = await command();
	expect(
		stdout
			.split("\n")
			.slice(1, -1)
			.map((line) => line.split(" ")[0]),
	).toEqual([name, `${registry.host}/test/image@${digest}`]);
});

test("a line that breaks goes on where it was, within a pull", async () => {
	const it = await image();
	const registry = await startRegistry(it);
	const { image: command, kept } = store();
	registry.breaks = { after: 100_000, times: 2, kept };
	expect((await command("pull", `${registry.host}/test/image:1`)).status).toBe(
		0,
	);
	const digest = `sha256:${sha256(it.stored?.[0] ?? "")}`;
	const asked = registry.asked.filter((words) => words.startsWith(digest));
	expect(asked).toHaveLength(3);
	expect(asked[0]).toBe(digest);
	expect(asked.slice(1)).toEqual([
		`${digest} bytes=100000-`,
		`${digest} bytes=200000-`,
	]);
});

test("a pull that broke off counts for nothing, and the next one goes on", async () => {
	const it = await image();
	const registry = await startRegistry(it);
	const { image: command, folder, kept } = store();
	registry.breaks = { after: 50_000, times: 4, kept };
	const name = `${registry.host}/test/image:1`;
	const first = await command("pull", name);
	expect(first.status).toBe(1);
	expect(first.stderr).toMatch(/broke off 4 times: .*\. What came is kept/);
	expect((await command()).stdout).toBe("");
	expect(readdirSync(join(folder, "layers"))).toEqual([]);
	expect(
		readdirSync(join(folder, "blobs/sha256")).filter((file) =>
			file.endsWith(".part"),
		),
	).toHaveLength(1);
	registry.asked.length = 0;
	expect((await command("pull", name)).status).toBe(0);
	expect(registry.asked).toContain(
		`sha256:${sha256(it.stored?.[0] ?? "")} bytes=200000-`,
	);
});

test("a registry that knows no Range is asked from the beginning", async () => {
	const registry = await startRegistry(await image());
	const { image: command, kept } = store();
	registry.breaks = { after: 50_000, times: 1, kept };
	registry.ignoresRange = true;
	expect((await command("pull", `${registry.host}/test/image:1`)).status).toBe(
		0,
	);
});

test("of an index the manifest for this machine is taken", async () => {
	const it = await image();
	const registry = await startRegistry(it);
	const text = manifestOf(it);
	const architecture = process.arch === "x64" ? "amd64" : process.arch;
	const entry = (architecture: string, digest: string) => ({
		digest,
		size: text.length,
		platform: { os: "linux", architecture },
	});
	const type = "application/vnd.oci.image.index.v1+json";
	const index = (...manifests: object[]) => ({
		type,
		text: JSON.stringify({ manifests }),
	});
	const other = entry("s390x", `sha256:${"0".repeat(64)}`);
	registry.manifests.set(
		"many",
		index(other, entry(architecture, `sha256:${sha256(text)}`)),
	);
	registry.manifests.set("others", index(other));
	const { image: command } = store();
	expect(
		(await command("pull", `${registry.host}/test/image:many`)).status,
	).toBe(0);
	expect(
		await command("pull", `${registry.host}/test/image:others`),
	).toMatchObject({
		status: 1,
		stderr: `The image is not for this machine, which is linux/${architecture}. It is for: linux/s390x.\n`,
	});
});

test("what has another digest than it should is refused, and thrown away", async () => {
	const it = await image();
	const registry = await startRegistry(it);
	const { image: command, folder } = store();
	const name = `${registry.host}/test/image`;
	const digest = `sha256:${sha256(it.stored?.[1] ?? "")}`;
	registry.blobs.set(digest, Buffer.alloc(it.stored?.[1]?.length ?? 0));
	const changed = await command("pull", `${name}:1`);
	expect(changed.status).toBe(1);
	expect(changed.stderr).toContain(`${digest} came with the digest sha256:`);
	// Longer than its manifest says.
	registry.blobs.set(digest, Buffer.alloc(100_000));
	expect((await command("pull", `${name}:1`)).stderr).toContain(
		"is longer than its manifest says",
	);
	registry.manifests.set(`sha256:${sha256("x")}`, { type: "", text: "{}" });
	expect(
		(await command("pull", `${name}@sha256:${sha256("x")}`)).stderr,
	).toContain("came with the digest");
	expect((await command()).stdout).toBe("");
	expect(
		readdirSync(join(folder, "blobs/sha256")).filter((file) =>
			file.startsWith(digest.slice(7)),
		),
	).not.toContain(digest.slice(7));
});

test("what a registry refuses is told in words", async () => {
	const registry = await startRegistry(await image());
	const { image: command } = store();
	const of = async (name: string) => {
		const { status, stderr } = await command("pull", name);
		expect(status).toBe(1);
		return stderr;
	};
	expect(await of(`${registry.host}/test/image:2`)).toBe(
		`There is no image ${registry.host}/test/image:2 in ${registry.host}.\n`,
	);
	expect(await of(`${registry.host}/other:1`)).toMatch(
		/is private, or there is none of this name/,
	);
	expect(await of("127.0.0.1:2/a")).toMatch(
		/^127\.0\.0\.1:2 can't be reached: .*ECONNREFUSED/,
	);
	expect(await of("A b")).toMatch(/is no name of an image/);
});

test("the bar grows on a terminal", async () => {
	const registry = await startRegistry(await image());
	const { env } = store();
	const terminal = openTerminal(
		[...scriptWords("image"), "pull", `${registry.host}/test/image:1`],
		{ env },
	);
	expect(await terminal.ended).toBe(0);
	expect(terminal.text()).toMatch(/█{30} 30\d kB of 30\d kB/);
});

test("an image that was removed leaves nothing, and what another has stays", async () => {
	const it = await image();
	const [shared = Buffer.alloc(0)] = it.layers;
	const registry = await startRegistry(it);
	const other: TestImage = { layers: [shared] };
	registry.manifests.set("2", {
		type: "application/vnd.oci.image.manifest.v1+json",
		text: manifestOf(other),
	});
	for (const blob of [configOf(other), shared])
		registry.blobs.set(`sha256:${sha256(blob)}`, Buffer.from(blob));
	const { image: command, folder } = store();
	const name = `${registry.host}/test/image`;
	for (const tag of ["1", "2"])
		expect((await command("pull", `${name}:${tag}`)).status).toBe(0);
	expect(await command("remove", `${name}:1`)).toMatchObject({
		status: 0,
		stdout: `${name}:1 is removed.\n`,
	});
	expect(readdirSync(join(folder, "layers"))).toEqual([
		sha256(shared).slice(0, 32),
	]);
	expect(readdirSync(join(folder, "blobs/sha256"))).toHaveLength(3);
	expect((await command("remove", `${name}:1`)).status).toBe(1);
	expect((await command("remove", `${name}:2`)).status).toBe(0);
	expect(readdirSync(folder, { recursive: true }).map(String).sort()).toEqual([
		"aside",
		"blobs",
		"blobs/sha256",
		"flat",
		"index.json",
		"init",
		"layers",
		"lock",
		"oci-layout",
	]);
	expect(
		JSON.parse(readFileSync(join(folder, "index.json"), "utf8")).manifests,
	).toEqual([]);
});
