/** The dev container on a host as Ubuntu users have it: AppArmor on, cgroup v2 only. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Results } from "../kit/grader/results.ts";
import { HOME, listSteps } from "../kit/steps/catalog.ts";
import { listParts } from "../kit/steps/parts.ts";
import { runWords } from "./dev-container.ts";
import { IMAGE } from "./engine.ts";
import { objectsIn, onHost } from "./hosts.ts";

/** The README's flags, for a command without a terminal. */
const run = (...without: string[]) =>
	runWords({ steps: "/root/steps", without: ["-it", ...without] })
		.map((word) => `'${word}'`)
		.join(" ");

const PROFILE = "docker/seccomp.json";

let text = "";
beforeAll(async () => {
	({ text } = await onHost(
		"x86-64",
		IMAGE,
		`
mkdir docker
cat >${PROFILE} <<'END'
${readFileSync(join(HOME, PROFILE), "utf8")}
END
docker run --rm ${IMAGE} tar -c steps | tar -x -C /root
${run()} npm run --silent check -- --solutions --json
${run()} npm run --silent check -- --json
${run()} npm run --silent doctor -- --json
echo "without: $(${run("--security-opt=apparmor=unconfined")} npm run --silent solution 6 true 2>&1)"
`,
	));
}, 1_800_000);

const found = (index: number) => objectsIn(text)[index];

test("the reference passes", () => {
	const { steps } = found(0) as Results;
	expect(steps.map(({ number, state }) => [number, state])).toEqual(
		listSteps().map(({ number }) => [number, "passed"]),
	);
});

test("the starters are not started", () => {
	const { steps } = found(1) as Results;
	expect(steps.map(({ state }) => state)).toEqual(
		listParts()[0]?.steps.map(() => "not started"),
	);
});

test("the doctor finds nothing but the missing terminal", () => {
	const { requirements } = found(2) as {
		requirements: { title: string; problem?: string }[];
	};
	expect(
		requirements.filter(({ problem }) => problem).map(({ title }) => title),
	).toEqual(["a terminal"]);
});

test("without apparmor=unconfined the error names AppArmor and the flag", () => {
	expect(text).toMatch(/^without: [\s\S]*AppArmor[\s\S]*apparmor=unconfined/m);
});
