import { sharing } from "../proc/sharing.ts";
import { NotSeen } from "./requirement.ts";

/**
 * Whether two sides have something else of a kind, by its identity.
 *
 * @param what its name, for where one of them could not be read
 * @throws NotSeen there: what can't be read proves nothing
 */
export function differs(one: string, other: string, what: string): boolean {
	const answer = sharing(one, other);
	if (answer === "unknown") throw new NotSeen(`${what} could not be read`);
	return answer === "own";
}
