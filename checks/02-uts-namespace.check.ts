// Step 2: a host name that can change without any effect outside.

import {
	askedFor,
	type Check,
	type Container,
	differs,
	hostnameOf,
	namespacesOf,
	requirement,
	sethostname,
	withinUts,
} from "../kit/grader/index.ts";

/** The name that the grader gives the container, as root inside could. */
const RENAMED = "renamed-inside";

export default {
	requirements: [
		requirement({
			id: "uts",
			title: "it has its own UTS namespace",
			lasts: true,
			async judge(seen) {
				const { command, init, supervisor, where } = seen;
				const { uts } = init.namespaces;
				if (differs(uts, command.namespaces.uts, "its UTS namespace"))
					return supervisor.namespaces.uts === uts
						? {
								remark: `${where(/unshare\(/)}: the child moved itself, and that works for a UTS namespace. run() is the habit: the PID namespace of step 5 is only for children that start after the call`,
							}
						: undefined;
				const asked = await askedFor("CLONE_NEWUTS", seen);
				const late = asked.late || supervisor.namespaces.uts !== uts;
				return {
					seen: `the container still shares the dev container's UTS namespace${asked.seen && `: ${asked.seen}`}`,
					why: late
						? "a child starts in the namespaces that its parent is in at that moment: your supervisor moved after it had started the child"
						: "a child starts in its parent's namespaces, and no new UTS namespace was made before it started",
					look:
						asked.look ??
						`${where(/unshare\(/)}: unshare(CLONE_NEWUTS) must happen in run(), before reexec()`,
				};
			},
		}),
		requirement({
			id: "rename",
			title: "a rename inside is not seen outside",
			see: outerNameDuringRename,
			judge({ where }, name) {
				if (name !== RENAMED) return undefined;
				return {
					seen: "a rename in the container also renamed the dev container: the grader's copy of it",
					why: "both are in one UTS namespace, and a UTS namespace has one name",
					look: `${where(/unshare\(/)}: unshare(CLONE_NEWUTS) in run(), before reexec()`,
				};
			},
		}),
		requirement({
			id: "outer-name",
			title: "the dev container keeps its name",
			lasts: true,
			judge({ before, after, where }) {
				if (before.name === after.name) return undefined;
				return {
					seen: `the grader's copy of your dev container has lost its name, and is called ${JSON.stringify(after.name)} now`,
					why: "sethostname(2) renames the caller's UTS namespace, and the caller was still in the dev container's",
					look: `${where(/sethostname\(|unshare\(/)}: set the name in child(), and call unshare(CLONE_NEWUTS) in run()`,
				};
			},
		}),
		requirement({
			id: "ipc",
			title: "it also has its own IPC namespace",
			extra: true,
			judge({ command, init, where }) {
				const { ipc } = init.namespaces;
				if (differs(ipc, command.namespaces.ipc, "its IPC namespace"))
					return undefined;
				return {
					seen: "the container shares the dev container's IPC namespace",
					why: "each kind of namespace has a flag of its own",
					look: `${where(/unshare\(/)}: flags are joined with |`,
				};
			},
		}),
	],
} satisfies Check;

/** Renames the container for a moment. By the system call, since Docker makes /proc/sys read-only. */
function outerNameDuringRename({ init, command }: Container) {
	const name = hostnameOf(command.pid);
	if (name === undefined) return undefined;
	// Whatever way a container has found out of the sandbox, this machine keeps its name.
	if (namespacesOf(command.pid).uts === namespacesOf(process.pid).uts)
		return RENAMED;
	withinUts(command.pid, () => sethostname(RENAMED));
	const outer = hostnameOf(init);
	withinUts(command.pid, () => sethostname(name));
	return outer;
}
