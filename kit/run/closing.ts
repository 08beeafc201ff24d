/** What is told after a container's end, on a terminal: what it had of its own, and what it left behind. */

import { ROOTFS } from "../../runtime/rootfs.ts";
import { colours, wrapToTerminal, write } from "../cli/terminal.ts";
import { compare, ownAndShared, snapshot } from "../look/compare.ts";
import { addedMounts, mountsOf } from "../proc/mounts.ts";
import { hostnameOf } from "../proc/namespaces.ts";
import { onHandshake } from "./handshake.ts";

/**
 * Looks at the dev container now and at the container when its command begins.
 *
 * @returns writes the closing words
 */
export function watchContainer(): () => void {
	const tellOwnAndShared = watchStart();
	const tellLeftovers = watchDevContainer();
	return () => {
		tellOwnAndShared();
		tellLeftovers();
	};
}

/** What the container had of its own and what it shared, seen when its command began. */
function watchStart(): () => void {
	const outside = snapshot(process.pid);
	let sentences: string[] = [];
	onHandshake((pid) => {
		const inside = snapshot(pid);
		sentences = inside.namespaces.uts
			? ownAndShared(compare(outside, inside))
			: [
					"What is the container's own can't be told: its procfs hides the dev container's from run().",
				];
	});
	return () => {
		const { dim } = colours(2);
		write(2, wrapToTerminal(2, sentences.map((it) => dim(`${it}\n`)).join("")));
	};
}

/**
 * Mistakes that are seen too late otherwise: another name for the dev container,
 * and mounts that outlive the container, with the command that undoes each. The
 * supervisor may move to namespaces of its own; its parent does not.
 */
function watchDevContainer(): () => void {
	// Neither can be read once a procfs of the container's is mounted over /proc.
	const look = () => ({
		name: hostnameOf(process.ppid),
		mounts: mountsOf(process.ppid),
	});
	const before = look();
	return () => {
		const { name, mounts } = look();
		let text = "";
		if (name !== undefined && name !== before.name)
			text += `This renamed the dev container itself, from ${before.name} to ${name}. Back again:\n  hostname ${before.name}\n`;
		// Only what is the container's: others may mount things meanwhile.
		const left = addedMounts(before.mounts, mounts).filter(
			({ type, target }) => type === "proc" || target.startsWith(`${ROOTFS}/`),
		);
		if (left.length > 0)
			text += `This left a mount in the dev container, which outlives yours. Remove it with:\n${left.map(({ target }) => `  umount ${target}\n`).join("")}`;
		write(2, wrapToTerminal(2, text));
	};
}
