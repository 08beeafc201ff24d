import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Gives the tests an empty home directory: the shells that they open must not
 * read what the user's own `.bashrc` says, which may wait for another shell.
 */
export default function setUpHome(): () => void {
	const home = mkdtempSync(join(tmpdir(), "home-"));
	process.env.HOME = home;
	return () => rmSync(home, { recursive: true, force: true });
}
