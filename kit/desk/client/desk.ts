/** The connection to the server, and what the panes have in common: the open step, and who wants which message. */

import type { FromDesk, Hello, StepInfo, ToDesk } from "../protocol.ts";
import { openSocket } from "./socket.ts";

type Message<Type extends ToDesk["type"]> = Extract<ToDesk, { type: Type }>;

export interface Desk {
	/** Says whether there was a connection to send it on. */
	send(message: FromDesk): boolean;
	/** Calls `act` at each message of a type. */
	on<Type extends ToDesk["type"]>(
		type: Type,
		act: (message: Message<Type>) => void,
	): void;
	/** Calls `act` with the step that is opened, now and later. */
	onStep(act: (step: StepInfo) => void): void;
	/** Opens a step in all panes. */
	open(id: string): void;
	/** The open step. */
	step(): StepInfo | undefined;
	steps(): StepInfo[];
	/** Keeps something for the next visit, beside the open step. */
	remember(more: Record<string, unknown>): void;
}

/** @param connection told whether there is one, whenever that changes */
export function openDesk(connection: (isOpen: boolean) => unknown): Desk {
	const listeners = new Map<string, ((message: never) => void)[]>();
	const watchers: ((step: StepInfo) => void)[] = [];
	let steps: StepInfo[] = [];
	let current = "";
	let place: Record<string, unknown> = {};
	let first: Hello | undefined;

	const socket = openSocket("/desk", {
		received(data) {
			const message: ToDesk = JSON.parse(String(data));
			if (message.type === "hello") {
				// Another bundle would speak to the server in words of its own time.
				if (first && first.build !== message.build) return location.reload();
				connection(true);
				place = { ...message.place };
			}
			if ("steps" in message) steps = message.steps;
			for (const act of listeners.get(message.type) ?? [])
				act(message as never);
			if (message.type === "hello") {
				first = message;
				begin(message);
			}
		},
		lost: () => connection(false),
	});

	/** At the first connection: where the learner was. After that: what is open here. */
	function begin({ place, steps }: Hello): void {
		if (current) return void send({ type: "open", step: current });
		const known = (id: unknown) => steps.some((step) => step.id === id);
		const open = steps.find(({ state }) => state !== "done") ?? steps[0];
		const id = known(place?.step) ? String(place?.step) : open?.id;
		if (id) open_(id);
	}
	function send(message: FromDesk): boolean {
		return socket.send(JSON.stringify(message));
	}
	function open_(id: string): void {
		const step = steps.find((step) => step.id === id);
		if (!step) return;
		current = id;
		for (const act of watchers) act(step);
		send({ type: "open", step: id });
		send({ type: "place", place: { ...place, step: id } });
	}

	return {
		send,
		on: (type, act) =>
			void listeners.set(type, [...(listeners.get(type) ?? []), act]),
		onStep: (act) => void watchers.push(act),
		open: open_,
		step: () => steps.find(({ id }) => id === current),
		steps: () => steps,
		remember(more) {
			place = { ...place, ...more };
			send({ type: "place", place: { ...place, step: current } });
		},
	};
}
