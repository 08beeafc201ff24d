/**
 * How vitest's runner learns what is to be graded. It asks once it is loaded, in its
 * thread, and so it can be started before anybody knows: that is most of a grading's start.
 */

import { BroadcastChannel } from "node:worker_threads";
import type { Subject } from "./subject.ts";

/** Asks the grader, by the name of a channel of its own. */
export function ask(name: string): Promise<Subject[]> {
	const channel = new BroadcastChannel(name);
	return new Promise((resolve) => {
		channel.onmessage = ({ data }) => {
			channel.close();
			resolve(data as Subject[]);
		};
		channel.postMessage("what is graded?");
	});
}

/**
 * Answers the runner, when it has asked and the answer is known.
 *
 * @returns a function that ends the answering
 */
export function answer(name: string, subjects: Promise<Subject[]>): () => void {
	const channel = new BroadcastChannel(name);
	channel.unref();
	channel.onmessage = async () => channel.postMessage(await subjects);
	return () => channel.close();
}
