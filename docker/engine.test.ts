import { expect, test } from "vitest";
import { execute, HOME } from "../kit/testing/kit.ts";

test("where no engine answers, the tests in Docker say so in one line: status 1", async () => {
	expect(
		await execute([process.execPath, "kit/launch.cjs", "docker/engine.ts"], {
			cwd: HOME,
			env: { ...process.env, DOCKER_HOST: "unix:///nowhere", NO_COLOR: "1" },
		}),
	).toMatchObject({
		status: 1,
		stdout: "",
		stderr: expect.stringMatching(/^No Docker engine answers here\. .*\n$/),
	});
});
