/** Tries what the kernel allows here: what is tried, and what came of it. */

import { SyscallError } from "../../runtime/errors.ts";
import { advise } from "./advice.ts";
import { capital, type Finding, OPEN } from "./requirements.ts";

/** Tries one thing. An error is told with what it means here. */
export function attempt(
	title: string,
	tried: string,
	trial: () => void,
): Finding {
	try {
		trial();
		return { title, tried };
	} catch (error) {
		const { message } = error as Error;
		const advice = error instanceof SyscallError ? advise(error) : undefined;
		return {
			title,
			tried,
			problem: advice ? `${message}: ${advice.means}` : message,
			todo: advice ? capital(advice.todo) : `Open the dev container: ${OPEN}`,
		};
	}
}
