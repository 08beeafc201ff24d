import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

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
