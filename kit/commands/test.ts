/**
 * `npm test`: the type checker, the linter, and the kit's own tests. None of
 * them reads what the learner writes in steps/. Words after `npm test --` are vitest's.
 */

import { CommandError } from "../cli/terminal.ts";
import { findObstacle, OPEN } from "../host/requirements.ts";
import { main as lint, runTool } from "./lint.ts";

/** The kit's own tests, in vitest.config.ts. */
const PROJECTS = ["--project", "kit", "--project", "machine"];

export async function main(args: string[]): Promise<number> {
	requireTestHost();
	// Node 20 reads these certificates at each start, which takes it 35 ms. The tests start some thousands, and reach no server.
	delete process.env.NODE_EXTRA_CA_CERTS;
	return (
		(await lint()) ||
		(await runTool("vitest/vitest.mjs", "run", ...PROJECTS, ...args))
	);
}

/** One line of help after a fresh clone. */
function requireTestHost(): void {
	const obstacle = findObstacle();
	if (!obstacle) return;
	const [reason] = obstacle.split("\n");
	throw new CommandError(
		125,
		`${reason} Type: ${OPEN} npm test   or, as root on a throwaway Linux VM: WORKSHOP_SANDBOX=vm npm test`,
	);
}
