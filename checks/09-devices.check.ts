// Step 9: a /dev and a /sys of its own, and no hold on the settings of the machine.

import {
	accessSync,
	closeSync,
	constants,
	existsSync,
	lstatSync,
	openSync,
	readdirSync,
	type Stats,
	statSync,
} from "node:fs";
import {
	type Check,
	type Container,
	MASKED_PATHS,
	type Mount,
	placeOf,
	READONLY_PATHS,
	requirement,
} from "../kit/grader/index.ts";

/** The devices that every container has, with the kernel's numbers. */
const DEVICES = {
	null: [1, 3],
	zero: [1, 5],
	full: [1, 7],
	random: [1, 8],
	urandom: [1, 9],
	tty: [5, 0],
} as const;

export default {
	together: {
		id: "devices",
		title: "its /dev, its /sys and its /proc are still as in step 9",
	},
	requirements: [
		requirement({
			id: "dev",
			title: "its /dev is a tmpfs of its own",
			lasts: true,
			see: (container) => ({
				mount: mountOn(container, "/dev"),
				isOuter: isOuter(container, "/dev"),
				mode: modeOf(container, "/dev"),
			}),
			judge({ where }, { mount, isOuter, mode }) {
				const look = `${where(/"\/dev"/)}: mount("tmpfs", "/dev", "tmpfs", MS_NOSUID, "mode=755") in child(), below the mount of /proc`;
				if (mount?.type !== "tmpfs" || isOuter)
					return {
						seen: isOuter
							? "its /dev is the dev container's"
							: mount
								? `what is mounted on its /dev is of type ${mount.type}`
								: "nothing is mounted on its /dev",
						why: "what is mounted before the pivot lies on the old root's /dev, and goes with it; the image's own /dev has what the image happens to have",
						look,
					};
				if ((mode & 0o022) === 0) return undefined;
				return {
					seen: `its /dev has the mode ${mode.toString(8)}: everybody may make files there`,
					why: "a tmpfs is made for /tmp, and has the mode 1777 unless it is told another",
					look,
				};
			},
		}),
		requirement({
			id: "nodes",
			title: "it has the six devices: null, zero, full, random, urandom, tty",
			lasts: true,
			see: devicesIn,
			judge({ where }, faults) {
				const [fault] = faults;
				if (fault === undefined) return undefined;
				return {
					seen: fault,
					why: "a program opens /dev/null as a file; what makes it a device are its type and its two numbers, mknod(2), and a mount without MS_NODEV",
					look: `${where(/makeDevices\(|"\/dev"/)}: makeDevices("/dev") below the mount on /dev, which has MS_NOSUID and no MS_NODEV`,
				};
			},
		}),
		requirement({
			id: "pts",
			title: "it can open a terminal in its own /dev/pts",
			lasts: true,
			see: (container) => ({
				mount: mountOn(container, "/dev/pts"),
				isOuter: isOuter(container, "/dev/pts"),
				mode: modeOf(container, "/dev/pts/ptmx"),
				opens: opens(`/proc/${container.command.pid}/root/dev/ptmx`),
			}),
			judge({ where }, { mount, isOuter, mode, opens }) {
				const own = mount?.type === "devpts" && !isOuter;
				if (own && opens && (mode & 0o666) === 0o666) return undefined;
				return {
					seen: isOuter
						? "its /dev/pts is the dev container's, with the terminals of all others"
						: !own
							? "no devpts is mounted on its /dev/pts"
							: opens
								? `its /dev/ptmx has the mode ${mode.toString(8)}: only root can open a terminal`
								: "its /dev/ptmx can't be opened",
					why: "script, ssh and apt-get open a terminal of their own: they open /dev/ptmx, and the kernel makes another file in /dev/pts",
					look: `${where(/devpts/)}: mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "ptmxmode=0666,mode=0620,gid=5"), below makeDevices`,
				};
			},
		}),
		requirement({
			id: "shm",
			title: "it has shared memory of its own in /dev/shm",
			lasts: true,
			see: (container) => ({
				mount: mountOn(container, "/dev/shm"),
				isOuter: isOuter(container, "/dev/shm"),
			}),
			judge({ where }, { mount, isOuter }) {
				if (mount?.type === "tmpfs" && !isOuter) return undefined;
				return {
					seen: isOuter
						? "its /dev/shm is the dev container's"
						: "no tmpfs is mounted on its /dev/shm",
					why: "shm_open(3) and sem_open(3) make their files there",
					look: `${where(/\/dev\/shm/)}: mount("shm", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC), below makeDevices`,
				};
			},
		}),
		requirement({
			id: "sys",
			title: "it has a /sys that it can only read",
			lasts: true,
			see: (container) => mountOn(container, "/sys"),
			judge({ where }, mount) {
				if (mount?.type === "sysfs" && isReadOnly(mount)) return undefined;
				return {
					seen:
						mount?.type === "sysfs"
							? "its /sys can be written to"
							: "no sysfs is mounted on its /sys",
					why: "sysfs shows the machine's devices, and who writes there sets them: there is one kernel, and one set of devices",
					look: `${where(/sysfs/)}: mount("sysfs", "/sys", "sysfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)`,
				};
			},
		}),
		requirement({
			id: "locked",
			title: "it can't write the machine's settings in /proc",
			lasts: true,
			see: ({ command }) =>
				READONLY_PATHS.filter((path) =>
					isWritable(`/proc/${command.pid}/root${path}`),
				),
			judge({ where }, writable) {
				const [path] = writable;
				if (path === undefined) return undefined;
				return {
					seen: `root in the container can write to its ${path}`,
					why: `those are settings of the whole machine, whatever namespaces a process is in. A bind mount alone stays as writable as what it shows`,
					look: `${where(/READONLY_PATHS|makeReadOnly/)}: for (const path of READONLY_PATHS) makeReadOnly(path), below the mount of /proc`,
				};
			},
		}),
		requirement({
			id: "masked",
			title: "it can't read what tells of the whole machine",
			lasts: true,
			see: ({ init, command }) =>
				MASKED_PATHS.filter((path) =>
					existsSync(`/proc/${init}/root${path}`),
				).filter((path) => shows(`/proc/${command.pid}/root${path}`)),
			judge({ where }, shown) {
				const [path] = shown;
				if (path === undefined) return undefined;
				return {
					seen: `its ${path} shows what the machine has there`,
					why: "what the kernel tells there is about the machine and everybody on it: keys, timers, memory, firmware",
					look: `${where(/MASKED_PATHS|mask\(/)}: for (const path of MASKED_PATHS) mask(path), below the mounts of /proc, /dev and /sys`,
				};
			},
		}),
	],
} satisfies Check;

