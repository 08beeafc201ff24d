import { join } from "node:path";
import { expect, test } from "vitest";
import { execute, HOME, quoted } from "../testing/kit.ts";

/** Gets both palettes, and then writes a word with each. */
const WRITE_BOTH = `
	const { colours, write } = require(${JSON.stringify(join(HOME, "kit/cli/terminal.ts"))});
	const one = colours(1), two = colours(2);
	write(1, one.bold("out") + one.$.enabled);
	write(2, two.bold("err") + two.$.enabled);
`;

test.each([
	["stdout", "2>/dev/null", "\u001b[1mout\u001b[22mtrue"],
	["stdout", "2>&1 | cat", "outfalseerrfalse"],
	["stderr", ">/dev/null", "\u001b[1merr\u001b[22mtrue"],
	["stderr", "| cat", "outfalse\u001b[1merr\u001b[22mtrue"],
	["both", "", "\u001b[1mout\u001b[22mtrue\u001b[1merr\u001b[22mtrue"],
])(
	"a palette for each: %s on a terminal, %s",
	async (_, redirection, expected) => {
		const node = [process.execPath, "--require", "tsx/cjs", "-e", WRITE_BOTH];
		const line = `${node.map(quoted).join(" ")} ${redirection}`;
		const { FORCE_COLOR, NO_COLOR, ...env } = process.env;
		const { stdout } = await execute(["script", "-qec", line, "/dev/null"], {
			cwd: HOME,
			env: { ...env, TERM: "xterm" },
		});
		// The order of the two depends on the pipe.
		expect(stdout.split("").sort()).toEqual(expected.split("").sort());
	},
);
