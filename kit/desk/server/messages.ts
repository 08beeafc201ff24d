/** Reads what a page sends: anything may be in it. */

import { OPINIONS } from "../../class/member.ts";
import type { FromDesk, FromTerminal } from "../protocol.ts";
import { stepOf } from "./files.ts";
import { MOST_PLACE } from "./place.ts";

type Fields = Record<string, unknown>;

const isText = (value: unknown) => typeof value === "string";
const isNumber = (value: unknown) => Number.isFinite(value);
const hasStep = ({ step }: Fields) => stepOf(step) !== undefined;

/** What each message must have. */
const DESK: Record<FromDesk["type"], (fields: Fields) => boolean> = {
	open: hasStep,
	save: (it) => hasStep(it) && isText(it.text) && isText(it.version),
	grade: hasStep,
	hint: hasStep,
	diff: hasStep,
	hand: (it) => hasStep(it) && typeof it.up === "boolean",
	opinion: (it) =>
		hasStep(it) && OPINIONS.some((opinion) => opinion === it.opinion),
	openTerminal: ({ name, columns, rows }) =>
		typeof name === "string" &&
		name.length <= 40 &&
		isNumber(columns) &&
		isNumber(rows),
	closeTerminal: ({ id }) => isText(id),
	place: ({ place }) =>
		isFields(place) &&
		hasStep(place) &&
		JSON.stringify(place).length <= MOST_PLACE,
};

const TERMINAL: Record<FromTerminal["type"], (fields: Fields) => boolean> = {
	resize: ({ columns, rows }) => isNumber(columns) && isNumber(rows),
	ack: ({ bytes }) => isNumber(bytes),
};

/** A message of /desk; undefined for what is none. */
export function readDeskMessage(text: string): FromDesk | undefined {
	return readMessage(text, DESK) as FromDesk | undefined;
}

/** A text frame of /terminal/ID; undefined for what is none. */
export function readTerminalMessage(text: string): FromTerminal | undefined {
	return readMessage(text, TERMINAL) as FromTerminal | undefined;
}

function readMessage(
	text: string,
	types: Record<string, (fields: Fields) => boolean>,
): Fields | undefined {
	try {
		const message: unknown = JSON.parse(text);
		if (!isFields(message) || typeof message.type !== "string")
			return undefined;
		const { type } = message;
		const known = Object.hasOwn(types, type);
		return known && types[type]?.(message) ? message : undefined;
	} catch {
		return undefined;
	}
}

function isFields(value: unknown): value is Fields {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
