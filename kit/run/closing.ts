/** The closing words on a terminal: what the container had of its own, and what it left behind. */

import { ROOTFS } from "../../runtime/rootfs.ts";
import {
	colours,
	printable,
	shellWord,
	wrapToTerminal,
	write,
} from "../cli/terminal.ts";
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
					"The kit can't tell what is the container's own: the container's procfs hides the dev container's /proc.",
				];
	});
	return () => {
		const { dim } = colours(2);
		write(2, wrapToTerminal(2, sentences.map((it) => dim(`${it}\n`)).join("")));
	};
}

/**
 * Reports mistakes that otherwise show too late: a new name for the dev container,
 * and mounts that outlive the container. Each comes with the command that undoes it. The
 * supervisor may move to new namespaces; its parent does not.
 */
function watchDevContainer(): () => void {
	// Read now: the container may mount its own procfs over /proc.
	const look = () => ({
		name: hostnameOf(process.ppid),
		mounts: mountsOf(process.ppid),
	});
	const before = look();
	return () => {
		const { name, mounts } = look();
		let text = "";
		if (name !== undefined && name !== before.name)
			text += `This renamed the dev container itself, from ${printable(String(before.name))} to ${printable(name)}. Undo it with:\n  hostname ${shellWord(String(before.name))}\n`;
		// Only the container's mounts: other programs may mount something meanwhile.
		const left = addedMounts(before.mounts, mounts).filter(
			({ type, target }) => type === "proc" || target.startsWith(`${ROOTFS}/`),
		);
		if (left.length > 0)
			text += `Your container left a mount in the dev container. Remove it with:\n${left.map(({ target }) => `  umount ${shellWord(target)}\n`).join("")}`;
		write(2, wrapToTerminal(2, text));
	};
}
