/** Images in step 14's container: what their configuration says is seen in the process, whatever archive they came in. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeRootfs } from "../host/make-rootfs.ts";
import {
	folderOf,
	newDockerArchive,
	ociFiles,
	oldDockerArchive,
	type TestImage,
	tarOf,
} from "../testing/archives.ts";
import { type Outcome, run } from "../testing/kit.ts";
import { startRegistry } from "../testing/registry.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "image-test-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

process.env.WORKSHOP_IMAGES = join(FOLDER, "images");

let image: TestImage;

// A layer of real programs, packed by tar(1), and one that changes it.
beforeAll(async () => {
	const rootfs = join(FOLDER, "rootfs");
	makeRootfs(rootfs);
	execFileSync("mkdir", ["-p", join(rootfs, "data/old")]);
	const base = join(FOLDER, "base.tar");
	execFileSync("tar", ["-C", rootfs, "-cf", base, "."]);
	const passwd =
		"root:x:0:0::/root:/bin/sh\nalice:x:1234:100::/home/alice:/bin/sh\n";
	image = {
		layers: [
			readFileSync(base),
			await tarOf([
				{ name: "etc/passwd", content: passwd },
				{
					name: "etc/group",
					content: "root:x:0:\nusers:x:100:\nwheel:x:77:alice\n",
				},
				{ name: "data", type: "directory", mode: 0o755 },
				{ name: "data/.wh..wh..opq" },
				{ name: "data/new", content: "new" },
				{ name: ".wh.CONTAINER_ROOT" },
			]),
		],
		config: {
			Env: ["PATH=/bin", "GREETING=hello = world"],
			Entrypoint: ["/bin/sh", "-c"],
			Cmd: ["echo the image\\'s own"],
			WorkingDir: "/made/here",
			User: "alice",
		},
	};
});

/** A command in step 14's container, of an image of the store or of ROOTFS. */
function inContainer(words: string[], name?: string): Promise<Outcome> {
	const { TERM: _, ...env } = process.env;
	const image = name === undefined ? [] : ["--image", name];
	return run("solution", ["14", ...image, ...words], { env });
}

test.each<[string, (image: TestImage) => Promise<string[]>]>([
	[
		"docker save, the old layout",
		async (it) => ["load", fileOf(await oldDockerArchive(it))],
	],
	[
		"docker save, the new layout",
		async (it) => ["load", fileOf(await newDockerArchive(it))],
	],
	["an OCI layout", async (it) => ["load", folderOf(ociFiles(it))]],
	[
		"a registry",
		async (it) => ["pull", `${(await startRegistry(it)).host}/test/image:1`],
	],
])("an image of %s", async (_, bring) => {
	const { status, stdout, stderr } = await run(
		"image",
		await bring({ ...image, name: "test/image:1" }),
		{ env: process.env },
	);
	expect([status, stderr]).toEqual([0, ""]);
	const [name] = stdout.split(" ");
	const script =
		'id; pwd; echo "$HOME $PATH $GREETING"; ls / /data; grep -c . /etc/hosts >/dev/null && echo hosts; echo x >/made/here/x';
	const outcome = await inContainer([script], name);
	expect(outcome.stdout).toBe(
		`${[
			"uid=1234(alice) gid=100(users) groups=100(users),77(wheel)",
			"/made/here",
			"/home/alice /bin hello = world",
			"/:",
			...[
				"bin",
				"data",
				"dev",
				"etc",
				"home",
				"lib",
				"lib64",
				"made",
				"mnt",
				"opt",
				"proc",
				"root",
				"run",
				"sbin",
				"srv",
				"sys",
				"tmp",
				"usr",
				"var",
			],
			"",
			"/data:",
			"new",
			"hosts",
		].join("\n")}\n`,
	);
	// The directory is root's, as Docker makes it.
	expect(outcome.stderr).toMatch(/\/made\/here\/x: Permission denied/);
	expect((await inContainer([], name)).stdout).toBe("the image's own\n");
	expect(
		(await run("image", ["remove", name ?? ""], { env: process.env })).status,
	).toBe(0);
});

test("the kit's own image is ROOTFS, for nobody in particular", async () => {
	const fields = "^(Uid|Gid|Groups|CapPrm|CapEff)";
	const { status, stdout } = await inContainer([
		"grep",
		"-E",
		fields,
		"/proc/self/status",
	]);
	expect([status, stdout.replaceAll(/[\t ]+/g, " ")]).toEqual([
		0,
		"Uid: 65534 65534 65534 65534\nGid: 65534 65534 65534 65534\nGroups: \nCapPrm: 0000000000000000\nCapEff: 0000000000000000\n",
	]);
	expect(
		(await inContainer(["sh", "-c", "echo x >/etc/passwd"])).stderr,
	).toContain("Permission denied");
	expect((await inContainer(["env"])).stdout).toBe(
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nHOME=/\n",
	);
});

test("an image that is not there is told of, with the ways to one", async () => {
	const { status, stderr } = await inContainer(["true"], "none");
	expect(status).toBe(125);
	expect(stderr.replaceAll("\n", " ")).toMatch(
		/There is no image none:latest here\..*npm run image pull NAME/,
	);
});

test("a step before takes no image, and says so", async () => {
	const { status, stderr } = await run("solution", [
		...["13", "--image", "none", "true"],
	]);
	expect([status, stderr]).toEqual([
		2,
		expect.stringContaining("Step 13 makes its container from the root file"),
	]);
});

function fileOf(archive: Buffer): string {
	const file = join(mkdtempSync(join(FOLDER, "archive-")), "image.tar");
	writeFileSync(file, archive);
	return file;
}
