// Step 13: a filter on its system calls.

import {
	type Check,
	CLONE_NEWUSER,
	type Container,
	readFamily,
	readStatus,
	requirement,
	tryCall,
	tryNamespaces,
} from "../kit/grader/index.ts";

/** Where the command writes the small programs that make the calls. */
const PROGRAM = "/tmp/call";

/** Calls that must be refused, beside those that make namespaces. With zeros for arguments, none of them does anything. */
const CALLS = [
	...(["setns", "mount", "umount2", "pivot_root"] as const),
	...(["keyctl", "add_key", "request_key", "bpf", "io_uring_setup"] as const),
];

const [EPERM, ENOSYS] = [1, 38];

export default {
	requirements: [
		requirement({
			id: "filter",
			title: "a filter of its own is at work, beside the dev container's",
			lasts: true,
			see: ({ init, command }) => ({
				outer: filtersOf(init),
				inner: filtersOf(command.pid),
			}),
			judge({ where }, { outer, inner }) {
				if (inner.mode === "2" && inner.count > outer.count) return undefined;
				return {
					seen:
						inner.mode === "2"
							? `its system calls pass the dev container's ${outer.count === 1 ? "filter" : "filters"}, and no other`
							: `Seccomp in its /proc/self/status is ${inner.mode}: no filter`,
					why: "a filter counts for the process that sets it, and for all that this process becomes and starts",
					look: `${where(/denySyscalls|execvp\(/)}: denySyscalls("unshare", "clone", …) in child(), above execvp(command)`,
				};
			},
		}),
		requirement({
			id: "unshare",
			title: "unshare(2) makes no user namespace",
			lasts: true,
			inside: attempt("unshare"),
			see: inUserNamespaces,
			judge({ where }, made) {
				if (!made) return undefined;
				return {
					seen: "root in the container made a user namespace by unshare(2), and has all capabilities in it",
					why: "in a new user namespace its maker has every capability, whatever the bounding set was: so it can mount again",
					look: `${where(/denySyscalls/)}: "unshare" in denySyscalls(…)`,
				};
			},
		}),
		requirement({
			id: "clone",
			title: "clone(2) and clone3(2) make no user namespace",
			lasts: true,
			inside: `${attempt("clone")}; ${attempt("clone3")}`,
			see: inUserNamespaces,
			judge({ where }, made) {
				if (!made) return undefined;
				return {
					seen: "root in the container made a user namespace by clone(2), with the flag CLONE_NEWUSER",
					why: "unshare(2) is one of three calls that make namespaces; clone(2) and clone3(2) make them together with a process",
					look: `${where(/denySyscalls/)}: "clone" in denySyscalls(…): it is refused only with such a flag, and clone3 with it`,
				};
			},
		}),
		requirement({
			id: "calls",
			title: `the kernel refuses ${CALLS.slice(0, -1).join(", ")} and ${CALLS.at(-1)}`,
			lasts: true,
			inside: CALLS.map(
				(call) =>
					`${tryCall(call, PROGRAM)}; echo "${said(call)} $?"; rm -f ${PROGRAM}`,
			).join("\n"),
			judge({ outcome: { stdout }, where }) {
				const open = CALLS.filter(
					(call) =>
						!stdout.includes(`${said(call)} ${EPERM}\n`) &&
						!stdout.includes(`${said(call)} ${ENOSYS}\n`),
				);
				if (open.length === 0) return undefined;
				return {
					seen: `a program in the container called ${open.join(", ")}, and no filter refused ${open.length === 1 ? "it" : "them"}`,
					why: "setns and the three that mount undo what your code has done, as soon as somebody has the right to it; the others reach what no namespace separates",
					look: `${where(/denySyscalls/)}: ${open.map((call) => `"${call}"`).join(", ")} in denySyscalls(…)`,
				};
			},
		}),
	],
} satisfies Check;

function filtersOf(pid: number) {
	const status = readStatus(pid);
	return {
		mode: status?.get("Seccomp") ?? "0",
		count: Number(status?.get("Seccomp_filters") ?? 0),
	};
}

function attempt(call: "unshare" | "clone" | "clone3"): string {
	return `${tryNamespaces(call, CLONE_NEWUSER, PROGRAM)}; rm -f ${PROGRAM}`;
}

/** Whether a process of the container is in another user namespace than the dev container. */
function inUserNamespaces({ init, command }: Container): boolean {
	const [first] = readFamily(init);
	return readFamily(command.pid).some(
		({ namespaces }) => namespaces.user !== first?.namespaces.user,
	);
}

/** What the command says before a call's error number. */
function said(call: string): string {
	return `system call ${call}:`;
}