/** What is mounted uppermost on a path of the container. */
function mountOn({ command }: Container, path: string): Mount | undefined {
	return command.mounts.findLast(({ target }) => target === path);
}

/** Whether a path leads to the same directory in the container and outside. */
function isOuter({ init, command }: Container, path: string): boolean {
	const inside = placeOf(`/proc/${command.pid}/root${path}`).id;
	return inside !== "" && inside === placeOf(`/proc/${init}/root${path}`).id;
}

function modeOf({ command }: Container, path: string): number {
	const stats = look(`/proc/${command.pid}/root${path}`);
	return (stats?.mode ?? 0) & 0o7777;
}

/** What is wrong with the container's devices. */
function devicesIn({ command }: Container): string[] {
	return Object.entries(DEVICES).flatMap(([name, [major, minor]]) => {
		const path = `/proc/${command.pid}/root/dev/${name}`;
		const stats = look(path);
		if (!stats) return `it has no /dev/${name}`;
		if (!stats.isCharacterDevice()) return `its /dev/${name} is no device`;
		const numbers = [Math.floor(stats.rdev / 256), stats.rdev % 256];
		if (numbers[0] !== major || numbers[1] !== minor)
			return `its /dev/${name} is device ${numbers.join(", ")}, and not ${major}, ${minor}`;
		if ((stats.mode & 0o666) !== 0o666)
			return `its /dev/${name} has the mode ${(stats.mode & 0o777).toString(8)}: it is not for everybody`;
		// Without a terminal of its own, the grader can't open tty.
		if (name !== "tty" && !opens(path))
			return `its /dev/${name} can't be opened`;
		return [];
	});
}

/** Opens for reading and writing, as a program inside would. The mount's flags count there and here. */
function opens(path: string): boolean {
	try {
		closeSync(openSync(path, constants.O_RDWR | constants.O_NOCTTY));
		return true;
	} catch {
		return false;
	}
}

function isReadOnly({ line }: Mount): boolean {
	const [mount = "", superblock = ""] = line.split(" - ");
	const options = [mount.split(" ")[5], superblock.split(" ").at(-1)];
	return options.some((it) => it?.split(",").includes("ro"));
}

/** Whether the mount lets root write to a path, or to a file in it. */
function isWritable(path: string): boolean {
	try {
		accessSync(path, constants.W_OK);
		return true;
	} catch {
		return false;
	}
}

/** Whether there is anything to be read at a path. */
function shows(path: string): boolean {
	const stats = look(path);
	if (!stats) return false;
	if (stats.isDirectory()) return readdirSync(path).length > 0;
	return !stats.isCharacterDevice();
}

function look(path: string): Stats | undefined {
	try {
		return lstatSync(path).isSymbolicLink() ? undefined : statSync(path);
	} catch {
		return undefined;
	}
}
