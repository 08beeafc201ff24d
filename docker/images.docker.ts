/** Images in the dev container: saved by the engine, and pulled from a registry of Debian's on the loopback. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { HOME } from "../kit/steps/catalog.ts";
import { oldDockerArchive, tarOf } from "../kit/testing/archives.ts";
import { piped } from "./dev-container.ts";
import { ask, composeWords, LABEL } from "./engine.ts";

const TAG = "containers-from-scratch-test-layers:1";

const NETWORK_AND_ROOT = [
	"--cap-add=NET_ADMIN",
	...["--security-opt", "seccomp=docker/seccomp.json"],
];

/** An image with a user, with files that a layer takes away, and with whiteouts that Docker links to each other. */
const DOCKERFILE = `FROM debian:bookworm-slim
LABEL ${LABEL}=image
RUN mkdir /data && echo old >/data/old && useradd --create-home --uid 1234 alice && groupadd --gid 77 wheel && usermod -aG wheel alice
RUN rm -rf /data && mkdir /data && echo new >/data/new && rm -rf /etc/issue /usr/share/doc && chmod u+s /bin/chown
ENV GREETING="hello = world"
WORKDIR /data
USER alice
ENTRYPOINT ["sh", "-c"]
`;

const SHOWN = `id; pwd; ls; echo "$HOME $GREETING"; stat -c %a /bin/chown; ls -d /etc/issue /usr/share/doc`;

/** The image of that name in step 14's container. */
const runOf = (name: string) =>
	`npm run --silent solution 14 -- --image ${name} '${SHOWN}'`;

let expected = "";

beforeAll(() => {
	const words = ["build", "--force-rm", "--quiet", "--tag", TAG, "-"];
	const env = { ...process.env, DOCKER_BUILDKIT: "0" };
	const { status } = spawnSync("docker", words, { input: DOCKERFILE, env });
	expect(status).toBe(0);
	const run = ["run", "--rm", "--label", LABEL, TAG, SHOWN];
	expected = spawnSync("docker", run, { encoding: "utf8" }).stdout;
	expect(expected).toContain("uid=1234(alice)");
});

test("an image that the engine has saved is in the workshop what it is in Docker, flattened and as layers", async () => {
	const folder = scratch();
	ask("save", "--output", join(folder, "image.tar"), TAG);
	for (const [place, said] of [
		["/var/lib/containers-from-scratch/images", "3 layers, in one directory"],
		["/dev/shm/images", "3 layers"],
	]) {
		const { stdout, stderr } = await piped(
			[
				"sh",
				"-c",
				`export WORKSHOP_IMAGES=${place}; npm run --silent image load /w/image.tar && ${runOf(TAG)}`,
			],
			{ add: [...NETWORK_AND_ROOT, "--shm-size=1g", "-v", `${folder}:/w:ro`] },
		);
		expect(stdout).toBe(`${TAG} is here: ${said}.\n${expected}`);
		expect(stderr).toMatch(/cannot access '\/etc\/issue'/);
		expect(stderr).toMatch(/cannot access '\/usr\/share\/doc'/);
	}
});

test("a hostile image is refused in the dev container, too, and leaves nothing", async () => {
	const folder = scratch();
	const layers = [
		await tarOf([
			{ name: "way", type: "symlink", linkname: "/workshop" },
			{ name: "way/package.json", content: "{}" },
		]),
	];
	writeFileSync(join(folder, "image.tar"), await oldDockerArchive({ layers }));
	const { stderr, stdout } = await piped(
		[
			"sh",
			"-c",
			"npm run --silent image load /w/image.tar; echo $?; npm run --silent image; head -c 1 package.json",
		],
		{ add: ["-v", `${folder}:/w:ro`] },
	);
	expect(stderr).toContain(
		'entry "way/package.json" can\'t be unpacked, it leads out through a symbolic link',
	);
	expect(stdout).toBe("1\n{");
});

test("an image is pulled from a registry on the loopback", async () => {
	const PORT = 5057;
	const [registry, folder] = [`localhost:${PORT}`, scratch()];
	writeFileSync(
		join(folder, "registry.yml"),
		`version: 0.1\nstorage: { filesystem: { rootdirectory: /tmp/registry } }\nhttp: { addr: ":${PORT}" }\n`,
	);
	const script = `
		{ apt-get update && apt-get install -y --no-install-recommends docker-registry; } >/dev/null 2>&1
		docker-registry serve /w/registry.yml >/dev/null 2>&1 &
		while [ ! -e /w/pushed ]; do sleep 0.2; done
		npm run --silent image pull ${registry}/test/layers:1 && ${runOf(`${registry}/test/layers:1`)}`;
	const outcome = piped(["bash", "-c", script], {
		add: [
			...NETWORK_AND_ROOT,
			"-p",
			`127.0.0.1:${PORT}:${PORT}`,
			"-v",
			`${folder}:/w`,
		],
	});
	const tag = `${registry}/test/layers:1`;
	ask("tag", TAG, tag);
	// It answers when apt-get has brought it.
	const deadline = Date.now() + 90_000;
	while (spawnSync("docker", ["push", "--quiet", tag]).status !== 0) {
		expect(Date.now()).toBeLessThan(deadline);
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
	// As Compose gets a published dev container.
	const compose = composeWords();
	if (compose) {
		ask("rmi", tag);
		const [program = "", ...words] = [...compose, "pull", "dev"];
		const env = { ...process.env, WORKSHOP_PUBLISHED: tag };
		expect(spawnSync(program, words, { cwd: HOME, env }).status).toBe(0);
		expect(ask("image", "ls", "--quiet", tag)).not.toBe("");
	}
	writeFileSync(join(folder, "pushed"), "");
	expect((await outcome).stdout).toBe(
		`${tag} is here: 3 layers, in one directory.\n${expected}`,
	);
});

function scratch(): string {
	const folder = mkdtempSync(join(tmpdir(), "images-docker-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}
