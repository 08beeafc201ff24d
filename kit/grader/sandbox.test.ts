import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { kitWithChange } from "../testing/changed.ts";
import { execute } from "../testing/kit.ts";

test.each(["sandbox.sh", "contained.sh"])("%s is sound sh", (name) => {
	const file = join(import.meta.dirname, name);
	expect(spawnSync("sh", ["-n", file], { encoding: "utf8" })).toMatchObject({
		status: 0,
		stderr: "",
	});
	const shellcheck = spawnSync("shellcheck", [file], { encoding: "utf8" });
	if (shellcheck.error)
		console.warn(
			`shellcheck is not installed here: ${name} was only parsed. apt-get install shellcheck`,
		);
	else expect(shellcheck).toMatchObject({ status: 0, stdout: "" });
});

test("a file that can't be copied among the mounts, as Docker makes some, leaves the root writable", async () => {
	const kit = kitWithChange(
		1,
		(text) =>
			`import { writeFileSync } from "node:fs";\n${text.replace("return reexec", 'writeFileSync("/etc/workshop-was-here", "");\n\treturn reexec')}`,
	);
	const { stdout } = await execute(
		[
			...["unshare", "--mount", "sh", "-c"],
			'mount --bind /proc/self/ns/net /etc/hostname && exec "$@"',
			...["sh", process.execPath, "kit/launch.cjs", "check", "1"],
		],
		{ cwd: kit },
	);
	expect(stdout).toMatch(/^✔ 1 exec/);
});
