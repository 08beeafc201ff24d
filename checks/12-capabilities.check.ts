// Step 12: the capabilities that Docker leaves to a container, and no others.

import {
	CAPABILITIES,
	type Check,
	type Container,
	DOCKER_CAPABILITIES,
	hostnameOf,
	maskIn,
	mountsOf,
	readStatus,
	requirement,
} from "../kit/grader/index.ts";

/** What root inside tries. None of it takes long, and all of it fails without CAP_SYS_ADMIN. */
const NAME = "renamed-by-root";
const SOURCE = "mounted-by-root";
const ATTEMPTS = [
	`hostname ${NAME}`,
	`mount -t tmpfs ${SOURCE} /mnt`,
	"umount /proc/sys",
];
const UMOUNT = ATTEMPTS.at(-1);

const SETS = ["CapEff", "CapPrm", "CapInh", "CapAmb"] as const;

export default {
	together: {
		id: "capabilities",
		title: "root inside still has Docker's capabilities, as in step 12",
	},
	requirements: [
		requirement({
			id: "bounding",
			title:
				"no program in it can get more capabilities than Docker's fourteen",
			lasts: true,
			see: ({ command }) => capabilities(command.pid, "CapBnd"),
			judge({ where }, bounding) {
				const extra = without(bounding, DOCKER_CAPABILITIES);
				if (extra.length === 0) return undefined;
				return {
					seen: `its bounding set has ${extra.length} more: ${some(extra)}`,
					why: "at execve, root gets all capabilities that are in the bounding set, capabilities(7)",
					look: `${where(/limitCapabilities|execvp\(/)}: limitCapabilities(DOCKER_CAPABILITIES) in child(), above execvp(command)`,
				};
			},
		}),
		requirement({
			id: "effective",
			title: "the command itself has no more than those",
			lasts: true,
			see: ({ command }) =>
				SETS.map((set) => ({ set, has: capabilities(command.pid, set) })),
			judge({ where }, sets) {
				for (const { set, has } of sets) {
					const extra = without(has, DOCKER_CAPABILITIES);
					if (extra.length > 0)
						return {
							seen: `${set} in its /proc/self/status has ${extra.length} more: ${some(extra)}`,
							why: "these are the capabilities that the kernel asks for at a system call, or that execve passes on",
							look: `${where(/limitCapabilities|execvp\(/)}: limitCapabilities(DOCKER_CAPABILITIES) in child(), above execvp(command)`,
						};
				}
				return undefined;
			},
		}),
		requirement({
			id: "kept",
			title: "it has the fourteen: chown, kill, and apt-get work",
			lasts: true,
			see: ({ init, command }) => ({
				outer: capabilities(init, "CapEff"),
				inner: capabilities(command.pid, "CapEff"),
			}),
			judge({ where }, { outer, inner }) {
				const missing = DOCKER_CAPABILITIES.filter(
					(name) => outer.includes(name) && !inner.includes(name),
				);
				if (missing.length === 0) return undefined;
				return {
					seen: `it lacks ${some(missing)}`,
					why: "what a container needs root for takes these: changing the owner of a file, becoming another user, listening on port 80",
					look: `${where(/limitCapabilities/)}: limitCapabilities(DOCKER_CAPABILITIES): the list says what stays`,
				};
			},
		}),
		requirement({
			id: "no-new-privileges",
			title: "no program that it starts gains privileges",
			lasts: true,
			see: ({ command }) => readStatus(command.pid)?.get("NoNewPrivs"),
			judge({ where }, bit) {
				if (bit === "1") return undefined;
				return {
					seen: `NoNewPrivs in its /proc/self/status is ${bit ?? "not there"}`,
					why: "a program with the set-user-ID bit runs as the user that owns it, whoever starts it. With no_new_privs, the kernel passes that bit over",
					look: `${where(/setNoNewPrivs|execvp\(/)}: setNoNewPrivs() in child(), above execvp(command)`,
				};
			},
		}),
		requirement({
			id: "refused",
			title: "root inside can't rename it, mount, or unmount /proc/sys",
			lasts: true,
			inside: ATTEMPTS.map((attempt) => `(${attempt}) >/dev/null 2>&1`).join(
				"\n",
			),
			see: succeeded,
			judge({ where }, attempt) {
				if (attempt === undefined) return undefined;
				return {
					seen: `root in the container did \`${attempt}\``,
					why: "all of that takes CAP_SYS_ADMIN, and what your code has locked and covered is open again then",
					look: `${where(/limitCapabilities|execvp\(/)}: limitCapabilities(DOCKER_CAPABILITIES) in child(), above execvp(command)`,
				};
			},
		}),
	],
} satisfies Check;

/** A process's capabilities by name, in one of its sets. Those that this kernel knows and the list does not are numbers. */
function capabilities(pid: number, set: string): string[] {
	const mask = maskIn(readStatus(pid), set);
	return Array.from({ length: 64 }, (_, bit) => bit)
		.filter((bit) => (mask >> BigInt(bit)) & 1n)
		.map((bit) => CAPABILITIES[bit] ?? `number ${bit}`);
}

function without(names: string[], others: readonly string[]): string[] {
	return names.filter((name) => !others.includes(name));
}

function some(names: readonly string[]): string {
	const FEW = 3;
	const shown = names.slice(0, FEW).join(", ");
	return names.length > FEW
		? `${shown} and ${names.length - FEW} others`
		: shown;
}

/** The first attempt that has worked. */
function succeeded({ command }: Container): string | undefined {
	const [rename, mount] = ATTEMPTS;
	const mounts = mountsOf(command.pid);
	if (hostnameOf(command.pid) === NAME) return rename;
	if (mounts.some(({ source }) => source === SOURCE)) return mount;
	if (mounts.every(({ target }) => target !== "/proc/sys")) return UMOUNT;
	return undefined;
}
