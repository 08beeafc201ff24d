/**
 * `node kit/launch.cjs kit/host/later-needs.ts`: tries what the steps of Part two need, in
 * this process, and prints the findings as JSON. A step's page says what it is the first to need.
 */

import {
	CLONE_NEWNET,
	CLONE_NEWNS,
	MNT_DETACH,
	MS_BIND,
	MS_PRIVATE,
	MS_REC,
} from "../../runtime/constants.ts";
import { mkdir } from "../../runtime/files.ts";
import { openNetwork, setUp } from "../../runtime/network.ts";
import { pivotRoot } from "../../runtime/pivot-root.ts";
import { ROOTFS } from "../../runtime/rootfs.ts";
import { chdir, mount, umount, unshare } from "../../runtime/syscalls.ts";
import { write } from "../cli/terminal.ts";
import { firstToNeed, type Need } from "../steps/needs.ts";
import { prepareCgroup, removeCgroup } from "./cgroup.ts";
import type { Finding } from "./requirements.ts";
import { attempt } from "./trial.ts";

/** In this order: after pivot_root the machine's files are gone. An image asks nothing of the machine. */
const TRIALS: Record<Exclude<Need, "image">, () => Finding> = {
	cgroup: tryCgroup,
	NET_ADMIN: () =>
		attempt(
			"CAP_NET_ADMIN",
			"a network namespace, its loopback switched on",
			() => {
				unshare(CLONE_NEWNET);
				setUp(openNetwork(), "lo");
			},
		),
	pivot_root: () => attempt("pivot_root", `pivot_root to ${ROOTFS}`, tryPivot),
};

export function main(): number {
	const findings = Object.entries(TRIALS).flatMap(([need, look]) => {
		const step = firstToNeed(need as Need);
		return step ? [{ ...look(), fromStep: step.number }] : [];
	});
	const inOrder = findings.sort((one, two) => one.fromStep - two.fromStep);
	write(1, JSON.stringify(inOrder));
	return 0;
}

function tryCgroup(): Finding {
	let missing: string[] = [];
	const finding = attempt(
		"a cgroup with limits",
		"mkdir below /sys/fs/cgroup",
		() => {
			const place = prepareCgroup();
			missing = place.missing;
			mkdir(place.path);
			removeCgroup(place.path);
		},
	);
	if (finding.problem || missing.length === 0) return finding;
	return {
		...finding,
		problem: `The cgroups of this machine can't set ${missing.join(" and ")}: that takes version 2`,
		todo: "Go on all the same: the limit on processes holds, and the steps after this one need no other",
	};
}

function tryPivot(): void {
	unshare(CLONE_NEWNS);
	mount(null, "/", null, MS_REC | MS_PRIVATE);
	mount(ROOTFS, ROOTFS, null, MS_BIND | MS_REC);
	chdir(ROOTFS);
	pivotRoot(".", ".");
	umount(".", MNT_DETACH);
}
