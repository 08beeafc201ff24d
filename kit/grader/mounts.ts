/** What a container has done to the dev container's mounts. */

import { addedMounts, type Mount } from "../proc/mounts.ts";
import type { DevContainer } from "./observe.ts";

/**
 * Mounts that the dev container no longer has. When another program removes a mount
 * point, the mount vanishes from all namespaces: what the machine itself has
 * lost, no container has unmounted.
 */
export function lostMounts(before: DevContainer, after: DevContainer): Mount[] {
	const gone = addedMounts(after.host, before.host).map(nameOf);
	return addedMounts(after.mounts, before.mounts).filter(
		(mount) => !gone.includes(nameOf(mount)),
	);
}

/** Mounts of the dev container's own that were shared and are not any more. */
export function unsharedMounts(
	before: DevContainer,
	after: DevContainer,
): Mount[] {
	const left = new Set(after.mounts.filter(isShared).map(({ id }) => id));
	const there = new Set(after.mounts.map(({ id }) => id));
	return before.mounts.filter(
		(mount) => isShared(mount) && there.has(mount.id) && !left.has(mount.id),
	);
}

/** Mount IDs differ from namespace to namespace. */
function nameOf({ type, source, target }: Mount): string {
	return [type, source, target].join("\0");
}

/** The optional fields stand before the dash. proc_pid_mountinfo(5) */
function isShared({ line }: Mount): boolean {
	return / shared:\d+/.test(line.split(" - ")[0] ?? "");
}
