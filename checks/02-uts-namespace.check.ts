// Step 2: a host name that can change without any effect outside.

import {
	type Check,
	type Container,
	differs,
	hostnameOf,
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
			judge({ command, init, supervisor, where }) {
				const { uts } = init.namespaces;
				if (differs(uts, command.namespaces.uts, "its UTS namespace"))
					return supervisor.namespaces.uts === uts
						? {
								remark: `${where(/unshare\(/)}: the child moved itself, and that works for a UTS namespace. run() is the habit: the PID namespace of step 5 is only for children that start after the call`,
							}
						: undefined;
				return {
					seen: `the container still shares the dev container's UTS namespace, ${uts}`,
					why:
						supervisor.namespaces.uts !== uts
							? "a child starts in the namespaces that its parent is in at that moment: your supervisor moved after it had started the child"
							: "a child starts in its parent's namespaces, and your code made no new one",
					look: `${where(/unshare\(/)}: unshare(CLONE_NEWUTS) must happen in run(), before reexec()`,
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
					seen: `a rename in the container changed the dev container's name to ${JSON.stringify(name)}`,
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
					seen: `the grader's dev container was called ${JSON.stringify(before.name)} before, and is called ${JSON.stringify(after.name)} now`,
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
	withinUts(command.pid, () => sethostname(RENAMED));
	const outer = hostnameOf(init);
	withinUts(command.pid, () => sethostname(name));
	return outer;
}
