import { sharing } from "../proc/sharing.ts";
import { NotSeen } from "./errors.ts";

/**
 * Whether two sides differ in one kind, by its identity.
 *
 * @param what its name, for the message
 * @throws NotSeen if one side could not be read, which proves nothing
 */
export function differs(one: string, other: string, what: string): boolean {
	const answer = sharing(one, other);
	if (answer === "unknown") throw new NotSeen(`${what} could not be read`);
	return answer === "own";
}
