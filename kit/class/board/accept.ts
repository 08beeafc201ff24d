/** Whether what came over the network is a message. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { HOME } from "../../steps/catalog.ts";
import { LONGEST, type Message } from "../message.ts";

const SCHEMA = join(HOME, "kit/grader/class-message.schema.json");

let validate: ReturnType<Ajv["compile"]> | undefined;

/** The message, if a text is one. */
export function readMessage(text: string): Message | undefined {
	if (Buffer.byteLength(text) > LONGEST) return undefined;
	validate ??= new Ajv().compile(JSON.parse(readFileSync(SCHEMA, "utf8")));
	try {
		const value: unknown = JSON.parse(text);
		return validate(value) ? (value as Message) : undefined;
	} catch {
		return undefined;
	}
}
