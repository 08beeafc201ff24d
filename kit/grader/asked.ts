/** What a container.ts asked of unshare(2), where that explains a verdict. It never decides one. */

import { stripVTControlCharacters } from "node:util";
import type { Judged } from "./requirement.ts";

/** Words about a missing namespace. */
export interface Asked {
	/** "run asked for CLONE_NEWUTS alone". Empty where the flag was asked for. */
	seen: string;
	/** What to change, if that is known. */
	look: string | undefined;
	/** run() called unshare with the flag, but after reexec(). */
	late: boolean;
}

/** Runs the container again, and reads in its trace what was asked for. */
export async function askedFor(
	flag: string,
	{ run, where }: Judged,
): Promise<Asked> {
	const { stderr } = await run(["--trace", "true"]);
	const lines = stripVTControlCharacters(stderr).split("\n");
	const calls = lines.flatMap((line, index) => {
		const call = /^(run|child) +unshare\(([^)]*)\) = 0$/.exec(line);
		return call ? [{ role: call[1], flags: call[2] ?? "", index }] : [];
	});
	const started = lines.findIndex((line) => /^run +reexec\(/.test(line));
	const asking = calls.find(({ flags }) => flags.split("|").includes(flag));
	if (asking) {
		const late = asking.role === "run" && asking.index > started;
		return { seen: "", look: undefined, late };
	}
	const all = calls.map(({ role, flags }) => `${role}() asked for ${flags}`);
	const or = /unshare\([^)]*\|\|/;
	return {
		seen:
			all.length > 0 ? `${all.join(", ")} alone` : "no unshare() was called",
		look:
			where(or) === where()
				? undefined
				: `${where(or)}: join the flags with |; A || B is A alone`,
		late: false,
	};
}
